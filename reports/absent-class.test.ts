import { expect, test } from 'vitest'
import { classMetrics, labelMetrics } from './metrics.js'

const matrix = (rows: readonly (readonly number[])[]) => ({
  shape: [rows.length, rows[0]!.length] as const,
  data: Float64Array.from(rows.flat())
})

// probabilities; the last class, or label, is in no row
const p = [
  [0.6, 0.3, 0.1],
  [0.5, 0.4, 0.1],
  [0.4, 0.5, 0.1],
  [0.2, 0.7, 0.1]
]

test('a class of which there is no row has no AUC: the mean is that of the others', () => {
  const z = matrix(p.map(row => row.map(Math.log)))
  const { aucMacro, aucMicro } = classMetrics(z, [0, 1, 0, 1])
  // class 0: .6 above .5 and .2, .4 above .2; class 1: .4 above .3, .7 above .3 and .5
  expect(aucMacro).toBeCloseTo(3 / 4, 12)
  // all decisions together: .6 and .7 above all eight others, .4 (twice) above all but two
  expect(aucMicro).toBeCloseTo((8 + 8 + 6 + 6) / 32, 12)
  // one class alone: no AUC at all
  expect(classMetrics(z, [0, 0, 0, 0]).aucMacro).toBe(NaN)
})

test('a label that no row has, or every row, has no AUC either', () => {
  const z = matrix(p.map(row => row.map(v => Math.log(v / (1 - v)))))
  const y = [
    [1, 0, 0],
    [0, 1, 0],
    [1, 0, 0],
    [0, 1, 0]
  ]
  expect(labelMetrics(z, matrix(y)).aucMacro).toBeCloseTo(3 / 4, 12)
  expect(labelMetrics(z, matrix(y.map(([a, b]) => [a!, b!, 1]))).aucMacro).toBeCloseTo(3 / 4, 12)
})
