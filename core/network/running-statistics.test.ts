/** BatchNorm's running statistics, against plain arithmetic. */
import { expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { none } from '../../rules/index.js'
import { batchOf } from '../learning/batches.js'
import { restore, snapshot } from '../learning/state.js'
import { evaluate, stateOf, step } from '../learning/trainable.js'
import { engine } from '../life/engine.js'
import { range, tabulate } from '../port/ndarray.js'
import { anatomyOf, born } from './anatomy.js'
import { defaults } from './hyperparameters.js'
import type { Perceptron } from './parameters.js'

// x -> 0 -> 1 -> output, and x -> output: one input, one output, two hidden neurons, three steps
const weight = [0.7, 2, 0, 0, 0, 3, 5, 0, 0] // rows x, 0, 1; columns output, 0, 1
const bias = [0, 0.3, -0.2]
const [scale, shift] = [
  [1.5, -0.5],
  [0.25, 0.75]
]
const mean = [
  [0.4, -0.3],
  [1.1, 0.8]
]
const variance = [
  [2, 0.5],
  [0.3, 1.7]
]
const xs = [0.5, -1.25, 2, 3.5, -0.75]
const EPSILON = 1e-5

const b = reference()
const made = () => {
  const h = { ...defaults, activation: 'tanh', batchNorm: true, initialHidden: 2, maxHidden: 2 } as const
  const e = engine(b, h, none)
  const model = {
    facts: born(anatomyOf(1, 1), 2, 0),
    parameters: {
      weights: tabulate([3, 3], (i, j) => weight[3 * i + j]!),
      // far above any noise, or far below
      synapses: tabulate([3, 3], (i, j) => (weight[3 * i + j] === 0 ? -20 : 20)),
      biases: tabulate([1, 3], (_, j) => bias[j]!),
      neurons: tabulate([1, 2], () => 20),
      scale: tabulate([1, 2], (_, j) => scale[j]!),
      shift: tabulate([1, 2], (_, j) => shift[j]!)
    },
    buffers: {
      wiring: tabulate([3, 3], () => 1),
      mean: tabulate([2, 2], (l, j) => mean[l]![j]!),
      variance: tabulate([2, 2], (l, j) => variance[l]![j]!)
    }
  }
  return { e, state: restore(b, stateOf<Perceptron>(e, model, 1)) }
}

const close = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length)
  expected.forEach((v, i) => expect(actual[i]).toBeCloseTo(v, 6)) // parameters are Float32
}

test('an evaluation normalises each step by its own running mean and variance', async () => {
  const { e, state } = made()
  const normal = (h: number, l: number, j: number): number =>
    ((h - mean[l]![j]!) / Math.sqrt(variance[l]![j]! + EPSILON)) * scale[j]! + shift[j]!
  const expected = xs.map(x => {
    const first = Math.tanh(normal(2 * x + 0.3, 0, 0)) // neuron 0 after step 0
    const second = Math.tanh(normal(3 * first - 0.2, 1, 1)) // neuron 1 after step 1
    return 0.7 * x + 5 * second
  })
  const z = evaluate(e)(state, b.constant(tabulate([5, 1], i => xs[i]!)))
  close((await b.download(z)).data, expected)
})

test('an update moves them by a tenth to mean and biased variance of its batch, whatever its weights', async () => {
  const { e, state } = made()
  // the values that are normalised, neuron by neuron, and their messages, step by step
  let sent = xs.map(() => [0, 0])
  const statistics = range(2).map(() => {
    const values = [xs.map(x => 2 * x + 0.3), sent.map(([first]) => 3 * first! - 0.2)]
    const moments = values.map(v => {
      const m = v.reduce((p, q) => p + q, 0) / 5
      return { mean: m, variance: v.reduce((p, q) => p + (q - m) ** 2, 0) / 5 }
    })
    sent = xs.map((_, i) =>
      values.map((v, j) => {
        const { mean: m, variance: s } = moments[j]!
        return Math.tanh(((v[i]! - m) / Math.sqrt(s + EPSILON)) * scale[j]! + shift[j]!)
      })
    )
    return moments
  })
  const samples = {
    x: b.constant(tabulate([5, 1], i => xs[i]!)),
    y: b.constant(tabulate([5, 1], i => i)),
    weights: [1, 5, 1, 2, 0]
  }
  const next = await snapshot(b, step(e)(state, batchOf(b, samples, range(5))).state)
  const after = (before: readonly (readonly number[])[], of: 'mean' | 'variance'): readonly number[] =>
    before.flatMap((row, l) => row.map((v, j) => 0.9 * v + 0.1 * statistics[l]![j]![of]))
  close(next.model.buffers.mean.data, after(mean, 'mean'))
  close(next.model.buffers.variance.data, after(variance, 'variance'))
})
