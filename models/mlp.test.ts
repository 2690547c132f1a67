import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { simd } from '../backends/simd.js'
import { adam } from '../core/learning/adam.js'
import { gradients } from '../core/learning/gradients.js'
import { initialState } from '../core/learning/initial-state.js'
import { onHost } from '../core/life/closing.js'
import { engine } from '../core/life/engine.js'
import type { Life } from '../core/life/life.js'
import { removeDying } from '../core/life/birth-and-death.js'
import { receivers } from '../core/network/anatomy.js'
import { graphPerceptron } from '../core/network/graph-perceptron.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import { initialPerceptron } from '../core/network/initial-perceptron.js'
import { mapNamed, namesOf } from '../core/network/model.js'
import type { GraphPerceptron } from '../core/network/parameters.js'
import type { Backend } from '../core/port/backend.js'
import { activationNames } from '../core/port/activation.js'
import { FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { uniform } from '../core/port/random.js'
import { near } from '../properties/compare.js'
import { amount } from '../properties/fixed-seed.js'
import { holds } from '../properties/laws.js'
import { layerIsDerivative, uploaded } from '../properties/layers.js'
import { none } from '../rules/rule.js'
import type { Layers } from './layered.js'
import { layered } from './layered.js'
import { mlp } from './mlp.js'
import { modelNamed } from './rivals.js'

const judge = reference()
const RUNS = Math.ceil(amount('LAW_RUNS') / 5)

interface Mlp extends Layers {
  readonly inputs: number
  readonly outputs: number
  readonly rows: number
  readonly seed: number
  readonly dying: readonly number[]
  readonly hyperparameters: Partial<Hyperparameters>
}

const mlps: fc.Arbitrary<Mlp> = fc.record({
  layers: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 4 }),
  inputs: fc.integer({ min: 1, max: 4 }),
  outputs: fc.integer({ min: 1, max: 3 }),
  rows: fc.integer({ min: 2, max: 6 }),
  seed: fc.nat(1e6),
  dying: fc.array(fc.nat(15), { maxLength: 4 }),
  hyperparameters: fc.record({
    activation: fc.constantFrom(...activationNames.filter(name => name !== 'relu')),
    batchNorm: fc.boolean(),
    outputBias: fc.boolean(),
    clampedInputs: fc.boolean(),
    dropout: fc.constantFrom(0, 0.3),
    inputDropout: fc.constantFrom('pass', 'step'),
    hiddenDropout: fc.constantFrom('pass', 'step'),
    weightDecay: fc.constantFrom(0, 0.01)
  })
})

const lifeOf = <T>(b: Backend<T>, { hyperparameters, ...shape }: Mlp): Life<T> => {
  const h = {
    ...defaults,
    ...modelNamed({ name: 'mlp', layers: shape.layers, width: shape.width }).demands,
    ...hyperparameters
  }
  return { backend: b, hyperparameters: h, rule: none, optimiser: adam(), wiring: layered(shape) }
}

const drawn = (seed: number, kind: number, [rows, columns]: readonly [number, number], size: number): NdArray => ({
  shape: [rows, columns],
  data: Float64Array.from(uniform([seed, kind], range(rows), range(columns), size))
})

/** An MLP with values away from their start: some neurons dead, some synapses too, some masks closed. */
const modelOf = async <T>(life: Life<T>, m: Mlp): Promise<GraphPerceptron<NdArray>> => {
  const b = life.backend
  const begun = mlp(life, m).initial(m.seed, m.inputs, m.outputs)
  const wired = begun.buffers.wiring.data.map((v, k) => (v !== 0 && (k * 7 + m.seed) % 5 !== 0 ? 1 : 0))
  const onWiring = (a: NdArray, of: (k: number) => number): NdArray => ({
    shape: a.shape,
    data: Float64Array.from(wired, (v, k) => v * of(k))
  })
  const { parameters: p, buffers } = begun
  const odd = (kind: number, a: NdArray, size: number, centre: number): NdArray => {
    const noise = drawn(m.seed, kind, a.shape, size)
    return { ...noise, data: noise.data.map(v => v + centre) }
  }
  const model: GraphPerceptron<NdArray> = {
    facts: begun.facts,
    parameters: {
      weights: onWiring(p.weights, k => p.weights.data[k] as number),
      synapses: onWiring(p.synapses, k => ((k + m.seed) % 6 === 0 ? -1 : 1)),
      biases: m.hyperparameters.outputBias === true ? odd(1, p.biases, 1, 0) : p.biases,
      neurons: odd(2, p.neurons, 1, 0.6),
      scale: odd(3, p.scale, 0.5, 1),
      shift: odd(4, p.shift, 0.5, 0)
    },
    buffers: {
      wiring: onWiring(buffers.wiring, () => 1),
      mean: odd(5, buffers.mean, 1, 0),
      variance: odd(6, buffers.variance, 0.4, 1)
    }
  }
  const dying = new Set(model.facts.hidden.filter(id => m.dying.includes(id)))
  const moments = mapNamed(model.parameters, (): readonly T[] => [])
  return onHost(b, removeDying(b)({ model: uploaded(b, model), moments }, dying).model)
}

const compared = async <T>(b: Backend<T>, m: Mlp, tolerance: number): Promise<void> => {
  const life = lifeOf(b, m)
  const [wave, graph] = [mlp(life, m), graphPerceptron(life, layered(m))]
  const host = await modelOf(life, m)
  const model = uploaded(b, host) as GraphPerceptron<T>
  const at = { seed: m.seed, epoch: 2, updates: 5 }
  const [x, y] = [
    drawn(m.seed, 7, [m.rows, m.inputs], 2),
    tabulate([m.rows, m.outputs], (i, j) => (i % m.outputs === j ? 1 : 0))
  ]
  const rows = range(m.rows)
  const weights = tabulate([m.rows, 1], () => 1 / m.rows)
  const batch = { x: b.constant(x), y: b.constant(y), weights: b.constant(weights), rows, own: [] }
  const [one, other] = [gradients(life, wave, model, at, batch), gradients(life, graph, model, at, batch)]
  near('loss', await b.download(one.losses.task), await b.download(other.losses.task), tolerance)
  for (const name of namesOf(one.gradient))
    near(`gradient of ${name}`, await b.download(one.gradient[name]), await b.download(other.gradient[name]), tolerance)
  // running statistics agree where a neuron is read: those of a layer after the step of its own
  for (const name of ['mean', 'variance'] as const) {
    const [got, wanted] = [await b.download(one.buffers[name]), await b.download(other.buffers[name])]
    host.facts.hidden.forEach((id, i) => {
      const k = Math.floor(id / m.width) * host.facts.hidden.length + i
      const entry = ({ data }: NdArray): NdArray => ({ shape: [1, 1], data: Float64Array.of(data[k] as number) })
      near(`running ${name}`, entry(got), entry(wanted), tolerance)
    })
  }
  const outputs = (layer: typeof wave | typeof graph): Promise<NdArray> =>
    b.download(layer.evaluation(model, at).compile().outputs(batch.x))
  near('answers', await outputs(wave), await outputs(graph), tolerance)
  const counts = (layer: typeof wave | typeof graph): Promise<NdArray> =>
    b.download(layer.evaluation(model, at).counts())
  expect((await counts(wave)).data).toEqual((await counts(graph)).data)
}

describe('an MLP as a wave is the graph perceptron of the layered wiring: loss, gradients, statistics, answers', () => {
  test('on the reference', () =>
    holds(
      fc.asyncProperty(mlps, m => compared(reference(), m, 1e-9)),
      RUNS
    ))

  test('on simd', async () => {
    const b = await simd()
    await holds(
      fc.asyncProperty(mlps, m => compared(b, m, 2e-3)),
      Math.ceil(RUNS / 2)
    )
    b.close()
  })
})

test('its backward is the derivative of its forward', () =>
  fc.assert(
    layerIsDerivative(
      judge,
      mlps.map(m => async () => {
        const life = lifeOf(judge, { ...m, hyperparameters: { ...m.hyperparameters, batchNorm: false } })
        const model = await modelOf(life, m)
        const fixed = m.hyperparameters.outputBias === true ? [] : ['biases']
        return {
          layer: mlp(life, m),
          model,
          x: drawn(m.seed, 7, [m.rows, m.inputs], 2),
          at: { seed: m.seed, epoch: 2, updates: 5 },
          straightThrough: ['synapses', 'neurons', ...fixed]
        }
      })
    ),
    { numRuns: RUNS }
  ))

test('each matrix begins as wide as Glorot wants it, biases at 0, nothing elsewhere', () => {
  const { open, demands } = modelNamed({ name: 'mlp', layers: 2, width: 40 })
  const e = open(reference(), { ...defaults, ...demands }, none, {})
  const { facts, parameters, buffers } = initialState(e, 30, 5, 3).model
  const columns = receivers(facts)
  const largest = (r: readonly [number, number], c: readonly [number, number]): number => {
    let most = 0
    for (let i = r[0]; i < r[1]; i++)
      for (let j = c[0]; j < c[1]; j++)
        most = Math.max(most, Math.abs(parameters.weights.data[i * columns + j] as number))
    return most
  }
  for (const [rows, cols, bound] of [
    [[0, 30], [5, 45], Math.sqrt(6 / 70)],
    [[30, 70], [45, 85], Math.sqrt(6 / 80)],
    [[70, 110], [0, 5], Math.sqrt(6 / 45)]
  ] as const) {
    expect(largest(rows, cols)).toBeLessThanOrEqual(bound)
    expect(largest(rows, cols)).toBeGreaterThan(0.95 * bound)
  }
  expect(Array.from(buffers.wiring.data).reduce((p, q) => p + q, 0)).toBe(30 * 40 + 40 * 40 + 40 * 5)
  Array.from(parameters.weights.data).forEach((w, k) => {
    if (buffers.wiring.data[k] === 0) expect(w).toBe(0)
  })
  expect(Array.from(parameters.biases.data).every(v => v === 0)).toBe(true)
  const all = initialPerceptron({ ...defaults, ...demands }, layered({ layers: 2, width: 40 }), 30, 5, 3)
  expect(parameters.synapses).toEqual(all.parameters.synapses)
})

test('a dense graph perceptron begins as wide as its one matrix, and a softmax regression as its own', () => {
  const b = reference()
  const wide = (choice: Parameters<typeof modelNamed>[0]): number => {
    const { open, demands } = modelNamed(choice)
    const { weights } = initialState(open(b, { ...defaults, ...demands }, none, {}), 30, 5, 3).model.parameters
    return Array.from(weights.data).reduce((p, q) => Math.max(p, Math.abs(q)), 0)
  }
  const dense = Math.sqrt(6 / (30 + 20 + 20 + 5))
  expect(wide({ name: 'dense', hidden: 20 }) / dense).toBeCloseTo(1, 1)
  expect(wide({ name: 'dense', hidden: 20 })).toBeLessThanOrEqual(dense)
  expect(wide({ name: 'softmax' }) / Math.sqrt(6 / 35)).toBeCloseTo(1, 1)
})

test('of four hidden layers, an update multiplies what its five matrices cost', () => {
  const b = reference()
  let products = 0
  const counted: typeof b = {
    ...b,
    kernels: {
      ...b.kernels,
      linear: (p, q, also = {}) => {
        const [[m, n], [k, l]] = [b.shape(p), b.shape(q)]
        const inner = also.transposed === 'a' ? m : n
        products += inner * (also.transposed === 'a' ? n : m) * (also.transposed === 'b' ? k : l)
        return b.constant({
          shape: [also.transposed === 'a' ? n : m, also.transposed === 'b' ? k : l],
          data: new Float32Array((also.transposed === 'a' ? n : m) * (also.transposed === 'b' ? k : l))
        })
      }
    }
  }
  const shape = { layers: 4, width: 64 }
  const h = { ...defaults, ...modelNamed({ name: 'mlp', ...shape }).demands }
  const life = { backend: counted, hyperparameters: h, rule: none, optimiser: adam(), wiring: layered(shape) }
  const layer = mlp(life, shape)
  const model = uploaded(b, layer.initial(1, 180, 10)) as GraphPerceptron<ReturnType<typeof b.constant>>
  const rows = range(2)
  const at = { seed: 1, epoch: 0, updates: 0 }
  const sampled = layer.sample(model, at)
  const { y, residuals } = layer.forward(sampled, b.constant(drawn(1, 1, [2, 180], 1)), rows)
  layer.backward(sampled, residuals, y, false, undefined)
  const matrices = 180 * 64 + 3 * 64 * 64 + 64 * 10
  expect(products).toBe(2 * (3 * matrices - 180 * 64))
})

test.each<readonly [Partial<Hyperparameters>, string]>([
  [{ steps: 4 }, 'mlp: 2 hidden layers take 3 steps, not 4'],
  [{ outputEnhancement: true }, 'mlp: its outputs do not feed themselves'],
  [{ trainingMasks: 'sampled' }, 'mlp: its masks are not sampled'],
  [{ evaluationMasks: 'sampled' }, 'mlp: its masks are not sampled']
])('a wave of %j is refused', (wrong, said) => {
  const { open, demands } = modelNamed({ name: 'mlp', layers: 2, width: 3 })
  const made = (): unknown => open(reference(), { ...defaults, ...demands, ...wrong }, none, {})
  expect(made).toThrow(FailureError)
  expect(made).toThrow(said)
  expect(() => engine(reference(), { ...defaults, ...demands, ...wrong }, none)).not.toThrow()
})
