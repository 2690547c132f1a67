/**
 * How the columns of a table become features: numbers as they are, words one by one (one-hot), what is missing filled and
 * marked. Learned from the training rows alone, kept with the model, applied alike to any other rows.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { Matrix } from './matrix.js'
import { columnStatistics } from './matrix.js'
import type { Column, Sheet } from './sheet.js'
import { asNumber, columnNamed, isMissing } from './sheet.js'

/** A column of numbers; a missing one becomes `fill`, and has a feature of its own if any was missing in training. */
export interface NumberCode {
  readonly as: 'number'
  readonly column: string
  readonly fill: number
  readonly marked: boolean
}

/** A column of words: a feature, 0 or 1, for each of them, and one for what is missing if any was in training. */
export interface WordsCode {
  readonly as: 'words'
  readonly column: string
  readonly words: readonly string[]
  readonly marked: boolean
}

/** Columns in the order of their features. */
export type Encoding = readonly (NumberCode | WordsCode)[]

/** Names of a code's features. */
const featuresOf = (code: NumberCode | WordsCode): readonly string[] => [
  ...(code.as === 'number' ? [code.column] : code.words.map(word => `${code.column}=${word}`)),
  ...(code.marked ? [`${code.column} is missing`] : [])
]

/** Names of the features of an encoding. */
export const featureNames = (encoding: Encoding): readonly string[] => encoding.flatMap(featuresOf)

/** Which features are 0 or 1 by their making, and are not to be scaled. */
export const indicators = (encoding: Encoding): readonly boolean[] =>
  encoding.flatMap(code => featuresOf(code).map((_, i) => code.as === 'words' || i > 0))

/** Most words of a column that are given a feature each. */
const MOST_WORDS = 1000

/** What is learned of one column: its code, or why it is left out. */
const learnedOf = (column: Column, training: readonly number[], asWords: boolean): NumberCode | WordsCode | string => {
  const { name, text, numbers } = column
  const everywhere = new Set(text.filter(cell => !isMissing(cell)))
  if (everywhere.size === 0) return 'empty'
  if (everywhere.size === 1 && !text.some(isMissing)) return 'constant'
  const cells = training.map(row => text[row] as string).filter(cell => !isMissing(cell))
  const marked = cells.length < training.length
  const distinct = new Set(cells)
  if (numbers && !asWords && everywhere.size > 1) {
    const there = Float64Array.from(cells, cell => asNumber(cell) as number)
    const [known] = columnStatistics({ shape: [there.length, 1], data: there }, range(there.length))
    return { as: 'number', column: name, fill: there.length === 0 ? 0 : (known?.mean ?? 0), marked }
  }
  if (!asWords && distinct.size > Math.max(20, cells.length / 2)) return 'nearly every cell differs'
  if (distinct.size > MOST_WORDS) return `${distinct.size} different words, more than ${MOST_WORDS}`
  return { as: 'words', column: name, words: [...distinct].sort(), marked }
}

/** A column most of whose cells are numbers, with its first cell that is none: a slip of the pen rather than words. */
const slip = ({ text, numbers }: Column): number | undefined => {
  if (numbers) return undefined
  const parsed = text.map(asNumber)
  const fine = parsed.filter(v => v !== undefined && !Number.isNaN(v)).length
  const odd = parsed.filter(v => v === undefined).length
  return fine > odd ? parsed.indexOf(undefined) : undefined
}

const noNumber = ({ name, text }: Column, row: number, place: string, cure: string): E.Either<Failure, never> =>
  E.left(
    failure(
      'input',
      place,
      `row ${row + 1}, column ${name}: ${JSON.stringify((text[row] as string).slice(0, 40))} is not a finite number`,
      cure
    )
  )

/** An encoding, and the columns left out of it with the reason. */
export interface Learned {
  readonly encoding: Encoding
  readonly leftOut: readonly (readonly [column: string, why: string])[]
}

/** Learns how to encode the named columns, from the training rows; those in `words` are words even if they look like numbers. */
export const learnEncoding = (
  sheet: Sheet,
  names: readonly string[],
  training: readonly number[],
  words: readonly string[]
): E.Either<Failure, Learned> => {
  const encoding: (NumberCode | WordsCode)[] = []
  const leftOut: (readonly [string, string])[] = []
  for (const name of names) {
    const column = columnNamed(sheet, name) as Column
    const asWords = words.includes(name)
    const odd = asWords ? undefined : slip(column)
    if (odd !== undefined)
      return noNumber(
        column,
        odd,
        sheet.place,
        'Replace it by a number or leave it empty; or name the column with --categorical'
      )
    const code = learnedOf(column, training, asWords)
    if (typeof code === 'string') leftOut.push([name, code])
    else encoding.push(code)
  }
  return E.right({ encoding, leftOut })
}

/** Features of a sheet's rows, with what had to be made up. */
export interface Encoded {
  readonly x: Matrix
  readonly remarks: readonly string[]
}

/** Writes one column's features for all rows; gives what is worth saying. */
const encodeColumn = (
  code: NumberCode | WordsCode,
  column: Column | undefined,
  rows: number,
  place: string,
  put: (row: number, feature: number, value: number) => void
): E.Either<Failure, readonly string[]> => {
  const filling =
    code.as === 'number' ? `${Number(code.fill.toPrecision(6))}, the training rows' mean` : 'none of its words'
  if (column === undefined) {
    for (let i = 0; i < rows; i++) {
      if (code.as === 'number') put(i, 0, code.fill)
      if (code.marked) put(i, code.as === 'number' ? 1 : code.words.length, 1)
    }
    return E.right([`column ${code.column} is missing: taken as ${filling}`])
  }
  const index = new Map(code.as === 'words' ? code.words.map((word, k) => [word, k]) : [])
  const mark = code.as === 'number' ? 1 : index.size
  const unknown = new Set<string>()
  let [missing, strange] = [0, 0]
  for (let i = 0; i < rows; i++) {
    const cell = column.text[i] as string
    const value = code.as === 'number' ? (column.numbers?.[i] ?? asNumber(cell)) : (index.get(cell) ?? NaN)
    if (value === undefined) return noNumber(column, i, place, 'The model was trained on numbers there: correct it')
    if (!Number.isNaN(value)) {
      if (code.as === 'number') put(i, 0, value)
      else put(i, value, 1)
    } else if (code.as === 'words' && !isMissing(cell)) {
      strange += 1
      if (unknown.size < 3) unknown.add(cell)
    } else {
      missing += 1
      if (code.as === 'number') put(i, 0, code.fill)
      if (code.marked) put(i, mark, 1)
    }
  }
  return E.right([
    ...(missing > 0 ? [`column ${code.column}: ${missing} missing, taken as ${filling}`] : []),
    ...(strange > 0
      ? [`column ${code.column}: ${strange} unknown (${[...unknown].join(', ')}), taken as none of its words`]
      : [])
  ])
}

/** A column's entries by row are few where its words are many: then a sparse matrix is the smaller one. */
const WIDE = 4

/** Features of all rows of a sheet; columns are found by name, in any order, others are ignored. */
export const encode = (encoding: Encoding, sheet: Sheet): E.Either<Failure, Encoded> => {
  const { rows, place } = sheet
  const widths = encoding.map(code => featuresOf(code).length)
  const columns = widths.reduce((sum, w) => sum + w, 0)
  const sparse = columns > WIDE * Math.max(16, encoding.length)
  const data = new Float64Array(sparse ? 0 : rows * columns)
  const entries: (readonly [number, number])[][] = sparse ? range(rows).map(() => []) : []
  const remarks: string[] = []
  let first = 0
  for (const [k, code] of encoding.entries()) {
    const at = first
    const made = encodeColumn(code, columnNamed(sheet, code.column), rows, place, (row, feature, value) => {
      if (sparse) entries[row]?.push([at + feature, value])
      else data[row * columns + at + feature] = value
    })
    if (E.isLeft(made)) return made
    remarks.push(...made.right)
    first += widths[k] as number
  }
  if (!sparse) return E.right({ x: { shape: [rows, columns], data }, remarks })
  const starts = new Uint32Array(rows + 1)
  entries.forEach((row, i) => (starts[i + 1] = (starts[i] as number) + row.length))
  const flat = entries.flat()
  const x = {
    shape: [rows, columns] as const,
    starts,
    columns: Uint32Array.from(flat, ([column]) => column),
    values: Float64Array.from(flat, ([, value]) => value)
  }
  return E.right({ x, remarks })
}

/** What the columns of a table were taken for, in a few words each. */
export const described = (encoding: Encoding): readonly string[] =>
  encoding.map(code => {
    const marked = code.marked ? ', missing ones marked' : ''
    if (code.as === 'number') return `${code.column}: number${marked}`
    const shown = code.words.slice(0, 4).join(', ')
    return `${code.column}: ${code.words.length} words (${shown}${code.words.length > 4 ? ', ...' : ''})${marked}`
  })

/** An encoding for features that are plain numbers under their own names. */
export const plainEncoding = (features: readonly string[], fill: readonly number[]): Encoding =>
  range(features.length).map(j => ({
    as: 'number',
    column: features[j] as string,
    fill: fill[j] as number,
    marked: false
  }))
