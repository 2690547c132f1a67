/** What a file of rows holds, whatever its format, and how its text is to be read. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { LONGEST_CELL } from './formats/bounds.js'
import type { Npy } from './formats/npy.js'
import type { Column, Sheet } from './sheet.js'
import { columnNamed, columnOf, columnOfValues, sheetOf } from './sheet.js'

/** Columns of cells, or arrays by name. */
export type TableFile =
  | { readonly kind: 'sheet'; readonly sheet: Sheet }
  | { readonly kind: 'arrays'; readonly arrays: ReadonlyMap<string, Npy> }

/** How text becomes cells, where it is not to be found by looking at it. */
export interface TextReading {
  /** What separates cells: any characters, `tab`, or a blank for any number of blanks; undefined is what the lines show. */
  readonly delimiter?: string | undefined
  /** `utf8`, `utf16le`, `utf16be`, `latin1` or another that browsers know; undefined is what a byte order mark says, or UTF-8. */
  readonly encoding?: string | undefined
}

/** A column of plain values of any kind, of bounded length. */
export const plainColumn = (name: string, values: readonly unknown[], place: string): E.Either<Failure, Column> => {
  const long = values.findIndex(value => typeof value === 'string' && value.length > LONGEST_CELL)
  if (long < 0 && name.length <= LONGEST_CELL) return columnOfValues(name, values, place)
  const where = long < 0 ? 'the name' : `row ${long + 1}`
  const what = `${where} of column ${name.slice(0, 80)} has more than ${LONGEST_CELL} characters`
  return E.left(failure('input', place, what, 'Leave it out, or shorten it'))
}

/** A sheet with more to say of how it was read. */
export const remarked = (sheet: Sheet, remarks: readonly string[]): Sheet =>
  remarks.length === 0 ? sheet : { ...sheet, remarks: [...(sheet.remarks ?? []), ...remarks] }

/** Sheets of the same columns one below the other, as the first one has them; the others' may stand in another order. */
export const stacked = (sheets: readonly Sheet[]): E.Either<Failure, Sheet> => {
  const [first, ...others] = sheets
  if (first === undefined) return E.left(failure('input', 'data', 'no file is given', 'Name at least one'))
  if (others.length === 0) return E.right(first)
  const names = first.columns.map(c => c.name)
  const remarks: string[] = sheets.flatMap(s => (s.remarks ?? []).map(remark => `${s.place}: ${remark}`))
  for (const other of others) {
    const lacking = names.find(name => !columnNamed(other, name))
    const added = other.columns.find(c => !columnNamed(first, c.name))?.name
    if (lacking !== undefined || added !== undefined) {
      const what =
        lacking !== undefined
          ? `it has no column ${lacking}, which ${first.place} has`
          : `it has a column ${added}, which ${first.place} has not`
      return E.left(failure('input', other.place, what, 'Give all files the same columns'))
    }
    if (other.columns.some((c, j) => c.name !== names[j]))
      remarks.push(`${other.place}: its columns stand in another order, and are found by their names`)
  }
  const columns = names.map((name): Column => {
    const parts = sheets.map(s => columnNamed(s, name) as Column)
    return columnOf(
      name,
      parts.flatMap(({ text }) => text),
      parts.every(({ plain }) => plain === true)
    )
  })
  remarks.push(`rows of ${sheets.length} files: ${sheets.map(s => `${s.place} ${s.rows}`).join(', ')}`)
  const place = `${first.place} and ${others.length} more`
  return E.map((sheet: Sheet) => remarked(sheet, remarks))(sheetOf(place, columns))
}
