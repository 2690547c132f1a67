/** Tables from JSON: records of plain values, one a line or in an array, or one record of equally long lists. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { Column, Sheet } from '../sheet.js'
import { sheetOf } from '../sheet.js'
import { plainColumn, remarked } from '../tablefile.js'
import { MOST_COLUMNS, mostCells, tooManyCells } from './bounds.js'
import type { RecordText } from './json.js'
import { faultOf, parsed, valueAt } from './json.js'

const CURE = 'Write one JSON record a line, or an array of records'

type Plain = Readonly<Record<string, unknown>>

const isRecord = (u: unknown): u is Plain => typeof u === 'object' && u !== null && !Array.isArray(u)

/** What gathers records into columns. */
interface Gatherer {
  /** Takes a record; what is wrong with it, and how to mend it. */
  readonly take: (record: RecordText, place: string) => readonly [what: string, cure: string] | undefined
  readonly sheet: (place: string) => E.Either<Failure, Sheet>
}

/** The first record's keys first, of these its last one last; keys that come later stand before it. */
const inOrder = <A>(values: ReadonlyMap<string, A>, last: string | undefined): readonly (readonly [string, A])[] => {
  const all = [...values]
  return [...all.filter(([name]) => name !== last), ...all.filter(([name]) => name === last)]
}

const gatherer = (characters: number, packed: number): Gatherer => {
  const most = mostCells(characters)
  const values = new Map<string, unknown[]>()
  let [rows, first, others]: [number, readonly string[], number] = [0, [], 0]
  const take: Gatherer['take'] = (text, place) => {
    let record: unknown
    try {
      record = parsed(text)
    } catch (error) {
      const [what, cure] = faultOf(text.text, error)
      return [`${place}: ${what}`, cure]
    }
    if (!isRecord(record)) return [`${place}: ${text.text.slice(0, 40)} is no record`, CURE]
    const keys = Object.keys(record)
    const width = values.size + keys.filter(key => !values.has(key)).length
    if (width * (rows + 1) > packed) return tooManyCells(packed)
    if (width > MOST_COLUMNS || width * (rows + 1) > most)
      return [
        `${place}: ${rows + 1} rows of ${width} columns are more than the ${MOST_COLUMNS} columns or ${most} cells that so short a file is read into`,
        'Give every record the same keys, or save a sparse matrix with scipy.sparse.save_npz'
      ]
    for (const key of keys) {
      const value = record[key]
      if (typeof value === 'object' && value !== null)
        return [
          `row ${rows + 1}, column ${key.slice(0, 80)}: a ${Array.isArray(value) ? 'list' : 'record'} is no cell of a table`,
          'Write it as several columns of plain values'
        ]
      const column = values.get(key) ?? []
      while (column.length < rows) column.push(null)
      column.push(value)
      values.set(key, column)
    }
    if (text.colons !== keys.length) return [`${place}: a key stands in it twice`, 'Give every key once in a record']
    rows += 1
    if (rows === 1) first = keys
    else if (keys.at(-1) !== first.at(-1)) others += 1
    return undefined
  }
  const sheet: Gatherer['sheet'] = place => {
    const columns: Column[] = []
    const last = first.at(-1)
    for (const [name, cells] of inOrder(values, last)) {
      while (cells.length < rows) cells.push(null)
      const column = plainColumn(name, cells, place)
      if (E.isLeft(column)) return column
      columns.push(column.right)
    }
    const remark = `the last column is ${last}, the last key of the first record, though ${others} record(s) end with another`
    return E.map((s: Sheet) => remarked(s, others > 0 ? [remark] : []))(sheetOf(place, columns))
  }
  return { take, sheet }
}

const wrongAt = (place: string, [what, cure]: readonly [string, string]): E.Either<Failure, never> =>
  E.left(failure('input', place, what, cure))

/** Reads JSON lines: a record of plain values on each line; a key that a line lacks is missing there. */
export const readJsonLines = (text: string, place: string, most: number = Infinity): E.Either<Failure, Sheet> => {
  const { take, sheet } = gatherer(text.length, most)
  let [at, line] = [text.startsWith('\ufeff') ? 1 : 0, 1]
  for (; at < text.length; line++) {
    const end = text.indexOf('\n', at)
    const here = text.slice(at, end < 0 ? text.length : end).trim()
    at = end < 0 ? text.length : end + 1
    if (here === '') continue
    const value = valueAt(here, 0, here.length)
    const fault = take(value?.text === here ? value : { text: here, colons: 0, long: false }, `line ${line}`)
    if (fault) return wrongAt(place, fault)
  }
  return sheet(place)
}

const SPACE = /\s*/y
const afterSpace = (text: string, at: number): number => {
  SPACE.lastIndex = at
  return at + (SPACE.exec(text)?.[0].length ?? 0)
}

const readArray = (text: string, place: string, from: number, most: number): E.Either<Failure, Sheet> => {
  const { take, sheet } = gatherer(text.length, most)
  let at = afterSpace(text, from + 1)
  for (let row = 1; text[at] !== ']'; row++) {
    const value = text[at] === '{' ? valueAt(text, at, text.length) : undefined
    if (!value) return wrongAt(place, [`row ${row}: ${JSON.stringify(text.slice(at, at + 20))} begins no record`, CURE])
    const fault = take(value, `row ${row}`)
    if (fault) return wrongAt(place, fault)
    at = afterSpace(text, at + value.text.length)
    if (text[at] === ',') at = afterSpace(text, at + 1)
    else if (text[at] !== ']') return wrongAt(place, [`row ${row}: neither , nor ] follows it`, CURE])
  }
  return afterSpace(text, at + 1) === text.length
    ? sheet(place)
    : wrongAt(place, ['something follows the end of its array', CURE])
}

/** One record of lists, as columns. */
const readLists = (value: RecordText, place: string, most: number): E.Either<Failure, Sheet> => {
  let lists: unknown
  try {
    lists = parsed(value)
  } catch (error) {
    return wrongAt(place, faultOf(value.text, error))
  }
  const columns: Column[] = []
  const all = Object.entries(lists as Plain)
  const rows = Array.isArray(all[0]?.[1]) ? all[0][1].length : 0
  if (value.colons !== all.length || all.some(([, cells]) => !Array.isArray(cells) || cells.length !== rows))
    return wrongAt(place, [
      'a record of records or of lists of different lengths is no table',
      `${CURE}, as pandas does with to_json(orient='records')`
    ])
  if (rows * all.length > most) return wrongAt(place, tooManyCells(most))
  for (const [name, cells] of all) {
    const column = plainColumn(name, cells as readonly unknown[], place)
    if (E.isLeft(column)) return column
    columns.push(column.right)
  }
  return sheetOf(place, columns)
}

/** Reads JSON: an array of records, one record of lists, or JSON lines; of a packed file at most `most` cells. */
export const readJson = (text: string, place: string, most: number = Infinity): E.Either<Failure, Sheet> => {
  const from = afterSpace(text, text.startsWith('\ufeff') ? 1 : 0)
  if (text[from] === '[') return readArray(text, place, from, most)
  const value = text[from] === '{' ? valueAt(text, from, text.length) : undefined
  const alone = value && afterSpace(text, from + value.text.length) === text.length
  return alone && /^\{\s*"(?:[^"\\]|\\.){0,10000}"\s*:\s*[[{]/.test(value.text)
    ? readLists(value, place, most)
    : readJsonLines(text, place, most)
}
