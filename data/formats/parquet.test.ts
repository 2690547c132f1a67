/** Parquet files as pyarrow and pandas write them (data/reference/parquet.py). */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import { bytesOf } from '../reference/stored.js'
import type { Sheet } from '../sheet.js'
import { readParquet } from './parquet.js'

const stored = JSON.parse(readFileSync(new URL('../reference/parquet.json', import.meta.url), 'utf8')) as {
  readonly files: Readonly<Record<string, string>>
  readonly cells: Readonly<Record<string, readonly string[]>>
}
const read = async (name: string): Promise<Sheet | string> => {
  const made = await readParquet(bytesOf(stored.files[name] ?? ''), 'f')()
  return E.isLeft(made) ? made.left.what : made.right
}
const cells = (sheet: Sheet | string): unknown =>
  typeof sheet === 'string' ? sheet : Object.fromEntries(sheet.columns.map(c => [c.name, c.text]))

test.each(['plain', 'groups'])(
  '%s: decimals, times in UTC, days, categories, whole numbers digit by digit',
  async name => {
    expect(cells(await read(name))).toEqual(stored.cells)
  }
)
test("pandas' index is left out, and said; what it only counts is not there", async () => {
  for (const name of ['index', 'unsaid']) {
    const index = await read(name)
    expect(cells(index)).toEqual({ a: ['1.5', '3.5', '2.5'], y: ['u', 'u', 'v'] })
    expect(index).toMatchObject({ remarks: ['left out what pandas wrote as its index: __index_level_0__'] })
  }
  expect(cells(await read('named'))).toEqual({ a: ['1.5', '2.5', '3.5'] })
  const counted = await read('range')
  expect(cells(counted)).toEqual({ a: ['1.5', '2.5', '3.5'], y: ['u', 'v', 'u'] })
  expect(counted).not.toHaveProperty('remarks')
})
test.each([
  ['list', 'column l is nested'],
  ['record', 'column r is nested'],
  ['map', 'column m is nested'],
  ['twins', 'two columns are called a']
])('%s is refused by name', async (name, message) => {
  expect(await read(name)).toContain(message)
})
test('few bytes that stand for more cells than their size allows are refused', async () => {
  const data = new Float64Array(5_000_000)
  const file = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'a', data, type: 'DOUBLE' }] }))
  const made = await readParquet(file, 'f')()
  expect(E.isLeft(made) && made.left.what).toMatch(/5000000 rows of 1 columns are more than the \d+ cells/)
})
