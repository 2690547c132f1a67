/** Numbers to be learned: Float64 until they are standardised, whatever file they come from. */
import * as E from 'fp-ts/lib/Either.js'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { range } from '../core/port/ndarray.js'
import { sheetOfArrays } from './arrays.js'
import { arraysTable } from './arrays-table.js'
import { prepare } from './dataset.js'
import { readCsv } from './formats/csv.js'
import { readJsonLines } from './formats/jsonl.js'
import { readParquet } from './formats/parquet.js'
import { unscaled } from './preparation.js'
import type { Sheet } from './sheet.js'
import type { Table } from './table.js'
import type { Reading } from './reading.js'
import { plainReading } from './reading.js'
import { tabular } from './tabular.js'

const right = <A>(e: E.Either<{ readonly what: string }, A>): A => {
  if (E.isLeft(e)) throw new Error(e.left.what)
  return e.right
}

const rows = range(40)
/** Numbers whose deviation Float32 cannot tell from 0, and why. */
const targets: Readonly<Record<string, (i: number) => number>> = {
  'far from 0': i => 1.6e9 + Math.sin(i),
  tiny: i => 1e-50 * Math.sin(i),
  'beyond Float32': i => 1e200 * Math.sin(i),
  'a tiny part of what they are': i => 1 + 1e-11 * Math.sin(i)
}
const split = { training: rows.slice(0, 30), validation: rows.slice(30), test: [] }

const sheetTable = (sheet: E.Either<{ readonly what: string }, Sheet>): Table =>
  right(tabular(right(sheet), plainReading, 1)).table

const tables: Readonly<Record<string, (y: readonly number[]) => Table | Promise<Table>>> = {
  CSV: y => sheetTable(readCsv(['a,y', ...rows.map(i => `${i * i + 0.5},${y[i]}`)].join('\n'), 'f')),
  TSV: y => sheetTable(readCsv(['a\ty', ...rows.map(i => `${i * i + 0.5}\t${y[i]}`)].join('\n'), 'f')),
  'JSON lines': y =>
    sheetTable(readJsonLines(rows.map(i => JSON.stringify({ a: i * i + 0.5, y: y[i] })).join('\n'), 'f')),
  Parquet: async y => {
    const columnData = [
      { name: 'a', data: rows.map(i => i * i + 0.5), type: 'DOUBLE' as const },
      { name: 'y', data: [...y], type: 'DOUBLE' as const }
    ]
    return sheetTable(await readParquet(new Uint8Array(parquetWriteBuffer({ columnData })), 'f')())
  },
  npz: y =>
    right(
      arraysTable(
        new Map([
          ['X', { shape: [40, 1], data: Float64Array.from(rows, i => i * i) }],
          ['y', { shape: [40], data: Float64Array.from(y) }]
        ]),
        'f',
        plainReading,
        1
      )
    ).table
}

describe.each(Object.keys(tables))('numbers to be learned, from %s', form => {
  test.each(Object.keys(targets))('%s', async kind => {
    const y = rows.map(targets[kind] as (i: number) => number)
    const { training, validation, preparation } = right(
      prepare(await (tables[form] as (typeof tables)[string])(y), split)
    )
    expect(Array.from(training.truth.data)).toEqual(y.slice(0, 30))
    expect(Array.from(validation.truth.data)).toEqual(y.slice(30))
    const [offset = 0, factor = 0] = [preparation.targets?.offset[0], preparation.targets?.factor[0]]
    const made = Array.from(training.y.data)
    expect(made).toEqual(y.slice(0, 30).map(v => Math.fround((v - offset) * factor)))
    expect(made.reduce((s, v) => s + v, 0) / 30).toBeCloseTo(0, 4)
    expect(made.reduce((s, v) => s + v * v, 0) / 30).toBeCloseTo(1, 4)
    const again = unscaled(training.y, preparation.targets as NonNullable<typeof preparation.targets>).data
    again.forEach((v, i) => expect(Math.abs(v - (y[i] as number)) * factor).toBeLessThan(1e-4))
  })
})

test('a constant target becomes 0, and its truth stays what it is', () => {
  const table = sheetTable(readCsv(['a,y', ...rows.map(i => `${i}.5,${i < 30 ? 0.1 : 0.1 + i}`)].join('\n'), 'f'))
  const { training, validation, preparation } = right(prepare(table, split))
  expect(preparation.targets).toEqual({ offset: [0.1], factor: [0] })
  expect(training.y.data.every(v => v === 0)).toBe(true)
  expect(validation.truth.data[9]).toBe(39.1)
})

test('what is beyond all measure of the training rows is named, not made infinite', () => {
  const table = (a: string, y: string): Table =>
    sheetTable(readCsv(['a,y', ...rows.map(i => (i === 35 ? `${a},${y}` : `${i}e-50,${i}.5e-50`))].join('\n'), 'f'))
  const what = (t: Table): string => {
    const made = prepare(t, split)
    return E.isLeft(made) ? made.left.what : 'fine'
  }
  expect(what(table('1e-45', '1e-45'))).toBe('fine')
  expect(what(table('1', '1e-45'))).toBe('row 36, column a: 1 is too far from the numbers of the training rows')
  expect(what(table('1e-45', '-2'))).toBe('row 36, column y: -2 is too far from the numbers of the training rows')
})

test('new rows of an archive keep their digits on the way to an encoding', () => {
  const sheet = right(
    sheetOfArrays(new Map([['X', { shape: [2, 1], data: Float64Array.of(1600000001.25, 1600000000.5) }]]), 'f')
  )
  expect(sheet.columns.map(c => c.text)).toEqual([['1600000001.25', '1600000000.5']])
})

test('flags that an archive has no use for, and features that it has not, are refused', () => {
  const arrays = new Map([
    ['X', { shape: [40, 2], data: Float64Array.from({ length: 80 }, (_, i) => i * i) }],
    ['y', { shape: [40], data: Float64Array.from(rows, i => i / 7) }]
  ])
  const read = (asked: Partial<Reading>): string => {
    const made = arraysTable(arrays, 'f', { ...plainReading, ...asked }, 1)
    return E.isLeft(made) ? `${made.left.where}: ${made.left.what}` : made.right.table.features.join(', ')
  }
  expect(read({ ignore: ['x0'] })).toBe('x1')
  expect(read({ ignore: ['zz'] })).toBe('--ignore: f has no feature zz')
  expect(read({ numeric: ['x0'] })).toBe('--numeric: f is an archive of arrays, not of text')
  expect(read({ dates: [{ column: 'x0', format: 'YYYY' }] })).toContain('--date')
  expect(read({ decimal: ',' })).toContain('--decimal')
})

test('classes spelt alike in many ways are told in one line, however many ways there are', () => {
  const spelt = range(12_000).map(i =>
    Array.from('abcdefghijklmnop', (c, j) => ((i >> j) & 1 ? c.toUpperCase() : c)).join('')
  )
  const csv = `n,k\n${spelt.map((k, i) => [1, 2, 3].map(r => `${(i * 7 + r) % 9},${k}\n`).join('')).join('')}`
  const { remarks } = right(tabular(right(readCsv(csv, 'f')), plainReading, 1))
  const said = remarks.filter(remark => remark.includes('spelt nearly alike'))
  expect(said).toHaveLength(1)
  expect(said[0]).toMatch(/and 11995 more are different classes/)
})
