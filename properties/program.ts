/** Laws of programs: they are the networks that they were made of, and nothing that they leave out was of effect. */
import * as fc from 'fast-check'
import { evaluate } from '../core/learning/trainable.js'
import { mapTensors, restore, snapshot, tensors } from '../core/learning/state.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { GraphPerceptron } from '../core/network/parameters.js'
import { openSynapses } from '../core/network/topology.js'
import type { Backend } from '../core/port/backend.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { EPSILON } from '../core/port/normalisation.js'
import { activated } from '../core/port/scalars.js'
import type { Scaling } from '../data/matrix.js'
import { compute } from '../exports/compute.js'
import type { Folding, TrainedNetwork } from '../exports/make-program.js'
import { programOf } from '../exports/make-program.js'
import { downloaded, ensure } from './compare.js'
import { buildCase, networkCases } from './network-case.js'
import { thinned } from './topology.js'

/** A network as it might have been trained, with names and scalings made up. */
const trained = (
  model: GraphPerceptron<NdArray>,
  hyperparameters: Hyperparameters,
  features: Scaling
): TrainedNetwork => {
  const outputs = range(model.facts.outputs).map(j => `y${j}`)
  return {
    ...{ model, hyperparameters },
    features: features.offset.map((_, i) => `x${i}`),
    task: { kind: 'numbers', outputs },
    targets: outputs,
    preparation: { features }
  }
}

/** Units of inputs: means and deviations as tables have them; some columns never varied. */
const units: fc.Arbitrary<readonly (readonly [offset: number, factor: number])[]> = fc.array(
  fc.tuple(fc.integer({ min: -2000, max: 2000 }), fc.constantFrom(0, 0.01, 0.5, 1, 16)),
  { minLength: 5, maxLength: 5 }
)

/** The rows that are x once they are scaled; where a factor is 0, x is 0. */
const rowsOf = (x: NdArray, { offset, factor }: Scaling): NdArray => ({
  shape: x.shape,
  data: Float64Array.from(x.data, (v, k) => {
    const j = k % x.shape[1]
    const by = factor[j] as number
    return (offset[j] as number) + (by === 0 ? 0 : v / by)
  })
})

/** x where the units let it vary, 0 elsewhere. */
const varying = (x: NdArray, { factor }: Scaling): NdArray => ({
  shape: x.shape,
  data: x.data.map((v: number, k: number) => (factor[k % x.shape[1]] === 0 ? 0 : v))
})

const sizeOf = ({ data }: NdArray): number => Array.from(data).reduce((most, v) => Math.max(most, Math.abs(v)), 0)

const foldings: readonly Folding[] = range(8).map(k => ({
  inputs: (k & 1) !== 0,
  constants: (k & 2) !== 0,
  norms: (k & 4) !== 0
}))

/**
 * Whatever is folded, a program's outputs are those of the evaluated state, to `tolerance` of the largest output: for states
 * with a history, and for thin ones, whose neurons are partly constants and whose statistics differ from step to step.
 */
export const programIsNetwork = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(
    networkCases({ evaluationMasks: 'noiseless' }),
    fc.constantFrom(0, 0.2, 0.5),
    fc.nat(),
    units,
    async (networkCase, density, seed, drawn) => {
      const built = await buildCase(b, networkCase)
      const { engine: e, batch } = built
      const lived = await snapshot(b, built.state)
      const host = density === 0 ? lived : thinned(lived, density, seed)
      const { facts } = host.model
      const own = drawn.slice(0, facts.inputs)
      const scaling = { offset: own.map(([offset]) => offset), factor: own.map(([, factor]) => factor) }
      const x = varying(await b.download(batch.x), scaling)
      const s = restore(b, host)
      try {
        const z = await downloaded(b, () => evaluate(e)(s, b.constant(x)))
        for (const folding of foldings) {
          const program = programOf(trained(host.model, e.hyperparameters, scaling), folding)
          const made = compute(program, rowsOf(x, scaling))
          const far = z.data.findIndex((v, i) => Math.abs(v - (made.data[i] as number)) > tolerance * sizeOf(z))
          ensure(far < 0, `${JSON.stringify(folding)}: output ${far} is ${made.data[far]}, not ${z.data[far]}`)
        }
      } finally {
        b.release(tensors(s))
        built.release()
      }
    }
  )

/** The network of all open synapses, computed in Float64 as the equations say: each sum from its bias on, by sender. */
const allOpen = (model: GraphPerceptron<NdArray>, h: Hyperparameters, { shape, data }: NdArray): NdArray => {
  const { facts, parameters, buffers } = model
  const { inputs, outputs, hidden } = facts
  const incoming = range(outputs + hidden.length).map(to => openSynapses(model).filter(s => s.to === to))
  const act = (v: number): number => activated(h.activation, v)
  const z = range(shape[0]).flatMap(row => {
    let messages = [...data.subarray(row * inputs, (row + 1) * inputs), ...hidden.map(() => 0)]
    let out = range(outputs).map(() => 0)
    for (let step = 0; step < h.steps; step++) {
      if (step > 0 && !h.clampedInputs) messages = messages.map((m, i) => (i < inputs ? act(m) : m))
      const sums = incoming.map((synapses, to) =>
        synapses.reduce(
          (sum, { from, weight }) => sum + weight * (messages[from] as number),
          parameters.biases.data[to] as number
        )
      )
      out = out.map((before, j) => (sums[j] as number) + (h.outputEnhancement && step > 0 ? act(before) : 0))
      if (step === h.steps - 1) break
      const next = hidden.map((_, j) => {
        const s = sums[outputs + j] as number
        if (!h.batchNorm) return act(s)
        const at = step * hidden.length + j
        const scale = (parameters.scale.data[j] as number) / Math.sqrt((buffers.variance.data[at] as number) + EPSILON)
        return act(scale * s + ((parameters.shift.data[j] as number) - (buffers.mean.data[at] as number) * scale))
      })
      messages = [...messages.slice(0, inputs), ...next]
    }
    return out
  })
  return { shape: [shape[0], outputs], data: Float64Array.from(z) }
}

/** Leaving out what is not effective changes no output, to the last bit in Float64 (0 and -0 count as the same). */
export const pruningIsSilent = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(
    networkCases({ evaluationMasks: 'noiseless', initialHidden: 4, maxHidden: 7 }),
    fc.constantFrom(0.15, 0.3, 0.6),
    fc.nat(),
    async (networkCase, density, seed) => {
      const built = await buildCase(b, networkCase)
      try {
        const { model } = mapTensors(thinned(await snapshot(b, built.state), density, seed), ({ shape, data }) => ({
          shape,
          data: Float32Array.from(data) // as every other backend has them, and programs
        }))
        const { hyperparameters } = built.engine
        const plain = { offset: range(model.facts.inputs).map(() => 0), factor: range(model.facts.inputs).map(() => 1) }
        const x = await b.download(built.batch.x)
        const whole = allOpen(model, hyperparameters, x)
        const apart = { inputs: false, constants: false, norms: false }
        const z = compute(programOf(trained(model, hyperparameters, plain), apart), x)
        const other = z.data.findIndex((v, i) => v !== whole.data[i])
        ensure(other < 0, `output ${other} is ${z.data[other]}, not the very ${whole.data[other]}`)
      } finally {
        built.release()
      }
    }
  )
