/** Huber's loss, its numbers by median and median deviation: outliers among the targets, where squared error learns nothing. */
import { expect, test } from 'vitest'
import { range } from '../core/port/ndarray.js'
import { address, uniform } from '../core/port/random.js'
import { fitRegressor } from './estimator.js'

const [rows, columns] = [400, 4]
const drawn = uniform(address(1, 0, 2000), range(2 * rows), range(columns), 1)
const table = range(2 * rows).map(i => Array.from(drawn.subarray(i * columns, (i + 1) * columns)))
const x = table.map(row => row.slice(0, 3))
/** A smooth function of three inputs in units of its own, with some noise. */
const truth = table.map(([a, b, c, noise]) => 1000 + 40 * (a! - 0.5 * b! + 0.5 * Math.tanh(2 * c!)) + 2 * noise!)
const mean = truth.reduce((s, v) => s + v, 0) / truth.length
const deviation = Math.sqrt(truth.reduce((s, v) => s + (v - mean) ** 2, 0) / truth.length)
/** 2 % of the first half, which is learned from, moved by 500 deviations. */
const spoiled = truth.map((v, i) => (i < rows && i % 50 === 7 ? v + 500 * deviation : v))
const y = spoiled.map(v => [v])
const quick = { epochs: 200, learningRate: 0.03, initialHidden: 8, batchNorm: false, dropout: 0, stages: [] }

test.each([
  ['huber', 0.9, 1],
  ['squared', -Infinity, 0]
] as const)(
  'R2 of %s on clean rows, two in a hundred targets moved by 500 deviations, is in [%d, %d)',
  async (loss, from, to) => {
    const model = await fitRegressor(x.slice(0, rows), y.slice(0, rows), { ...quick, loss })
    const r2 = await model.score(x.slice(rows), y.slice(rows))
    expect(r2).toBeGreaterThanOrEqual(from)
    expect(r2).toBeLessThan(to)
  }
)

test('numbers of huber are scaled by median and 1.4826 median absolute deviations of what is learned from', async () => {
  const few = [3, 1, 4, 1, 5, 9, 2, 6, 5000].map(v => [v, -v])
  const options = { ...quick, epochs: 1, validationShare: 0, loss: 'huber' } as const
  const { stored } = await fitRegressor(x.slice(0, 9), few, options)
  // median 4; distances 1 3 0 3 1 5 2 2 4996, their median 2
  expect(stored.preparation.targets).toEqual({ offset: [4, -4], factor: [1 / (1.4826 * 2), 1 / (1.4826 * 2)] })
})
