import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hyperparameterNames, hyperparameterRows } from '../core/network/hyperparameters.js'
import { fitsKind } from '../core/port/checks.js'
import { drawnFrom, hyperparameters } from './hyperparameters.js'

test('no hyperparameter is forgotten: flags both, words all, numbers at least two, and all of them legal', () => {
  const drawn = fc.sample(hyperparameters, { numRuns: 400, seed: 1 })
  for (const name of hyperparameterNames) {
    const row = hyperparameterRows[name]
    const seen = new Set<unknown>(drawn.map(h => h[name]))
    for (const value of seen) expect(fitsKind(row, value), `${name} ${String(value)}`).toBe(true)
    const least = 'of' in row ? row.of.length : name === 'epochs' ? 1 : 2
    expect(seen.size, name).toBeGreaterThanOrEqual(least)
  }
})

test('a new row is drawn around its default, within its range', () => {
  const seen = (row: Parameters<typeof drawnFrom>[0]): readonly unknown[] =>
    [...new Set(fc.sample(drawnFrom(row), { numRuns: 200, seed: 1 }))].sort()
  expect(seen({ default: 0.5, number: [0, 1], open: 'max' })).toEqual([0.25, 0.5, 0.6])
  expect(seen({ default: 0, number: [0, 1] })).toEqual([0, 0.1])
  expect(seen({ default: 1, whole: [1, 3] })).toEqual([1, 2])
  expect(seen({ default: 'a', of: ['a', 'b', 'c'] })).toEqual(['a', 'b', 'c'])
  expect(seen({ default: true })).toEqual([false, true])
})
