/** Tables from JSON lines: a record of plain values on each line; a key that a line lacks is missing there. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { Column, Sheet } from '../sheet.js'
import { columnOfValues, sheetOf } from '../sheet.js'

const MOST_COLUMNS = 100_000

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** Reads JSON lines. */
export const readJsonLines = (text: string, place: string): E.Either<Failure, Sheet> => {
  const wrong = (line: number, what: string): E.Either<Failure, never> =>
    E.left(failure('input', place, `line ${line}: ${what}`, 'Write one JSON record a line'))
  const values = new Map<string, unknown[]>()
  let rows = 0
  for (const [i, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue
    let record: unknown
    try {
      record = JSON.parse(line)
    } catch (error) {
      return wrong(i + 1, `not JSON: ${(error as Error).message}`)
    }
    if (!isRecord(record)) return wrong(i + 1, `${JSON.stringify(record).slice(0, 40)} is no record`)
    for (const [key, value] of Object.entries(record)) {
      const column = values.get(key) ?? []
      while (column.length < rows) column.push(null)
      column.push(value)
      values.set(key, column)
    }
    if (values.size > MOST_COLUMNS) return wrong(i + 1, `more than ${MOST_COLUMNS} columns`)
    rows += 1
  }
  const columns: Column[] = []
  for (const [name, cells] of values) {
    while (cells.length < rows) cells.push(null)
    const column = columnOfValues(name, cells, place)
    if (E.isLeft(column)) return column
    columns.push(column.right)
  }
  return sheetOf(place, columns)
}
