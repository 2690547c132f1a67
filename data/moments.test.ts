/** Statistics of columns, and what they make of columns far from 0, tiny, huge, or constant up to rounding. */
import * as E from 'fp-ts/lib/Either.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { range } from '../core/port/ndarray.js'
import { arraysTable } from './arrays-table.js'
import { prepare } from './dataset.js'
import { readCsv } from './formats/csv.js'
import { csrOf } from './formats/csr.js'
import { readJsonLines } from './formats/jsonl.js'
import type { Npy } from './formats/npy.js'
import type { Csr, Dense, Matrix } from './matrix.js'
import { denseOf, columnStatistics, take, varying } from './matrix.js'
import { scalingBy, standardising } from './preparation.js'
import { splitOf } from './table.js'
import type { Table } from './table.js'
import { plainReading } from './reading.js'
import { tabular } from './tabular.js'

const right = <A>(e: E.Either<{ readonly what: string }, A>): A => {
  if (E.isLeft(e)) throw new Error(e.left.what)
  return e.right
}

const column = (values: readonly number[]): Dense => ({
  shape: [values.length, 1],
  data: Float64Array.from(values)
})

/** The same numbers as a sparse matrix that stores all of them, or all but the zeros. */
const sparse = ({ shape, data }: Dense, zeros: boolean): Csr => {
  const [rows, columns] = shape
  const starts = Uint32Array.of(0, ...range(rows).map(() => 0))
  const at: number[] = []
  const values: number[] = []
  data.forEach((value, k) => {
    if (zeros || value !== 0) {
      at.push(k % columns)
      values.push(value)
    }
    starts[Math.floor(k / columns) + 1] = at.length
  })
  return { shape, starts, columns: Uint32Array.from(at), values: Float64Array.from(values) }
}

const forms = (x: Dense): readonly Matrix[] => [x, sparse(x, true), sparse(x, false)]
const standardised = (x: Matrix): readonly number[] =>
  Array.from(take(x, range(x.shape[0]), standardising(x, range(x.shape[0]))).data)

describe('moments', () => {
  test('of numbers far from 0 are those of their distances', () => {
    for (const offset of [0, 1.6e9, -1.6e9, 2 ** 45])
      for (const x of forms(column(range(300).map(i => offset + (i % 3) - 1)))) {
        const [m] = columnStatistics(x, range(300))
        expect(m?.mean).toBe(offset)
        expect(m?.deviation).toBeCloseTo(Math.sqrt(2 / 3), 13)
        expect(m?.largest).toBe(Math.abs(offset) + 1)
      }
  })
  test('do not depend on an offset, as long as Float64 holds the sums', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: -(2 ** 46), max: 2 ** 46 }),
        (values, offset) => {
          const n = values.length
          const sum = values.reduce((s, v) => s + v, 0)
          const squares = values.reduce((s, v) => s + v * v, 0)
          const deviation = Math.sqrt((n * squares - sum * sum) / (n * n)) // whole numbers: exact below the root
          for (const x of forms(column(values.map(v => v + offset)))) {
            const [m] = columnStatistics(x, range(n))
            expect(Math.abs((m?.mean ?? NaN) - offset - sum / n)).toBeLessThanOrEqual(
              2 ** -52 * (Math.abs(offset) + 50)
            )
            expect(Math.abs((m?.deviation ?? NaN) - deviation)).toBeLessThan(1e-12)
            if (deviation === 0) expect(m?.deviation).toBe(0)
          }
        }
      )
    )
  })
  test('scale with their column, from the smallest to the largest numbers', () => {
    const values = range(40).map(i => ((i * 37) % 41) / 8 - 2)
    const [plain] = columnStatistics(column(values), range(40))
    for (const k of [-1000, -700, 700, 1020]) {
      const [m] = columnStatistics(column(values.map(v => v * 2 ** k)), range(40))
      expect(m?.mean).toBe((plain?.mean ?? NaN) * 2 ** k)
      expect(m?.deviation).toBe((plain?.deviation ?? NaN) * 2 ** k)
    }
    const [ends] = columnStatistics(column([-1e308, 1e308, -1e308, 1e308]), range(4))
    expect(ends).toEqual({ mean: 0, deviation: 1e308, largest: 1e308 })
  })
})

describe('a column', () => {
  test('that varies little, but more than its rounding, is standardised', () => {
    for (const values of [
      [1e-13, -1e-13], // tiny
      [5e-50, 7e-50],
      [1 + 2e-13, 1 - 2e-13], // a tiny part of what it is
      [1600000001.5, 1599999998.5],
      [3e200, 1e200]
    ])
      for (const x of forms(column(range(10).map(i => values[i % 2] as number)))) {
        const made = standardised(x)
        const sign = Math.sign((values[0] as number) - (values[1] as number))
        made.forEach((v, i) => expect(v).toBeCloseTo(i % 2 === 0 ? sign : -sign, 2))
        expect(varying(x, range(10))).toEqual([true])
      }
  })
  test('that is constant, exactly or up to rounding, becomes 0', () => {
    for (const values of [
      [0, 0],
      [0.1, 0.1],
      [-1e-13, -1e-13],
      [1.6e9, 1.6e9],
      [1e300, 1e300],
      [0.1 + 0.2, 0.3],
      [1e9 / 3, 1e9 * (1 / 3)]
    ])
      for (const x of forms(column(range(11).map(i => values[i % 2] as number))))
        expect(standardised(x).every(v => v === 0)).toBe(true)
  })
  test('of Float32 counts as varying where two of its numbers differ by more', () => {
    const x: Dense = { shape: [2, 1], data: Float32Array.of(16777216, 16777218) }
    expect(standardised(x)).toEqual([-1, 1])
  })
})

test('pixels share a mean and a deviation, however far from 0 they are', () => {
  const x: Dense = { shape: [2, 4], data: Float64Array.of(1e9, 1e9 + 2, 5, 5, 1e9 + 2, 1e9, 5, 5) }
  const { offset, factor } = scalingBy({ kind: 'channels', channels: 2 }, x, [0, 1])
  expect([offset, factor]).toEqual([
    [1e9 + 1, 1e9 + 1, 5, 5],
    [1, 1, 0, 0]
  ])
})

describe('the same table in another format has the same statistics', () => {
  const rows = range(40)
  const wide = rows.map(i => [1.6e9 + Math.sin(i), 1e-13 * Math.cos(i), i === 7 ? 0 : i, 1e-50 * (i % 5)])
  const y = rows.map(i => 1.6e9 + Math.sin(3 * i))
  const names = ['far', 'tiny', 'plain', 'tinier']
  const csv = [[...names, 'y'].join(','), ...rows.map(i => [...(wide[i] ?? []), y[i]].join(','))].join('\n')
  const lines = rows.map(i =>
    JSON.stringify(Object.fromEntries([...names.map((n, j) => [n, wide[i]?.[j]]), ['y', y[i]]]))
  )
  const array = (shape: readonly number[], values: readonly number[]): Npy => ({
    shape,
    data: Float64Array.from(values)
  })
  const common: readonly (readonly [string, Npy])[] = [
    ['features', { shape: [4], data: names }],
    ['y', array([40], y)]
  ]
  const stored = sparse({ shape: [40, 4], data: Float64Array.from(wide.flat()) }, false)
  const whole = (values: ArrayLike<number>): Npy => ({ shape: [values.length], data: Int32Array.from(values) })
  const tables: Readonly<Record<string, () => Table>> = {
    CSV: () =>
      right(E.chain((s: Parameters<typeof tabular>[0]) => tabular(s, plainReading, 1))(readCsv(csv, 'f'))).table,
    'JSON lines': () =>
      right(
        E.chain((s: Parameters<typeof tabular>[0]) => tabular(s, plainReading, 1))(readJsonLines(lines.join('\n'), 'f'))
      ).table,
    npz: () => right(arraysTable(new Map([...common, ['X', array([40, 4], wide.flat())]]), 'f', plainReading, 1)).table,
    'sparse npz': () =>
      right(
        arraysTable(
          new Map([
            ...common,
            ['X_data', { shape: [stored.values.length], data: stored.values }],
            ['X_indices', whole(stored.columns)],
            ['X_indptr', whole(stored.starts)],
            ['X_shape', whole([40, 4])]
          ]),
          'f',
          plainReading,
          1
        )
      ).table
  }
  const split = splitOf((tables['npz'] as () => Table)(), 1)
  const expected = right(prepare((tables['npz'] as () => Table)(), split))
  test.each(Object.keys(tables))('%s', form => {
    const table = (tables[form] as () => Table)()
    expect(table.features).toEqual(names)
    const { preparation, training } = right(prepare(table, split))
    expect(training.inputs()).toEqual(expected.training.inputs())
    preparation.features.factor.forEach((f, j) =>
      expect(f / (expected.preparation.features.factor[j] as number)).toBeCloseTo(1, 12)
    )
    for (const j of range(4)) {
      const values = range(training.rows.length).map(i => training.inputs().data[4 * i + j] as number)
      expect(values.reduce((s, v) => s + v, 0) / values.length).toBeCloseTo(0, 5)
      expect(values.reduce((s, v) => s + v * v, 0) / values.length).toBeCloseTo(1, 5)
    }
  })
})

test('whole numbers of a sparse matrix keep all their digits', () => {
  const whole = (values: readonly number[]): Npy => ({ shape: [values.length], data: Int32Array.from(values) })
  const made = right(
    csrOf(
      new Map([
        ['data', whole([16777217, 16777219])],
        ['indices', whole([0, 1])],
        ['indptr', whole([0, 1, 2])],
        ['shape', whole([2, 2])]
      ]),
      '',
      'f'
    )
  )
  expect(Array.from(denseOf(made as Csr).data)).toEqual([16777217, 0, 0, 16777219])
})
