/** Comparisons on numbers that were worked out by hand, and the page that tells them. */
import { describe, expect, test } from 'vitest'
import { barsOf } from './bars.js'
import { compare, meanOf } from './compare.js'
import type { Result } from './result.js'
import type { RivalUnit } from './rivals.js'
import { tablesReport } from './tables.js'
import { difference, digits } from './markdown.js'
import { tablesPage } from './tables-page.js'

const result = (table: string, seed: number, test: number, effectiveSynapses: number, more = {}): Result => ({
  ...{ table, seed, test, effectiveSynapses, length: 'usual', identity: 'i', matrices: `${table}${seed}` },
  ...{ kind: 'classes', target: ['kind'], rows: 100, inputs: 8, outputs: 3, ended: 'epochs', epochs: 10, used: 5 },
  ...{ validationLoss: 1, validation: 0.5, living: 4, seconds: 2, version: '1.2.3', processor: 'a processor' },
  ...more
})

const rival = (table: string, seed: number, linear: number, mlp: number, weights: number): RivalUnit => ({
  ...{ table, seed, matrices: `${table}${seed}`, seconds: 1 },
  linear: { setting: 1, validation: 0, test: linear },
  mlp: { setting: 1, validation: 0, test: mlp, weights }
})

const results = [
  ...[result('first', 1, 0.9, 100), result('first', 2, 0.8, 120), result('first', 3, 0.7, 140)],
  ...[result('second', 1, 0.5, 10), result('second', 2, 0.7, 30)]
]
// the linear model is the better one of the first table though the MLP wins with seed 3; the MLP of the second
const rivals = [
  ...[rival('first', 1, 0.9, 0.7, 1000), rival('first', 2, 0.9, 0.7, 1000), rival('first', 3, 0.9, 1, 1000)],
  ...[rival('second', 1, 0.2, 0.5, 300), rival('second', 2, 0.2, 0.6, 500)]
]

const close = (value: number): unknown => expect.closeTo(value, 12)
const about = (mean: number, error: number): unknown => ({ mean: close(mean), error: close(error) })

describe('networks against rivals', () => {
  test('a table is judged by the rival of the higher mean, paired by seed', () => {
    const [first, second] = compare(results, rivals).tables
    expect(first).toMatchObject({
      ...{ table: 'first', seeds: [1, 2, 3], rows: 100, lowest: 0.7, living: 4, used: 5 },
      score: about(0.8, 0.1 / Math.sqrt(3)),
      effectiveSynapses: about(120, 20 / Math.sqrt(3)),
      rivals: { better: 'linear', linear: about(0.9, 0), mlp: about(0.8, Math.sqrt(0.01)), weights: 1000 }
    })
    expect(first?.rivals?.gap).toEqual(about(-0.1, 0.1 / Math.sqrt(3))) // 0, -.1, -.2
    expect(second?.rivals).toMatchObject({ better: 'mlp', gap: about(0.05, 0.05), weights: 400 }) // 0, .1
  })

  test('all tables together: mean and smallest gap, sums and their ratio', () => {
    const { overall } = compare(results, rivals)
    expect(overall).toEqual({
      tables: 2,
      gap: about(-0.025, Math.sqrt(0.01 / 3 + 0.0025) / 2),
      smallest: { table: 'first', gap: about(-0.1, 0.1 / Math.sqrt(3)) },
      effectiveSynapses: close(140),
      weights: close(1400),
      ratio: close(0.1)
    })
  })

  test('seeds without a rival count for the score alone; without any there is no gap', () => {
    const [first, second] = compare(results, rivals.slice(0, 1)).tables
    expect([first?.seeds, first?.rivals?.seeds, second?.rivals]).toEqual([[1, 2, 3], [1], undefined])
    expect(first?.rivals?.gap).toEqual({ mean: 0, error: NaN })
    expect(compare(results, []).overall).toBeUndefined()
  })

  test('rivals of other matrices are refused', () => {
    const other = { ...rival('first', 2, 1, 1, 1), matrices: 'others' }
    expect(() => compare(results, [other])).toThrow('the rivals of first, seed 2: they learned from other matrices')
  })

  test('a mean of one value has no error', () => expect(meanOf([3])).toEqual({ mean: 3, error: NaN }))
})

describe('what must hold', () => {
  test('is held against the numbers', () => {
    const bars = barsOf(
      compare(results, rivals),
      compare([result('sign', 1, 0.95, 1), result('sign', 2, 0.85, 1)], []).tables,
      [...compare([result('servo', 1, -0.1, 1, { kind: 'numbers' })], []).tables]
    )
    expect(bars.map(({ found, wanted, is, met }) => [found, wanted, is, met])).toEqual([
      [close(-0.025), -0.005, 'at least', false],
      [close(-0.1 + 0.2 / Math.sqrt(3)), -0.02, 'at least', true], // its standard error is large
      [close(0.1), 0.1, 'at most', true],
      [0.85, 0.9, 'at least', false],
      [-0.1, 0, 'at least', false]
    ])
    expect(bars[1]?.what).toBe('lowest gap of first, plus two standard errors')
  })
})

test('the page has a row a table, and the sums below', () => {
  const asked = { command: 'npm run tables -- FOLDER', choices: { hyperparameters: { gamma2: 0.005 } } }
  const made = { made: { python: '3.11' }, results: rivals }
  const page = tablesPage(
    tablesReport([...results, result('first', 1, 0.25, 7, { length: 'short', kind: 'numbers' })], made, asked)
  )
  const cells = ['first', 'kind', '3', '100', '8', '3', '0.9000 ± 0.0000', '0.8000 ± 0.1000', '0.8000 ± 0.0577']
  expect(page).toContain(`| ${cells.join(' | ')} | -0.1000 ± 0.0577 | 120 ± 12 | 1000 | 4.0 | 10 | 5 | 2.0 |`)
  expect(page).toContain('MLP of 100 | swift, gamma2 0.005 |')
  expect(page).toContain('mean gap -0.0250 ± 0.0382; smallest gap -0.1000 ± 0.0577 (first)')
  expect(page).toContain('effective synapses 140, weights of the MLPs 1400, ratio 0.100.')
  expect(page).toContain('with sagp 1.2.3 on a processor, one thread; seeds 1, 2, 3')
  expect(page).toMatch(/## Regressions of 100 epochs[^]*\| first \|[^]*0\.2500/)
})

test('what is 0 with the decimals that are told has the sign of a 0', () => {
  expect([-0.00004, -0.00006, 0, 0.00004].map(difference)).toEqual(['+0.0000', '-0.0001', '+0.0000', '+0.0000'])
  expect([digits(-0.4, 0), digits(-0.6, 0), digits(NaN, 2)]).toEqual(['0', '-1', '-'])
})
