/**
 * How the columns of a table become features: numbers as they are, dates as days and where they stand in year, week and day,
 * words one by one (one-hot), what is missing filled and marked. Learned from the training rows alone
 * (learn-encoding.ts), kept with the model, applied alike to any other rows.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { isMissing, isMissingNumber, numberReader, plainFormat } from './cells.js'
import type { Code, Encoding } from './codes.js'
import { featuresOf, valueFeatures } from './codes.js'
import { aroundCycle, dateReader, isoDays } from './dates.js'
import type { Matrix } from './matrix.js'
import { yesOrNo } from './meaning.js'
import type { Column, Sheet } from './sheet.js'
import { columnNamed } from './sheet.js'

/** What a cell says: a number, days, 1 or 0, or the place of a word; that it is missing; a word unknown; nonsense. */
type Said = number | 'missing' | 'unknown' | 'nonsense'

const readerOf = (code: Code, marks: readonly string[]): ((cell: string) => Said) => {
  switch (code.as) {
    case 'number': {
      const read = numberReader(code.format ?? plainFormat, marks)
      return cell => {
        const value = read(cell)
        return value === undefined ? 'nonsense' : Number.isNaN(value) ? 'missing' : value
      }
    }
    case 'date': {
      const read = dateReader(code.format) ?? isoDays
      return cell => (isMissingNumber(cell, marks) ? 'missing' : (read(cell) ?? 'nonsense'))
    }
    case 'yes/no':
      return cell => (isMissing(cell, marks) ? 'missing' : (yesOrNo(cell) ?? 'unknown'))
    case 'words': {
      const index = new Map(code.words.map((word, k) => [word, k]))
      return cell => index.get(cell) ?? (isMissing(cell, marks) ? 'missing' : 'unknown')
    }
  }
}

type Put = (row: number, feature: number, value: number) => void

/** Writes the features of a value: a word's own, or a number's, with where a date stands in its cycles. */
const putValue = (code: Code, row: number, value: number, put: Put): void => {
  if (code.as === 'words') return put(row, value, 1)
  put(row, 0, value)
  if (code.as !== 'date') return
  code.cycles.forEach((cycle, k) => {
    const [s, c] = aroundCycle(cycle, value)
    put(row, 2 * k + 1, s)
    put(row, 2 * k + 2, c)
  })
}

/** Features of all rows of a sheet, with what had to be made up. */
export interface Encoded {
  readonly x: Matrix
  /** What is missing and what is unknown, by column. */
  readonly remarks: readonly string[]
  /** Those of them about words that the training rows do not have. */
  readonly unknown: readonly string[]
}

const fillingOf = (code: Code): string => {
  switch (code.as) {
    case 'number':
    case 'date':
      return `${Number(code.fill.toPrecision(6))}, the training rows' mean${code.as === 'date' ? ' in days' : ''}`
    case 'yes/no':
      return `${Number(code.fill.toPrecision(6))}, the training rows' share of ${code.yes}`
    case 'words':
      return 'none of its words'
  }
}

const kinds: Readonly<Record<Exclude<Code['as'], 'words' | 'yes/no'>, string>> = {
  number: 'a finite number',
  date: 'a date'
}

/** Writes one column's features for all rows; gives what is worth saying. */
const encodeColumn = (
  code: Code,
  column: Column | undefined,
  { rows, place }: Sheet,
  marks: readonly string[],
  put: Put
): E.Either<Failure, Pick<Encoded, 'remarks' | 'unknown'>> => {
  const filling = fillingOf(code)
  const mark = valueFeatures(code).length
  const fill = (row: number): void => {
    if (code.as !== 'words') putValue(code, row, code.fill, put)
  }
  const absent = (row: number): void => {
    fill(row)
    if (code.marked) put(row, mark, 1)
  }
  if (column === undefined) {
    for (let i = 0; i < rows; i++) absent(i)
    return E.right({ remarks: [`column ${code.column} is missing: taken as ${filling}`], unknown: [] })
  }
  const plain = code.as === 'number' && column.plain === true
  const read = readerOf(plain ? { ...code, format: plainFormat } : code, marks)
  const unknown = new Set<string>()
  let [missing, strange] = [0, 0]
  for (let i = 0; i < rows; i++) {
    const cell = column.text[i] as string
    const said = read(cell)
    if (said === 'nonsense') {
      const kind = kinds[code.as as keyof typeof kinds]
      const what = `row ${i + 1}, column ${code.column}: ${JSON.stringify(cell.slice(0, 40))} is not ${kind}`
      const format = code.as === 'date' ? `dates there, as ${code.format}` : 'numbers there'
      return E.left(failure('input', place, what, `The model was trained on ${format}: correct it, or leave it empty`))
    }
    if (said === 'missing') {
      missing += 1
      absent(i)
    } else if (said === 'unknown') {
      strange += 1
      if (unknown.size < 3) unknown.add(cell)
      fill(i)
    } else putValue(code, i, said, put)
  }
  const named = [...unknown].map(cell => cell.slice(0, 40)).join(', ')
  const strangers = strange > 0 ? [`column ${code.column}: ${strange} unknown (${named}), taken as ${filling}`] : []
  const gaps = missing > 0 ? [`column ${code.column}: ${missing} missing, taken as ${filling}`] : []
  return E.right({ remarks: [...gaps, ...strangers], unknown: strangers })
}

/** A column's entries by row are few where its words are many: then a sparse matrix is the smaller one. */
const WIDE = 4

/**
 * Features of all rows of a sheet; columns are found by name, in any order, others are ignored. `marks` are cells that mean
 * missing beside the usual ones.
 */
export const encode = (encoding: Encoding, sheet: Sheet, marks: readonly string[] = []): E.Either<Failure, Encoded> => {
  const { rows } = sheet
  const widths = encoding.map(code => featuresOf(code).length)
  const columns = widths.reduce((sum, w) => sum + w, 0)
  const sparse = columns > WIDE * Math.max(16, encoding.length)
  const data = new Float64Array(sparse ? 0 : rows * columns)
  const entries: (readonly [number, number])[][] = sparse ? range(rows).map(() => []) : []
  const [remarks, unknown]: [string[], string[]] = [[], []]
  let first = 0
  for (const [k, code] of encoding.entries()) {
    const at = first
    const made = encodeColumn(code, columnNamed(sheet, code.column), sheet, marks, (row, feature, value) => {
      if (sparse) entries[row]?.push([at + feature, value])
      else data[row * columns + at + feature] = value
    })
    if (E.isLeft(made)) return made
    remarks.push(...made.right.remarks)
    unknown.push(...made.right.unknown)
    first += widths[k] as number
  }
  if (!sparse) return E.right({ x: { shape: [rows, columns], data }, remarks, unknown })
  const starts = new Uint32Array(rows + 1)
  entries.forEach((row, i) => (starts[i + 1] = (starts[i] as number) + row.length))
  const flat = entries.flat()
  const x = {
    shape: [rows, columns] as const,
    starts,
    columns: Uint32Array.from(flat, ([column]) => column),
    values: Float64Array.from(flat, ([, value]) => value)
  }
  return E.right({ x, remarks, unknown })
}

/** An encoding for features that are plain numbers under their own names. */
export const plainEncoding = (features: readonly string[], fill: readonly number[]): Encoding =>
  range(features.length).map(j => ({
    as: 'number',
    column: features[j] as string,
    fill: fill[j] as number,
    marked: false
  }))
