/** A table as a file holds it: named columns of cells, before anything is known of their meaning. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'

/** A column of as many cells as the sheet has rows. */
export interface Column {
  readonly name: string
  /** The cells as text; nothing, or a word for nothing, where a value is missing. */
  readonly text: readonly string[]
  /** Whether its cells were numbers in the file, not text: then they are written with a point, whatever texts beside them are. */
  readonly plain?: boolean | undefined
}

/** A file's table. */
export interface Sheet {
  /** The file, for messages. */
  readonly place: string
  readonly rows: number
  readonly columns: readonly Column[]
  /** What separates the cells of a text file. */
  readonly delimiter?: string
  /** What is worth saying of how the file was read. */
  readonly remarks?: readonly string[]
}

/** A column of text cells, or of `plain` numbers. */
export const columnOf = (name: string, text: readonly string[], plain: boolean = false): Column =>
  plain ? { name, text, plain } : { name, text }

/** Whether a value is a number of a file's own, or nothing. */
const isPlain = (value: unknown): boolean =>
  value === null || value === undefined || typeof value === 'number' || typeof value === 'bigint'

/** Dates, as Parquet readers give them. */
const isDate = (value: unknown): boolean => Object.prototype.toString.call(value) === '[object Date]'

const cellText = (value: unknown): string | undefined => {
  if (value === null || value === undefined) return ''
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      return isDate(value) ? (JSON.parse(JSON.stringify(value)) as string) : undefined
  }
}

/** A column of values of any plain kind: numbers, texts, booleans, dates, nothing. Lists and records have no place in a table. */
export const columnOfValues = (name: string, values: readonly unknown[], place: string): E.Either<Failure, Column> => {
  const text: string[] = []
  for (const [i, value] of values.entries()) {
    const cell = cellText(value)
    if (cell === undefined) {
      const what = `row ${i + 1}, column ${name}: a ${Array.isArray(value) ? 'list' : typeof value} is no cell of a table`
      return E.left(failure('input', place, what, 'Write it as several columns of plain values'))
    }
    text.push(cell)
  }
  return E.right(columnOf(name, text, values.every(isPlain)))
}

/** A sheet of columns, checked: at least one column and row, each name once. */
export const sheetOf = (place: string, columns: readonly Column[]): E.Either<Failure, Sheet> => {
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
  const rows = columns[0]?.text.length ?? 0
  if (columns.length === 0) return wrong('the file is empty', 'Give a header line and rows')
  const names = new Set<string>()
  for (const { name } of columns) {
    if (names.has(name)) return wrong(`two columns are called ${name}`, 'Give every column its own name')
    names.add(name)
  }
  if (rows === 0) return wrong('zero rows below the header', 'Give rows below it')
  return E.right({ place, rows, columns })
}

const indices = new WeakMap<Sheet, ReadonlyMap<string, Column>>()

/** The column of a name. */
export const columnNamed = (sheet: Sheet, name: string): Column | undefined => {
  const index = indices.get(sheet) ?? new Map(sheet.columns.map(c => [c.name, c]))
  indices.set(sheet, index) // wide tables are asked for each of their columns
  return index.get(name)
}

/** A sheet with the named rows only, in their order. */
export const rowsOfSheet = (sheet: Sheet, rows: readonly number[]): Sheet => ({
  ...sheet,
  rows: rows.length,
  columns: sheet.columns.map(({ name, text, plain }) =>
    columnOf(
      name,
      rows.map(row => text[row] as string),
      plain
    )
  )
})
