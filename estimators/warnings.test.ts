import { expect, test } from 'vitest'
import type { NeuronId } from '../core/network/anatomy.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { GraphPerceptron } from '../core/network/parameters.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { demandOf, warningsOf } from './warnings.js'

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
  const said = (names: string): unknown => expect.stringContaining(`no input reaches ${names}: `)
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
test('what was asked for is that of the stage that a network is in, or of that before it settled', () => {
  const stages = [
    { name: 'life', epochs: 9 },
    { name: 'prune', epochs: 9, synapses: 9 },
    { name: 'consolidate', epochs: 9 },
    { name: 'shrink', epochs: 9 },
    { name: 'thin', epochs: 9 }
  ]
  const at = (index: number): unknown => demandOf(stages, { index, epoch: 1, synapses: 40 })
  expect([0, 1, 2, 3, 4].map(at)).toEqual([
    undefined,
    { synapses: 9, before: 40 },
    { synapses: 9, before: undefined },
    { synapses: 0, before: 40 },
    undefined
  ])
  expect(demandOf(stages, null)).toBeUndefined()
})
test('fewer synapses than were asked for are told; where they were asked for, more of them help, not epochs', () => {
  const told = (synapses: number, before?: number): readonly string[] =>
    warningsOf(network([0, 3], [2, 2]), defaults, { kind: 'numbers', outputs: ['a', 'b', 'c'] }, { synapses, before })
  expect(told(9, 5)[0]).toMatch(
    /^2 synapses are left, 9 were asked for: there were 5 when the pruning began; more epochs/
  )
  expect(told(9)[0]).toMatch(/^2 synapses are left, 9 were asked for; more epochs/) // of how many nobody knows
  expect(told(9).slice(1)).toEqual([expect.stringContaining('more epochs may help')])
  expect(told(2)).toEqual([expect.stringMatching(/^no input reaches a, b: .*; more synapses may help$/)])
})
test('a hidden neuron that no input reaches sends a constant: it reaches no output, and is none that is left', () => {
  const { parameters, ...rest } = network([0, 0], [2, 1], [2, 2])
  const biases: NdArray = { shape: [1, 4], data: Float64Array.of(0, 0, 0, 1) }
  const biased = { ...rest, parameters: { ...parameters, biases } }
  const said = warningsOf(biased, defaults, { kind: 'numbers', outputs: ['a', 'b', 'c'] })
  expect(said).toEqual([
    expect.stringContaining('no input reaches b, c: '),
    expect.stringContaining('no hidden neuron is left')
  ])
})
test('numbers that their mean answers better are told', () => {
  const all = network([0, 0], [1, 1], [0, 3], [2, 2])
  const said = (r2: number, mean: number): readonly string[] =>
    warningsOf(all, defaults, { kind: 'numbers', outputs: ['a', 'b', 'c'] }, undefined, { r2, mean })
  // the mean itself, but for rounding, is no worse than the mean
  expect([said(-0.016, -0.016), said(0.5, -0.1), said(-70.1753404781, -70.17534)]).toEqual([[], [], []])
  expect(said(-1.1834, -0.0163)).toEqual([
    expect.stringMatching(/^the mean of the training rows answers .* better: R2 -0.0163, not -1.18; /)
  ])
})
