import { expect, test } from 'vitest'
import type { NeuronId } from '../core/network/anatomy.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { GraphPerceptron } from '../core/network/parameters.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { warningsOf } from './warnings.js'

/** Two inputs, three outputs and a hidden neuron; only some synapses are open, as [sender, receiver]. */
const network = (...open: readonly (readonly [number, number])[]): GraphPerceptron<NdArray> => {
  const matrix = (rows: number, columns: number, of: (i: number) => number): NdArray => ({
    shape: [rows, columns],
    data: Float64Array.from(range(rows * columns), of)
  })
  const at = open.map(([from, to]) => from * 4 + to)
  return {
    facts: { inputs: 2, outputs: 3, hidden: [0 as NeuronId], bornAt: [0], births: 1, quiet: 0 },
    parameters: {
      weights: matrix(3, 4, () => 1),
      synapses: matrix(3, 4, i => (at.includes(i) ? 1 : -1)),
      neurons: matrix(1, 1, () => 1),
      biases: matrix(1, 4, () => 0),
      scale: matrix(1, 1, () => 1),
      shift: matrix(1, 1, () => 0)
    },
    buffers: { wiring: matrix(3, 4, () => 1), mean: matrix(2, 1, () => 0), variance: matrix(2, 1, () => 1) }
  }
}
const warnings = (kind: 'classes' | 'numbers', ...open: readonly (readonly [number, number])[]): readonly string[] =>
  warningsOf(network(...open), defaults, { kind, outputs: ['a', 'b', 'c'] })

test('a network whose outputs are all reached, by way of a hidden neuron, is warned of nothing', () => {
  expect(warnings('numbers', [0, 0], [1, 1], [0, 3], [2, 2])).toEqual([])
})
test('an output that nothing reaches is named; of classes one may be none', () => {
  const said = (names: string): unknown => expect.stringContaining(`no synapse reaches ${names}: `)
  expect(warnings('numbers', [0, 0], [0, 3], [2, 2])).toEqual([said('b')])
  expect(warnings('classes', [0, 0], [0, 3], [2, 2])).toEqual([])
  expect(warnings('classes', [0, 3], [2, 2])).toEqual([said('a, b')])
  expect(warnings('classes')).toEqual([said('a, b, c')])
})
test('no hidden neuron left is told, unless none was allowed, or none was born yet when it won', () => {
  const linear = [0, 1, 2].map(to => [0, to] as const)
  expect(warnings('numbers', ...linear)).toEqual([expect.stringContaining('no hidden neuron is left')])
  const { facts, ...rest } = network(...linear)
  const unborn = { facts: { ...facts, births: 0 }, ...rest }
  expect(warningsOf(unborn, defaults, { kind: 'numbers', outputs: ['a', 'b', 'c'] })).toEqual([])
  const none = { ...defaults, maxHidden: 0 }
  expect(warningsOf(network(...linear), none, { kind: 'numbers', outputs: ['a', 'b', 'c'] })).toEqual([])
})
