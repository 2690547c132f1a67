/** Permutation importance, against a loop of its own and networks whose answers are known. */
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import type { ReferenceTensor } from '../backends/reference.js'
import { reference } from '../backends/reference.js'
import type { State } from '../core/learning/state.js'
import { restore } from '../core/learning/state.js'
import { evaluate } from '../core/learning/trainable.js'
import { engine } from '../core/life/engine.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import { pathStrengths } from '../core/network/path-strength.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { address, permutation, Purpose } from '../core/port/random.js'
import type { Dataset } from '../data/dataset.js'
import { prepare } from '../data/dataset.js'
import type { Split } from '../data/split.js'
import type { Table } from '../data/table.js'
import { none } from '../rules/index.js'
import type { Importance, ImportanceOptions } from './importance.js'
import { importanceOf } from './importance.js'

const b = reference()

/** Numbers that look random and are the same each time. */
const noise = (i: number, j: number): number => (Math.sin(i * 12.9898 + j * 78.233) * 43758.5453) % 1

const words = ['red', 'green', 'blue'] as const
const ROWS = 60

/** x decides the class, the words of `colour` a little, `idle` nothing. */
const table: Table = {
  name: 'made',
  features: ['x', 'x is missing', 'colour=red', 'colour=green', 'colour=blue', 'idle'],
  x: tabulate([ROWS, 6], (i, j) =>
    j === 0 ? noise(i, 0) : j === 1 ? Number(i % 9 === 0) : j < 5 ? Number(i % 3 === j - 2) : noise(i, 5)
  ),
  target: { kind: 'classes', names: ['no', 'yes'], values: range(ROWS).map(i => Number(noise(i, 0) > 0)) },
  targets: ['sign'],
  scale: { kind: 'none' },
  encoding: [
    { as: 'number', column: 'x', fill: 0, marked: true },
    { as: 'words', column: 'colour', words, marked: false },
    { as: 'number', column: 'idle', fill: 0, marked: false }
  ]
}
const split: Split = { training: range(20), validation: range(25).map(i => 20 + i), test: range(15).map(i => 45 + i) }

const dataset = (t: Table = table, s: Split = split): Dataset => {
  const made = prepare(t, s)
  if (E.isLeft(made)) throw new Error(made.left.what)
  return made.right
}

/** A network without hidden neurons: the named weights are open, into output 1; into output 0 with the other sign. */
const linear = (
  weights: readonly number[],
  outputs: number = 2,
  h: Partial<Hyperparameters> = {}
): { readonly e: ReturnType<typeof engine<ReferenceTensor>>; readonly state: State<NdArray> } => {
  const e = engine(b, { ...defaults, ...h }, none)
  const start = e.initial(1, weights.length, outputs)
  const shape = [weights.length, outputs] as const
  return {
    e,
    state: {
      ...start,
      model: {
        ...start.model,
        parameters: {
          ...start.model.parameters,
          weights: tabulate(shape, (i, j) => (outputs === 2 && j === 0 ? -1 : 1) * weights[i]!),
          synapses: tabulate(shape, i => (weights[i] === 0 ? -1 : 1))
        }
      }
    }
  }
}
const weights = [2, 0.3, 0.5, 0, -0.5, 0]

const importance = (
  d: Dataset,
  options: Partial<ImportanceOptions> = {},
  { e, state } = linear(weights)
): Promise<Importance> => importanceOf(e, state, d, { seed: 7, ...options })

/** The share of rows whose larger output is the true class, counted by hand. */
const accuracy = (z: NdArray, d: Dataset): number => {
  const { rows, truth } = d.validation
  return (
    rows.filter((_, i) => Number(z.data[2 * i + 1]! > z.data[2 * i]!) === truth.data[2 * i + 1]).length / rows.length
  )
}

test('equals a loop of its own, the columns of one column of words and its mark moved together', async () => {
  const d = dataset()
  const { e, state } = linear(weights)
  const live = b.liveTensors()
  const found = await importance(d)
  expect(b.liveTensors()).toBe(live)
  const x = d.validation.inputs()
  const answer = (moved: readonly number[], order: readonly number[]): Promise<NdArray> =>
    b.download(
      evaluate(e)(
        restore(b, state),
        b.constant(tabulate([25, 6], (i, j) => x.data[(moved.includes(j) ? order[i]! : i) * 6 + j]!))
      )
    )
  const score = accuracy(await answer([], []), d)
  expect(found).toMatchObject({ metric: 'f1Micro', score, repeats: 5, part: 'validation', rows: 25, of: 25 })
  expect(found.inputs.map(({ name, columns, used }) => ({ name, columns, used }))).toEqual([
    { name: 'x', columns: [0, 1], used: true },
    { name: 'colour', columns: [2, 3, 4], used: true },
    { name: 'idle', columns: [5], used: false }
  ])
  const strengths = pathStrengths(state.model, e.hyperparameters)
  const all = strengths.reduce((s, v) => s + v, 0)
  for (const [g, { columns, drop, strength }] of found.inputs.entries()) {
    const drops: number[] = []
    for (const repeat of range(5)) {
      const order = permutation(address(7, 0, Purpose.importance, g, repeat), 25)
      drops.push(score - accuracy(await answer(columns, order), d))
    }
    const mean = drops.reduce((s, v) => s + v, 0) / 5
    expect(drop!.mean).toBeCloseTo(mean, 12)
    expect(drop!.deviation).toBeCloseTo(Math.sqrt(drops.reduce((s, v) => s + (v - mean) ** 2, 0) / 4), 12)
    expect(strength).toBeCloseTo(columns.reduce((s, j) => s + strengths[j]!, 0) / all, 12)
  }
  expect(found.inputs[0]!.drop!.mean).toBeGreaterThan(0.2)
  expect(found.inputs[2]!.drop).toEqual({ mean: 0, deviation: 0 })
  expect(found.inputs[2]!.strength).toBe(0)
})

test('is the same each time, and another for another seed', async () => {
  const d = dataset()
  expect(await importance(d)).toEqual(await importance(d))
  expect(await importance(d, { seed: 8 })).not.toEqual(await importance(d))
})

test('of numbers is what R2 loses; without validation rows, on the training rows', async () => {
  const values = range(ROWS).map(i => noise(i, 0) * 3 + noise(i, 5))
  const d = dataset(
    {
      ...table,
      features: ['x', 'idle'],
      x: tabulate([ROWS, 2], (i, j) => noise(i, 5 * j)),
      target: { kind: 'numbers', names: ['y'], values: { shape: [ROWS, 1], data: Float64Array.from(values) } },
      encoding: [table.encoding![0]!, table.encoding![2]!].map(code => ({ ...code, marked: false }) as never)
    },
    { training: range(60), validation: [], test: [] }
  )
  const slope = d.preparation.targets!.factor[0]! // answers are standardised
  const found = await importance(d, {}, linear([3 * slope, 1 * slope], 1))
  expect(found).toMatchObject({ metric: 'r2', part: 'training', rows: 60, of: 60 })
  expect(found.score).toBeGreaterThan(0.99)
  const [x, idle] = found.inputs
  // dealing x anew doubles its part of the variance: R2 falls by about twice 9 / 10
  expect(x!.drop!.mean).toBeGreaterThan(1.2)
  expect(idle!.drop!.mean).toBeLessThan(0.5)
  expect(idle!.drop!.mean).toBeGreaterThan(0.05)
})

test('is taken on a sample of the rows, then for the strongest inputs alone, where the work would be too much', async () => {
  const many = 3 * ROWS * 10
  const d = dataset(
    {
      ...table,
      x: tabulate([many, 6], (i, j) => noise(i, j)),
      target: { kind: 'classes', names: ['no', 'yes'], values: range(many).map(i => Number(noise(i, 0) > 0)) }
    },
    { training: range(20), validation: range(many - 20).map(i => 20 + i), test: [] }
  )
  const perRow = 5 * (8 * 6 + 3 * 8 + 16 * 2) // five repeats of inputs that are moved, steps x synapses, outputs
  const some = await importance(d, { work: 300 * 2 * perRow })
  expect([some.rows, some.of]).toEqual([300, many - 20])
  expect(some.inputs.every(({ drop }) => drop !== undefined)).toBe(true)
  const fewer = await importance(d, { work: 250 * perRow })
  expect(fewer.rows).toBe(200)
  expect(fewer.inputs.map(({ drop }) => drop !== undefined)).toEqual([true, false, true])
})

test('knows pixels by their place, all channels of one together', async () => {
  const d = dataset({
    ...table,
    features: range(8).map(String),
    x: tabulate([ROWS, 8], (i, j) => noise(i, j)),
    image: { width: 2, height: 2, channels: 2 },
    encoding: undefined as never
  })
  const found = await importance(d, {}, linear([1, 0, 0, 0, 0, 1, 0, 0]))
  expect(found.inputs.map(({ name, columns, used }) => [name, columns, used])).toEqual([
    ['row 1, column 1', [0, 4], true],
    ['row 1, column 2', [1, 5], true],
    ['row 2, column 1', [2, 6], false],
    ['row 2, column 2', [3, 7], false]
  ])
})

test('takes no input for unused where masks are sampled', async () => {
  const found = await importance(dataset(), {}, linear(weights, 2, { evaluationMasks: 'sampled' }))
  expect(found.inputs.every(({ used }) => used)).toBe(true)
})

test('tells how many of the inputs that are permuted are done', async () => {
  const { e, state } = linear(weights)
  const told: (readonly number[])[] = []
  await importanceOf(e, state, dataset(), { seed: 1, onInput: (done, of) => told.push([done, of]) })
  expect(told).toEqual([
    [1, 2],
    [2, 2]
  ])
})
