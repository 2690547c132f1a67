import { expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import type { NeuronId } from '../core/network/anatomy.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { GraphPerceptron } from '../core/network/parameters.js'
import type { NdArray } from '../core/port/ndarray.js'
import { fitClassifier } from '../estimators/estimator.js'
import { compute } from './compute.js'
import type { TrainedNetwork } from './make-program.js'
import { programOf } from './make-program.js'
import { quantise } from './quantise.js'
import { identifierOf } from './writer.js'

const matrix = (rows: readonly (readonly number[])[]): NdArray => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Float32Array.from(rows.flat())
})

/** Two inputs, one output, hidden neurons 5 (fed by an input) and 7 (fed by nothing: a constant); L = 2, BatchNorm. */
const model: GraphPerceptron<NdArray> = {
  facts: { inputs: 2, outputs: 1, hidden: [5 as NeuronId, 7 as NeuronId], bornAt: [0, 0], births: 8, quiet: 0 },
  parameters: {
    weights: matrix([
      [0.5, 2, 0],
      [9, 9, 9],
      [4, 0, 0],
      [8, 0, 0]
    ]),
    synapses: matrix([
      [1, 1, -1],
      [-1, -1, -1],
      [1, -1, -1],
      [1, -1, -1]
    ]),
    biases: matrix([[0.25, 1, 3]]),
    neurons: matrix([[1, 1]]),
    scale: matrix([[3, 1]]),
    shift: matrix([[0.5, 2]])
  },
  buffers: {
    wiring: matrix([
      [1, 1, 1],
      [1, 1, 1],
      [1, 0, 1],
      [1, 1, 0]
    ]),
    mean: matrix([[1, 3]]),
    variance: matrix([[4 - 1e-5, 1 - 1e-5]])
  }
}

const net: TrainedNetwork = {
  model,
  hyperparameters: { ...defaults, steps: 2, activation: 'relu', batchNorm: true },
  features: ['a', 'b'],
  task: { kind: 'numbers', outputs: ['y'] },
  targets: ['y'],
  preparation: { features: { offset: [10, 0], factor: [0.5, 1] }, targets: { offset: [7], factor: [2] } }
}

// by hand: x = (a - 10) / 2; the first neuron's s = 1 + 2 x, BatchNorm (s - 1) 3 / 2 + 0.5 = 3 x + 0.5; the second's is
// (3 - 3) 1 + 2 = 2 in every row; z = 0.25 + 0.5 x + 4 relu(3 x + 0.5) + 8 * 2
test('constants, BatchNorm and standardisation are folded into weights and biases', () => {
  const program = programOf(net)
  expect(program).toMatchObject({
    inputs: [
      { name: 'a', offset: 0, factor: 1 },
      { name: 'b', offset: 0, factor: 1 }
    ],
    hidden: [{ id: 5 }],
    outputs: [{ name: 'y', offset: 7, factor: 2 }]
  })
  expect(program.hidden[0]).not.toHaveProperty('norms')
  expect(program.hidden[0]?.bias).toBeCloseTo(0.5 - 15, 5)
  expect(program.outputs[0]?.bias).toBeCloseTo(0.25 + 16 - 2.5, 5)
  expect(program.synapses.map(({ from, to }) => [from, to])).toEqual([
    [0, 2],
    [0, 3],
    [2, 3]
  ])
  ;[1.5, 0.25, 4].forEach((weight, k) => expect(program.synapses[k]?.weight).toBeCloseTo(weight, 5))
  const z = compute(program, { shape: [2, 2], data: Float64Array.of(12, 0, 8, -3) })
  expect(z.data[0]).toBeCloseTo(0.25 + 0.5 + 4 * 3.5 + 16, 4)
  expect(z.data[1]).toBeCloseTo(0.25 - 0.5 + 16, 4)
})

test('what is not to be folded stays apart, with the numbers that it had', () => {
  const program = programOf(net, { inputs: false, constants: false, norms: false })
  expect(program.inputs[0]).toEqual({ name: 'a', offset: 10, factor: 0.5 })
  expect(program.hidden.map(({ id, bias }) => [id, bias])).toEqual([
    [5, 1],
    [7, 3]
  ])
  expect(program.hidden[0]?.norms?.[0]?.scale).toBeCloseTo(1.5, 6)
  expect(program.hidden[0]?.norms?.[0]?.shift).toBeCloseTo(-1, 6)
  expect(program.synapses.map(s => s.weight)).toEqual([2, 0.5, 4, 8])
})

test('units so large that Float32 cannot hold what is folded stay apart', () => {
  const far = { ...net, preparation: { features: { offset: [2e6, 0], factor: [50, 1] } } }
  expect(programOf(far).inputs[0]).toEqual({ name: 'a', offset: 2e6, factor: 50 })
})

test('a trained classifier is its program, and one of 8 bits nearly so', async () => {
  const x = Array.from({ length: 80 }, (_, i) => [Math.sin(i), Math.cos(3 * i), 100 + (i % 7)])
  const y = x.map(([a = 0, b = 0]) => (a * b > 0 ? 'same' : 'other'))
  const classifier = await fitClassifier(x, y, { backend: reference(), epochs: 120, seed: 3 })
  const { state, hyperparameters, preparation, task } = classifier.stored
  const names = ['a', 'b', 'c']
  const trained = { model: state.model, hyperparameters, features: names, task, targets: ['y'], preparation }
  const program = programOf(trained)
  const rows = { shape: [80, 3] as const, data: Float64Array.from(x.flat()) }
  const winner = (z: NdArray, i: number): string =>
    task.outputs[(z.data[2 * i] as number) >= (z.data[2 * i + 1] as number) ? 0 : 1] as string
  const z = compute(program, rows)
  expect(x.map((_, i) => winner(z, i))).toEqual(await classifier.predict(x))
  const eight = compute(quantise(programOf(trained, { inputs: false }), 'int8').program, rows)
  const same = x.filter((_, i) => winner(eight, i) === winner(z, i)).length
  expect(same).toBeGreaterThan(76)
  classifier.close()
})

test('answers that are drawn anew each time have no program', () => {
  const sampled = { ...net, hyperparameters: { ...net.hyperparameters, evaluationMasks: 'sampled' as const } }
  expect(() => programOf(sampled)).toThrow(/sampled anew/)
})

test('names become identifiers', () => {
  expect(['9 lives', '', 'a*/b', 'digits-swift-s1'].map(identifierOf)).toEqual([
    'network_9_lives',
    'network',
    'a_b',
    'digits_swift_s1'
  ])
})
