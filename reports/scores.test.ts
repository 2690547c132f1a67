/** Classes and labels by themselves, and how far probabilities can be believed. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { auc, classMetrics, confusion, decided, labelMetrics, largest, numberMetrics } from './metrics.js'
import type { ProbabilityScores } from './scores.js'
import { answerProbabilities, calibration, classProbabilities, perClass, perLabel, perOutput } from './scores.js'

type Matrix = readonly (readonly number[])[]
const array = (m: Matrix) => ({ shape: [m.length, m[0]!.length] as const, data: Float64Array.from(m.flat()) })

type Judged = Record<'logLoss' | 'brier', number> & Record<'frequency' | 'confidence', number[]>
type Each = Record<'precision' | 'recall' | 'f1' | 'support', number>

describe('scores equal those of scikit-learn', () => {
  const v = JSON.parse(readFileSync(new URL('sklearn_values.json', import.meta.url), 'utf8')) as {
    z: Matrix
    truth: number[]
    labels: Matrix
    numbers: Matrix
    predicted: Matrix
    perClass: Each[]
    classProbabilities: Judged
    twoProbabilities: Judged
    twoF1: number
    perLabel: (Each & Judged & { confusion: Matrix })[]
    perOutput: Record<'r2' | 'rmse' | 'mae', number>[]
  }
  const close = (actual: object, expected: object): void => {
    for (const [k, e] of Object.entries(expected))
      if (typeof e === 'number') expect((actual as Record<string, number>)[k], k).toBeCloseTo(e, 12)
  }
  /** Bins without rows are left out by scikit-learn. */
  const judged = (actual: ProbabilityScores, expected: Judged): void => {
    close(actual, expected)
    const bins = actual.calibration.filter(({ rows }) => rows > 0)
    expect(bins).toHaveLength(expected.frequency.length)
    bins.forEach((bin, i) => close(bin, { frequency: expected.frequency[i]!, confidence: expected.confidence[i]! }))
    expect(actual.calibration.map(({ from, to }) => [from, to])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i / 10, (i + 1) / 10])
    )
  }

  test('of each class', () => {
    const made = perClass(confusion(v.truth, largest(array(v.z)), 4), ['a', 'b', 'c', 'd'])
    expect(made.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
    made.forEach((scores, i) => close(scores, v.perClass[i]!))
  })
  test("of classes' probabilities", () => judged(classProbabilities(array(v.z), v.truth), v.classProbabilities))
  test('of two classes', () => {
    const [z, truth] = [array(v.z.map(row => row.slice(0, 2))), v.truth.map(c => Math.floor(c / 2))]
    judged(classProbabilities(z, truth), v.twoProbabilities)
    expect(classMetrics(z, truth, 0.3).f1Micro).toBeCloseTo(v.twoF1, 12)
    expect(classMetrics(z, truth, 0.3).f1Micro).not.toBe(classMetrics(z, truth).f1Micro)
  })
  test('of each label', () => {
    const made = perLabel(array(v.z), array(v.labels), ['a', 'b', 'c', 'd'], 0.6)
    made.forEach((scores, j) => {
      const expected = v.perLabel[j]!
      close(scores, expected)
      judged(scores, expected)
      expect(scores.confusion).toEqual(expected.confusion)
    })
  })
  test('of each number', () => {
    const made = perOutput(array(v.predicted), array(v.numbers), ['u', 'v'])
    made.forEach((scores, j) => close(scores, v.perOutput[j]!))
  })
})

describe('what rows do not tell is not a number, and never 0', () => {
  test('a class that is nowhere and one that is never predicted', () => {
    const table = [
      [2, 0, 0],
      [1, 0, 0],
      [0, 0, 0]
    ]
    expect(perClass(table, ['a', 'b', 'c'])).toEqual([
      { name: 'a', precision: 2 / 3, recall: 1, f1: 4 / 5, support: 2 },
      { name: 'b', precision: NaN, recall: 0, f1: 0, support: 1 },
      { name: 'c', precision: NaN, recall: NaN, f1: NaN, support: 0 }
    ])
    expect(JSON.parse(JSON.stringify(perClass(table, ['a', 'b', 'c'])[2]))).toMatchObject({ recall: null, support: 0 })
  })
  test('a bin without rows', () => {
    const [first, second, ...rest] = calibration([0, 0.1, 0.1000001], [false, true, true])
    expect(first).toEqual({ from: 0, to: 0.1, rows: 2, confidence: 0.05, frequency: 0.5 })
    expect(second).toMatchObject({ rows: 1, frequency: 1 })
    expect(rest.map(({ rows, confidence, frequency }) => [rows, confidence, frequency])).toEqual(
      Array(8).fill([0, NaN, NaN])
    )
  })
  test('R2 of a truth that does not vary; other outputs keep theirs', () => {
    const [predicted, truth] = [
      array([
        [1, 1],
        [2, 7],
        [3, 9]
      ]),
      array([
        [1, 7],
        [2, 7],
        [4, 7]
      ])
    ]
    expect(numberMetrics(predicted, truth).r2).toBe(numberMetrics(array([[1], [2], [3]]), array([[1], [2], [4]])).r2)
    expect(numberMetrics(array([[1], [2]]), array([[5], [5]]))).toMatchObject({ r2: NaN, mae: 3.5 })
    expect(perOutput(predicted, truth, ['u', 'v'])[1]).toMatchObject({ name: 'v', r2: NaN })
    expect(numberMetrics(array([[3]]), array([[1]]))).toEqual({ r2: NaN, rmse: 2, mae: 2 })
  })
  test('whatever is said of outputs of which one is not a number', () => {
    const bad = array([
      [1, NaN],
      [0, 1],
      [2, 1]
    ])
    const nothing = { f1Micro: NaN, f1Macro: NaN, aucMicro: NaN, aucMacro: NaN }
    expect(auc([0.1, NaN, 0.3], [true, false, true])).toBe(NaN)
    expect(classMetrics(bad, [0, 1, 0])).toEqual(nothing)
    expect(
      labelMetrics(
        bad,
        array([
          [1, 0],
          [0, 1],
          [1, 1]
        ])
      )
    ).toEqual(nothing)
    expect(
      numberMetrics(
        bad,
        array([
          [1, 0],
          [0, 1],
          [1, 1]
        ])
      )
    ).toEqual({ r2: NaN, rmse: NaN, mae: NaN })
  })
})

test('the log loss of sure and wrong answers is finite, and is not cut off', () => {
  const z = array([
    [0, 1000],
    [0, 0]
  ])
  expect(classProbabilities(z, [0, 0]).logLoss).toBeCloseTo((1000 + Math.LN2) / 2, 10)
  expect(answerProbabilities(Float64Array.of(1000, -1000, 0), [false, true, true]).logLoss).toBeCloseTo(
    (2000 + Math.LN2) / 3,
    10
  )
})

test('of two classes the second is taken from a threshold on; without one the likelier, the first of equals', () => {
  const z = array([0.2, 0.5, 0.8].map(p => [Math.log(1 - p), Math.log(p)]))
  expect(decided(z)).toEqual([0, 0, 1])
  expect([0, 0.2, 0.21, 0.81].map(threshold => decided(z, threshold).join(''))).toEqual(['111', '111', '011', '000'])
})
