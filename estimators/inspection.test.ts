/** What a look inside a program shows, against one whose numbers are known by hand. */
import { expect, test } from 'vitest'
import type { Program } from '../exports/program.js'
import type { Importance } from './importance.js'
import { inspectionOf } from './inspection.js'

/** colour (two words) and size; red -> yes by neuron 4 and directly, blue -> no, size -> no; old leads nowhere. */
const program: Program = {
  ...{ steps: 2, activation: 'relu', clampedInputs: true, outputLoops: false, kind: 'classes', targets: ['ok'] },
  inputs: ['colour=red', 'colour=blue', 'size', 'old'].map(name => ({ name, offset: 0, factor: 1 })),
  hidden: [{ id: 4, bias: 1 }],
  outputs: ['no', 'yes'].map(name => ({ name, bias: 0, offset: 0, factor: 1 })),
  synapses: [
    { from: 0, to: 4, weight: -2 },
    { from: 1, to: 5, weight: 1 },
    { from: 2, to: 5, weight: -8 },
    { from: 0, to: 6, weight: 1 },
    { from: 4, to: 6, weight: 3 }
  ]
}
const groups = [
  { name: 'old', columns: [3] },
  { name: 'colour', columns: [0, 1] },
  { name: 'size', columns: [2] }
]
const permuted: Importance = {
  inputs: [
    { ...groups[0]!, strength: 0, used: false },
    { ...groups[1]!, drop: { mean: -0.125, deviation: 0.0625 }, strength: 0.5, used: true },
    { ...groups[2]!, drop: { mean: 0.25, deviation: 0.125 }, strength: 0.5, used: true }
  ],
  ...{ metric: 'f1Micro', score: 0.9, repeats: 5, part: 'validation', rows: 20, of: 20 }
}

test('inputs come by their share of all path weights, the words of a column together', () => {
  const { inputs, unused, outputs, paths, permutation } = inspectionOf(program, groups)
  expect(permutation).toBeUndefined()
  expect(inputs.map(({ name, paths, share, synapses, used }) => [name, paths, share, synapses, used])).toEqual([
    ['colour', 8, 0.5, 3, true], // red 1 + 2 x 3, blue 1
    ['size', 8, 0.5, 1, true],
    ['old', 0, 0, 0, false]
  ])
  expect(inputs[0]).toMatchObject({
    columns: [0, 1],
    toOutputs: [1, 7],
    features: [
      { name: 'colour=red', toOutputs: [0, 7], paths: 7, synapses: 2 },
      { name: 'colour=blue', toOutputs: [1, 0], paths: 1, synapses: 1 }
    ]
  })
  expect(unused).toEqual(['old'])
  expect(outputs).toEqual([
    { name: 'no', paths: 9 },
    { name: 'yes', paths: 7 }
  ])
  expect(paths).toBe(16)
})

test('what the score loses ranks before paths, and inputs where it is unknown come last', () => {
  const { inputs, permutation } = inspectionOf(program, groups, permuted)
  expect(inputs.map(({ name, drop }) => [name, drop?.mean])).toEqual([
    ['size', 0.25],
    ['colour', -0.125],
    ['old', undefined]
  ])
  expect(permutation).toEqual({ metric: 'f1Micro', score: 0.9, repeats: 5, part: 'validation', rows: 20, of: 20 })
})

test('every neuron has its synapses counted, those that enter and those that leave', () => {
  const { neurons, synapses } = inspectionOf(program, groups)
  expect(synapses).toBe(5)
  expect(neurons.map(({ kind, in: entering, out }) => [kind, entering, out])).toEqual([
    ['input', 0, 2],
    ['input', 0, 1],
    ['input', 0, 1],
    ['input', 0, 0],
    ['hidden', 1, 1],
    ['output', 2, 0],
    ['output', 2, 0]
  ])
  expect(neurons[4]?.name).toContain('4') // its birth number
})
