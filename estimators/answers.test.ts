/** Answers in the units of what was learned: as many digits as their deviation needs. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Tensor } from '../backends/open.js'
import { reference } from '../backends/reference.js'
import type { Backend } from '../core/port/backend.js'
import { range } from '../core/port/ndarray.js'
import { metricsOf, watchedMetricsOf } from './evaluation.js'
import { fitRegressor } from './estimator.js'
import { predictionsOf } from './predictions.js'
import { shortestText } from './shortest-text.js'

describe('the shortest text', () => {
  test('is within the tolerance, and no shorter one is', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (v, share) => {
          const tolerance = Math.abs(v) * share * share * share
          const text = shortestText(v, tolerance)
          expect(Math.abs(Number(text) - v)).toBeLessThanOrEqual(tolerance)
          const digits = text.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length
          if (digits > 1) expect(Math.abs(Number(v.toPrecision(digits - 1)) - v)).toBeGreaterThan(tolerance)
        }
      ),
      { numRuns: 2000 }
    )
  })
  test('of some numbers', () => {
    expect(shortestText(123456789.01, 1e-6 * 5)).toBe('123456789.01')
    expect(shortestText(123456789.01, 1e-6 * 1e9)).toBe('123457000')
    expect(shortestText(-1.23456789e-50, 1e-56)).toBe('-1.234568e-50')
    expect(shortestText(0.1 + 0.2, 0)).toBe('0.30000000000000004')
    expect(shortestText(1e-9, 1e-6)).toBe('0')
    expect([NaN, Infinity].map(v => shortestText(v, 1))).toEqual(['NaN', 'Infinity'])
  })
})

const numbers = (offset: number, deviation: number) => ({
  task: { kind: 'numbers' as const, outputs: ['y'] },
  targets: ['y'],
  preparation: {
    features: { offset: [], factor: [] },
    targets: { offset: [offset], factor: [deviation === 0 ? 0 : 1 / deviation] }
  }
})

test('predictions keep a millionth of the deviation, whatever the units', () => {
  const z = { shape: [3, 1] as const, data: Float64Array.of(0, 1, -0.3333333432674408) }
  const texts = (offset: number, deviation: number): readonly string[] =>
    predictionsOf(numbers(offset, deviation), z, 0.5).rows.map(([text = '']) => text)
  expect(texts(123456789.01, 1)).toEqual(['123456789.01', '123456790.01', '123456788.676667'])
  expect(texts(0, 1e-50)).toEqual(['0', '1e-50', '-3.33333e-51'])
  expect(texts(2e9, 1e6)).toEqual(['2000000000', '2001000000', '1999666667'])
  expect(texts(0.1, 0)).toEqual(['0.1', '0.1', '0.1'])
})

test('metrics are of numbers in their own units, in Float64', () => {
  const truth = { shape: [4, 1] as const, data: Float64Array.of(1600000001, 1599999999, 1600000001, 1599999999) }
  const z = { shape: [4, 1] as const, data: Float32Array.of(1, -1, 0.5, -0.5) }
  const made = metricsOf(numbers(1.6e9, 1), z, truth)
  expect(made['r2']).toBeCloseTo(0.875, 14)
  expect(made['rmse']).toBeCloseTo(Math.sqrt(0.125), 14)
  expect(made['mae']).toBe(0.25)
  expect(watchedMetricsOf(numbers(1.6e9, 1), truth)(z)).toEqual(made)
})

describe('a regressor learns', () => {
  const backend = reference() as unknown as Backend<Tensor>
  const rows = range(60).map(i => [Math.sin(i), Math.cos(2 * i)])
  const settings = { backend, epochs: 250, learningRate: 0.05, dropout: 0 }
  test.each([
    ['numbers far from 0', 1.6e9, 1.4],
    ['tiny numbers', 0, 1e-50],
    ['huge ones', 0, 1e200]
  ])('%s', async (_, offset, size) => {
    const y = rows.map(([a = 0, b = 0]) => [offset + size * (a - 0.5 * b)])
    const model = await fitRegressor(rows, y, settings)
    expect(model.stored.preparation.targets?.factor[0]).toBeGreaterThan(0.5 / size)
    const answers = await model.predict(rows)
    expect(new Set(answers.map(([v]) => v)).size).toBe(60)
    expect(await model.score(rows, y)).toBeGreaterThan(0.85)
    const worst = Math.max(...answers.map(([v = NaN], i) => Math.abs(v - (y[i]?.[0] ?? NaN)) / size))
    expect(worst).toBeLessThan(1)
  })
  test('from features far from 0 as from near ones', async () => {
    const y = rows.map(([a = 0, b = 0]) => [a - 0.5 * b])
    const far = rows.map(([a = 0, b = 0]) => [1.6e9 + a, 1e-13 * b])
    const model = await fitRegressor(far, y, settings)
    expect(await model.score(far, y)).toBeGreaterThan(0.85)
  })
  test.each([1, 2, 3, 5, 9, 16, 22, 23, 40])(
    'no worse than their mean, and soon better, in %i epochs',
    async epochs => {
      const rows = range(120).map(i => range(8).map(j => Math.sin(i * 12.9898 + j * 78.233)))
      const y = rows.map(([a = 0, b = 0, c = 0]) => [1000 + 30 * (Math.sin(3 * a) + b * c)])
      for (const seed of [1, 2, 3]) {
        const model = await fitRegressor(rows, y, { epochs, seed })
        const { r2 = NaN, mean = NaN } = model.stored.watched ?? {}
        expect(r2).toBeGreaterThanOrEqual(mean - 1e-9)
        expect(model.warnings.join()).not.toContain('the mean of the training rows')
        // of all rows the mean of those learned from, all that a single epoch comes to, is not quite the best constant
        expect(await model.score(rows, y)).toBeGreaterThan(epochs === 1 ? -0.01 : epochs < 16 ? -0.001 : 0.1)
        model.close()
      }
    }
  )
  test('no worse than their mean where one of those learned from is far from all others', async () => {
    const rows = range(120).map(i => range(3).map(j => Math.sin(i * 12.9898 + j * 78.233)))
    const noise = rows.map((_, i) => [Math.sin(i * i * 4.1414) + (i === 7 ? 1000 : 0)])
    for (const seed of [1, 2, 3, 4]) {
      const model = await fitRegressor(rows, noise, { epochs: 300, seed })
      const { r2 = NaN, mean = NaN } = model.stored.watched ?? {}
      expect(r2).toBeGreaterThanOrEqual(mean - 1e-9 * Math.abs(mean))
      expect(model.warnings.filter(said => said.includes('the mean of the training rows'))).toEqual([])
      model.close()
    }
  })
})
