/** Path weights and strongest paths, against all paths walked one by one and against the trained network's path strength. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { snapshot } from '../../core/learning/state.js'
import { pathStrengths } from '../../core/network/path-strength.js'
import { range } from '../../core/port/ndarray.js'
import { buildCase, networkCases } from '../../properties/network-case.js'
import { programCases } from '../../properties/program-cases.js'
import { thinned } from '../../properties/topology.js'
import type { TrainedNetwork } from '../make-program.js'
import { programOf } from '../make-program.js'
import { pathWeights } from './path-weights.js'
import type { Program } from '../program.js'
import type { Path } from './strongest-paths.js'
import { strongestPaths } from './strongest-paths.js'

/** All paths from a neuron to an output that end in the last step, the first of their synapses read in that step. */
const walked = (p: Program, from: number, step: number): readonly Path[] => {
  const [first, firstOutput] = [p.inputs.length, p.inputs.length + p.hidden.length]
  return p.synapses
    .filter(s => s.from === from && s.to >= firstOutput === (step === p.steps))
    .flatMap(({ to, weight }): readonly Path[] => {
      if (step === p.steps) return [{ neurons: [from, to], weights: [weight], product: weight }]
      const gain = weight * (p.hidden[to - first]!.norms?.[step - 1]?.scale ?? 1)
      return walked(p, to, step + 1).map(({ neurons, weights, product }) => ({
        neurons: [from, ...neurons],
        weights: [gain, ...weights],
        product: gain * product
      }))
    })
}

const allPaths = (p: Program, input: number): readonly Path[] => range(p.steps).flatMap(k => walked(p, input, k + 1))

test('path weights are the sums over all paths of at most L synapses of the products of |weights|, output by output', () => {
  fc.assert(
    fc.property(programCases(), ({ program }) => {
      const { shape, data } = pathWeights(program)
      expect(shape).toEqual([program.inputs.length, program.outputs.length])
      const firstOutput = program.inputs.length + program.hidden.length
      Array.from(data, (found, k) => {
        const to = firstOutput + (k % program.outputs.length)
        const paths = allPaths(program, Math.floor(k / program.outputs.length)).filter(p => p.neurons.at(-1) === to)
        const sum = paths.reduce((s, { product }) => s + Math.abs(product), 0)
        expect(Math.abs(found - sum)).toBeLessThanOrEqual(1e-12 * sum)
      })
    })
  )
})

test('path weights of a trained network add up to its path strength, and are the same with BatchNorm folded or apart', async () => {
  const b = reference()
  await fc.assert(
    fc.asyncProperty(networkCases({ evaluationMasks: 'noiseless' }), fc.nat(), async (networkCase, seed) => {
      const built = await buildCase(b, networkCase)
      const { hyperparameters: h } = built.engine
      const { model } = thinned(await snapshot(b, built.state), 0.5, seed)
      built.release()
      const ones = (value: number): readonly number[] => range(model.facts.inputs).map(() => value)
      const outputs = range(model.facts.outputs).map(j => `y${j}`)
      const net: TrainedNetwork = {
        ...{ model, hyperparameters: h, features: ones(0).map((_, i) => `x${i}`), targets: outputs },
        task: { kind: 'numbers', outputs },
        preparation: { features: { offset: ones(0), factor: ones(1) } }
      }
      const apart = pathWeights(programOf(net, { inputs: false, norms: false }))
      const folded = pathWeights(programOf(net, { inputs: false }))
      apart.data.forEach((v, k) => expect(Math.abs(v - folded.data[k]!)).toBeLessThanOrEqual(1e-5 * v))
      pathStrengths(model, h).forEach((strength, i) => {
        const own = apart.data.subarray(i * outputs.length, (i + 1) * outputs.length)
        const sum = Array.from(own).reduce((s, v) => s + v, 0)
        expect(Math.abs(sum - strength)).toBeLessThanOrEqual(1e-6 * strength)
      })
    })
  )
})

test('the strongest paths are those of all paths, the strongest first', () => {
  let several = 0
  fc.assert(
    fc.property(programCases({ density: 0.6 }), fc.constantFrom(1, 3, 10), fc.nat(), ({ program }, most, pick) => {
      const to = pick % program.outputs.length
      const last = program.inputs.length + program.hidden.length + to
      const from = range(program.inputs.length).filter(i => i === 0 || pick % 2 === 0)
      const found = strongestPaths(program, { from, to: [to], most })
      const all = from
        .flatMap(i => allPaths(program, i))
        .filter(path => path.neurons.at(-1) === last)
        .toSorted((a, b) => Math.abs(b.product) - Math.abs(a.product))
      expect(found.map(path => path.product)).toEqual(all.slice(0, most).map(path => path.product))
      // where no two are equally strong they are the very same
      if (new Set(all.map(path => Math.abs(path.product))).size === all.length)
        expect(found).toEqual(all.slice(0, most))
      several += Number(found.length > 1)
    })
  )
  expect(several).toBeGreaterThan(30)
})

/** a -> z directly and by h, which may hear itself; L = 3. */
const small: Program = {
  ...{ steps: 3, activation: 'relu', clampedInputs: true, outputLoops: false, kind: 'classes', targets: ['y'] },
  inputs: ['a', 'b'].map(name => ({ name, offset: 0, factor: 1 })),
  hidden: [{ id: 7, bias: 0 }],
  outputs: [{ name: 'z', bias: 0, offset: 0, factor: 1 }],
  synapses: [
    { from: 0, to: 2, weight: -2 },
    { from: 2, to: 2, weight: 3 },
    { from: 0, to: 3, weight: 0.5 },
    { from: 2, to: 3, weight: 4 }
  ]
}

test('by hand: a loop counts once more, an input without synapses has no path', () => {
  expect(strongestPaths(small, { from: [0, 1], to: [0], most: 5 })).toEqual([
    { neurons: [0, 2, 2, 3], weights: [-2, 3, 4], product: -24 },
    { neurons: [0, 2, 3], weights: [-2, 4], product: -8 },
    { neurons: [0, 3], weights: [0.5], product: 0.5 }
  ])
  expect(strongestPaths(small, { from: [1], to: [0], most: 5 })).toEqual([])
  expect(Array.from(pathWeights(small).data)).toEqual([32.5, 0])
})

test('of equally strong paths the shorter comes first', () => {
  const even = { ...small, synapses: small.synapses.map(s => ({ ...s, weight: Math.sign(s.weight) })) }
  expect(strongestPaths(even, { from: [0], to: [0], most: 2 }).map(path => path.neurons)).toEqual([
    [0, 3],
    [0, 2, 3]
  ])
})
