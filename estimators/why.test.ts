/** Why a row is answered as it is: linear networks by hand, baselines, units of numbers, trained networks. */
import { expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { range, tabulate } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'
import { prepare } from '../data/dataset.js'
import type { Encoding } from '../data/codes.js'
import { compute, computeRow } from '../exports/compute.js'
import type { Program } from '../exports/program.js'
import { fitRegressor } from './estimator.js'
import { inputGroups } from './input-groups.js'
import { programOfModel } from './program.js'
import { answeredOutputs, offsetsOf, reasonsOf, trainingMean } from './why.js'

const words = ['red', 'green', 'blue']
const encoding: Encoding = [
  { as: 'number', column: 'x', fill: 0, marked: false },
  { as: 'words', column: 'colour', words, marked: false }
]
/** Seven rows; of the four to learn from, x is 0, 1, 2, 9 and the colours are red, green, blue, red. */
const dataset: Dataset = settle(
  prepare(
    {
      name: 'made',
      features: ['x', 'colour=red', 'colour=green', 'colour=blue'],
      x: tabulate([7, 4], (i, j) => (j === 0 ? [0, 1, 2, 9, 50, 60, 70][i]! : Number(i % 3 === j - 1))),
      target: { kind: 'classes', names: ['no', 'yes'], values: [0, 1, 0, 1, 0, 1, 0] },
      targets: ['ok'],
      scale: { kind: 'standard', except: [false, true, true, true] },
      encoding
    },
    { training: [0, 1, 2, 3], validation: [4, 5], test: [6] }
  )
)
const groups = inputGroups(dataset)

/** 0.5 x standardised, and a weight for each colour, into yes; what is standardised as the rows are. */
const linear: Program = {
  ...{ steps: 3, activation: 'swish', clampedInputs: true, outputLoops: false, kind: 'classes', targets: ['ok'] },
  inputs: dataset.features.map((name, i) => ({
    name,
    offset: dataset.preparation.features.offset[i]!,
    factor: dataset.preparation.features.factor[i]!
  })),
  hidden: [],
  outputs: ['no', 'yes'].map(name => ({ name, bias: 0.25, offset: 0, factor: 1 })),
  synapses: [0.5, 2, -1, 4].map((weight, from) => ({ from, to: 5, weight })),
  table: { encoding, missing: [] }
}

test('the baseline is the mean of the training rows alone, in their own units: of words their shares', () => {
  const { row, what } = trainingMean(dataset)
  ;[3, 0.5, 0.25, 0.25].forEach((v, i) => expect(row[i]).toBeCloseTo(v, 6))
  expect(what).toBe('the mean of the 4 training rows')
})

test('without data the stored offsets stand in for it: the mean of numbers, none of the words', () => {
  expect(Array.from(offsetsOf(linear).row)).toEqual([3, 0, 0, 0])
})

test('of a linear network each contribution is weight times distance from the mean, words of a column together', () => {
  const baseline = trainingMean(dataset)
  const [reasons] = reasonsOf(linear, groups, Float64Array.of(9, 0, 0, 1), baseline)
  const deviation = Math.sqrt((9 + 4 + 1 + 36) / 4)
  expect(reasons).toMatchObject({ output: 'yes', exact: true, reached: true, gradients: 1 })
  expect(reasons!.contributions.map(({ name }) => name)).toEqual(['colour', 'x'])
  // red and green are absent, blue is there
  expect(reasons!.contributions[0]!.contribution).toBeCloseTo(2 * -0.5 - 1 * -0.25 + 4 * 0.75, 5)
  expect(reasons!.contributions[1]!.contribution).toBeCloseTo((0.5 * (9 - 3)) / deviation, 5)
  expect(reasons!.sum).toBeCloseTo(reasons!.z - reasons!.from, 9)
  expect(reasons!.contributions.every(({ amount }) => amount === undefined)).toBe(true)
})

test('the answer of classes is the likeliest, or the second from its threshold on; any other may be asked for', () => {
  const z = Float64Array.of(0.2, 0)
  expect(answeredOutputs(linear, z)).toEqual([0])
  expect(answeredOutputs({ ...linear, threshold: 0.3 }, z)).toEqual([1])
  expect(answeredOutputs({ ...linear, kind: 'labels' }, z)).toEqual([0, 1])
  const row = Float64Array.of(9, 0, 0, 1)
  expect(reasonsOf(linear, groups, row, offsetsOf(linear), [0]).map(({ output }) => output)).toEqual(['no'])
})

test('of numbers contributions are in their own units too, and lead from the baseline to the answer', () => {
  const ofNumbers: Program = {
    ...linear,
    kind: 'numbers',
    outputs: linear.outputs.map((output, j) => ({ ...output, offset: 100, factor: j === 0 ? 0 : 0.1 }))
  }
  const [still, moved] = reasonsOf(ofNumbers, groups, Float64Array.of(9, 0, 0, 1), offsetsOf(linear))
  expect(still).toMatchObject({ value: 100, valueFrom: 100 })
  for (const c of moved!.contributions) expect(c.amount).toBeCloseTo(10 * c.contribution, 12)
  const sum = moved!.contributions.reduce((s, c) => s + c.amount!, 0)
  expect(moved!.valueFrom! + sum).toBeCloseTo(moved!.value!, 9)
  expect(moved!.value).toBeCloseTo(100 + 10 * moved!.z, 12)
})

test('of a trained network with hidden neurons, what mattered in making the rows matters in their answers', async () => {
  const noise = (i: number, j: number): number => Math.sin(i * (11.7 + 1.3 * j) + j)
  const x = range(90).map(i => [noise(i, 1), noise(i, 2), noise(i, 3)])
  const y = x.map(([a = 0, b = 0]) => [5 * a * a * a + 3 * Math.abs(b)])
  const regressor = await fitRegressor(x, y, { epochs: 80, seed: 3 })
  const program = programOfModel(regressor.stored, { features: ['a', 'b', 'idle'] }, { inputs: false })
  regressor.close()
  expect(program.hidden.length).toBeGreaterThan(0)
  const mean = Float64Array.from(range(3), j => x.reduce((s, row) => s + row[j]! / x.length, 0))
  const own = program.inputs.map(({ name }, i) => ({ name, columns: [i] }))
  const sizes: Record<string, number> = { a: 0, b: 0, idle: 0 }
  for (const row of x.slice(0, 40)) {
    const [found] = reasonsOf(program, own, Float64Array.from(row), { row: mean, what: 'mean' })
    const difference = computeRow(program)(row)[0]! - compute(program, { shape: [1, 3], data: mean }).data[0]!
    expect(Math.abs(found!.sum - difference)).toBeLessThanOrEqual(1e-3 * Math.max(1, Math.abs(difference)))
    expect(found!.exact).toBe(false)
    for (const c of found!.contributions) sizes[c.name]! += Math.abs(c.contribution)
  }
  expect(sizes['a']).toBeGreaterThan(sizes['b']!)
  expect(sizes['b']).toBeGreaterThan(2 * sizes['idle']!)
})
