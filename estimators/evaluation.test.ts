/** What a network is judged by, and what who learns nothing gets. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import type { Tensor } from '../backends/open.js'
import { reference } from '../backends/reference.js'
import { simd } from '../backends/simd.js'
import type { Backend } from '../core/port/backend.js'
import { range } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'
import { prepare } from '../data/dataset.js'
import type { Table } from '../data/table.js'
import type { LabelScores } from '../reports/scores.js'
import { baselineOf } from './baseline.js'
import { fitClassifier, fitLabeller, fitRegressor } from './estimator.js'
import { evaluationOf } from './evaluation.js'

const array = (m: readonly (readonly number[])[]) => ({
  shape: [m.length, m[0]!.length] as const,
  data: Float64Array.from(m.flat())
})

const dataset = (target: Table['target']): Dataset => {
  const x = { shape: [8, 1] as const, data: Float32Array.from(range(8)) }
  const split = { training: [0, 1, 2, 3], validation: [4, 5], test: [] }
  const made = prepare({ name: 'small', features: ['x'], x, target, targets: ['t'] }, split)
  if (E.isLeft(made)) throw new Error(made.left.what)
  return made.right
}

describe('who learns nothing', () => {
  test('says the most frequent class of the training rows, in which others may be as frequent elsewhere', () => {
    const d = dataset({ kind: 'classes', names: ['a', 'b', 'c'], values: [1, 1, 0, 1, 0, 1, 0, 0] })
    const { what, validation, test } = baselineOf(d)
    expect(what).toBe('the most frequent class, b')
    // the scores of 0.25, 0.75 and 0: of one row of each, b alone is right; c is in no row
    expect(validation).toEqual({ f1Micro: 0.5, f1Macro: 2 / 9, aucMicro: (2.5 + 3.5) / 8, aucMacro: 0.5 })
    expect(test).toEqual({})
  })
  test('says of each label what most rows have, and the mean of a number', () => {
    const labels = [
      [1, 0],
      [1, 0],
      [1, 1],
      [0, 0],
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0]
    ]
    const known = baselineOf(dataset({ kind: 'labels', names: ['u', 'v'], values: array(labels) }))
    expect(known.what).toBe("each label's more frequent answer")
    expect(known.validation['f1Micro']).toBeCloseTo(2 / 4, 12) // u always, v never: 1 right, 1 false, 1 missed
    const numbers = [1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 6, 1e9 + 2, 1e9 + 6, 0, 0].map(v => [v])
    const mean = baselineOf(dataset({ kind: 'numbers', names: ['v'], values: array(numbers) }))
    expect(mean.what).toBe('the mean, 1000000003')
    expect(mean.validation['r2']).toBeCloseTo(1 - 10 / 8, 12)
    expect(mean.validation).toMatchObject({ rmse: Math.sqrt((1 + 9) / 2), mae: 2 })
  })
})

test('of outputs of which one is not a number, nothing is told but that', () => {
  const d = dataset({ kind: 'classes', names: ['a', 'b'], values: [0, 1, 0, 1, 0, 1, 0, 0] })
  expect(
    evaluationOf(
      d,
      array([
        [0, NaN],
        [1, 0]
      ]),
      d.validation.truth
    )
  ).toEqual({
    metrics: { f1Micro: NaN, f1Macro: NaN, aucMicro: NaN, aucMacro: NaN }
  })
})

describe('a model evaluates itself', () => {
  const backend = reference() as unknown as Backend<Tensor>
  const rows = range(60).map(i => [Math.sin(i), Math.cos(2 * i)])
  const quick = { backend, epochs: 60, learningRate: 0.05, dropout: 0 }
  const kinds = rows.map(([a = 0]) => (a > 0 ? 'up' : 'down'))

  test('with the score of score, and each class, label or number', async () => {
    const classifier = await fitClassifier(rows, kinds, quick)
    const classes = await classifier.evaluate(rows, kinds)
    expect(classes.metrics['f1Micro']).toBeCloseTo(await classifier.score(rows, kinds), 12)
    expect(classes.perClass?.map(({ name, support }) => [name, support])).toEqual(
      ['down', 'up'].map(name => [name, kinds.filter(kind => kind === name).length])
    )
    const p = await classifier.predictProba(rows)
    const loss = p.reduce((sum, row, i) => sum - Math.log(row[kinds[i] === 'up' ? 1 : 0]!), 0) / 60
    expect(classes.logLoss).toBeCloseTo(loss, 10)

    const flags = rows.map(([a = 0, b = 0]) => [a > 0 ? 1 : 0, b > 0 ? 1 : 0])
    const labeller = await fitLabeller(rows, flags, { ...quick, threshold: 0.7 })
    const labels = await labeller.evaluate(rows, flags)
    expect(labels.metrics['f1Micro']).toBe(await labeller.score(rows, flags))
    const given = (await labeller.predict(rows)).filter(([first]) => first === 1).length
    const { confusion, precision } = labels.perClass?.[0] as LabelScores
    expect(precision).toBe(confusion[1]![1]! / given)

    const y = rows.map(([a = 0, b = 0]) => [100 + a, b])
    const regressor = await fitRegressor(rows, y, quick)
    const numbers = await regressor.evaluate(rows, y)
    expect(numbers.metrics['r2']).toBe(await regressor.score(rows, y))
    expect(numbers.perOutput).toHaveLength(2)
    expect((numbers.perOutput![0]!.r2 + numbers.perOutput![1]!.r2) / 2).toBeCloseTo(numbers.metrics['r2']!, 12)
  })

  test('and a fit gives the best network wherever rows are watched, or the last', async () => {
    const torn = kinds.map((kind, i) => (i % 4 === 0 ? 'up' : kind))
    const fast = { ...quick, epochs: 30, learningRate: 0.5, stages: [] }
    const epochOf = async (options: object): Promise<number> =>
      (await fitClassifier(rows, torn, { ...fast, ...options })).stored.state.clock.epoch
    const losses: number[] = []
    const best = await epochOf({
      onEpoch: ({ losses: l }: { losses: { validation: number } }) => losses.push(l.validation)
    })
    expect(best).toBe(1 + losses.indexOf(Math.min(...losses)))
    expect(best).toBeLessThan(30)
    expect(await epochOf({ use: 'last' })).toBe(30)
    expect(await epochOf({ validationShare: 0 })).toBe(30)
  })

  test('and refuses a row whose numbers are finite, and whose answer is not', async () => {
    const model = await fitClassifier(rows, kinds, { ...quick, backend: await simd(), initialHidden: 8 })
    const far = 2e38 // scaled, it is still less than the largest number of Float32; what is added up of it is not
    expect(Math.fround(far * model.stored.preparation.features.factor[0]!)).toBeLessThan(Infinity)
    const asked = model.predict([
      [0, 1],
      [far, -1]
    ])
    await expect(asked).rejects.toThrow(
      'x: row 1, column 0: 2e+38 is too far from the rows that the model learned from. Correct it, or leave the row out.'
    )
    expect(await model.predict([[0, 1]])).toHaveLength(1)
  })
})
