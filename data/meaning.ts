/** What a column of cells is taken for, and why: by all of its cells, and by what somebody said of it. */
import type { Distinct, NumberFormat } from './cells.js'
import { distinctOf, formatInWords, formatOf, isMissingNumber, numberReader } from './cells.js'
import { dateReader, ISO, isoDays, looksLikeDate } from './dates.js'
import type { Column } from './sheet.js'

/** Kinds of columns. */
export type Meaning =
  | { readonly as: 'numbers'; readonly format: NumberFormat; readonly odd: readonly string[] }
  | { readonly as: 'date'; readonly format: string; readonly odd: readonly string[] }
  | { readonly as: 'yes/no'; readonly yes: string }
  | { readonly as: 'words' }
  /** Nearly every cell is a text of its own. */
  | { readonly as: 'text' }
  /** Different in every row: it tells rows apart, and nothing else. */
  | { readonly as: 'id'; readonly of: 'numbers' | 'words' }
  | { readonly as: 'constant'; readonly cell: string }
  | { readonly as: 'empty' }
  /** Dates in a format that has to be named. */
  | { readonly as: 'unclear dates'; readonly cells: readonly string[] }

/** A column, what it is taken for, and why, in a few words. */
export interface Understood {
  readonly name: string
  readonly meaning: Meaning
  readonly why: string
  readonly missing: number
  /** Different cells that are there. */
  readonly distinct: number
}

/** What is known of a column beside its cells. */
export interface Hints {
  /** Marks of missing values, beside the usual ones. */
  readonly marks: readonly string[]
  /** The decimal mark of the file, where it is known. */
  readonly decimal?: '.' | ',' | undefined
  /** What somebody said that it is. */
  readonly said?: 'words' | 'numbers' | undefined
  /** Whether it is to be learned. */
  readonly target?: boolean
  /** The format of its dates, if somebody named one. */
  readonly date?: string | undefined
}

/**
 * Share of the cells from which a column is nearly all numbers, or dates; from which a target is numbers rather than
 * hundreds of classes; and how many different numbers that takes.
 */
const [NEARLY, MOSTLY, MANY] = [0.95, 0.5, 20] as const
/** Rows from which it means something that all cells differ. */
const TELLING = 10

/** Cells that mean yes, in small letters. */
export const yesWords: readonly string[] = ['yes', 'y', 'true', 't', '1', '1.0']
/** Cells that mean no, in small letters. */
export const noWords: readonly string[] = ['no', 'n', 'false', 'f', '0', '0.0']

/** 1 for yes and true, 0 for no and false, however they are written. */
export const yesOrNo = (cell: string): number | undefined => {
  const word = cell.toLowerCase()
  return yesWords.includes(word) ? 1 : noWords.includes(word) ? 0 : undefined
}

/** Whether a text is a whole number of more digits than a number can hold. */
const tooLong = (cell: string): boolean => {
  if (cell.length < 16 || !/^[-+]?\d+$/.test(cell)) return false
  return BigInt(Number(cell)) !== BigInt(cell.replace('+', ''))
}

const shown = (cells: readonly string[], most: number): string =>
  `${cells
    .slice(0, most)
    .map(c => JSON.stringify(c.slice(0, 24)))
    .join(', ')}${cells.length > most ? ', ...' : ''}`

const rowsOf = (cells: readonly string[], counts: Distinct['counts']): number =>
  cells.reduce((n, cell) => n + (counts.get(cell) ?? 0), 0)

const wordsOf = (cells: readonly string[], rows: number, there: number, why: string): readonly [Meaning, string] => {
  if (cells.length === rows && rows >= TELLING) return [{ as: 'id', of: 'words' }, `${why}different in every row`]
  if (cells.length > Math.max(MANY, there / 2))
    return [{ as: 'text' }, `${why}${cells.length} different texts in ${there} rows`]
  return [{ as: 'words' }, `${why}${cells.length} words: ${shown(cells, 3)}`]
}

/** Whether a cell looks like a number that somebody wrote wrongly, or that is none: 4o, inf. */
const looksNumeric = (cell: string): boolean => /^[-+]?(?:[.,]?\d|inf(?:inity)?$)/i.test(cell)

/** Whether a cell is a whole number in digits alone. */
const isWhole = (cell: string): boolean => /^[-+]?\d+(?:\.0+)?$/.test(cell)

/** Fewest and most digits of a number that is shown. */
const [FEW, ALL] = [4, 15] as const

/** The least and the largest of some numbers, in words. */
const spanOf = (values: readonly number[]): string => {
  const [low, high] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity])
  if (Number.isSafeInteger(low) && Number.isSafeInteger(high)) return `${low} to ${high}`
  for (let digits: number = FEW; ; digits++) {
    const [from, to] = [low, high].map(v => String(Number(v.toPrecision(digits))))
    if (from !== to || digits === ALL) return `${from} to ${to}`
  }
}

/** Numbers, if the column is numbers or nearly so. */
const asNumbers = (
  cells: readonly string[],
  counts: Distinct['counts'],
  rows: number,
  known: number,
  { marks, decimal, said, target }: Hints
): readonly [Meaning, string] | undefined => {
  const there = cells.filter(cell => !isMissingNumber(cell, marks))
  if (there.length === 0) return undefined
  const format = formatOf(there, decimal)
  const read = numberReader(format, marks)
  const values = there.map(read)
  const odd = there.filter((_, i) => values[i] === undefined)
  const present = there.length === cells.length ? known : rowsOf(there, counts)
  const [all, strange] = [present, rowsOf(odd, counts)]
  const fine = there.length - odd.length
  const alone = (cell: string): boolean => counts.get(cell) === 1 || /inf/i.test(cell) // what comes again is meant: 3+
  const slips = fine > odd.length && strange < all / 2 && odd.every(cell => looksNumeric(cell) && alone(cell))
  const mostly = fine > MANY && strange <= (1 - (target === true ? MOSTLY : NEARLY)) * all
  if (odd.length > 0 && said !== 'numbers' && !slips && !mostly) return undefined
  const long = there.find(tooLong)
  if (long !== undefined && said !== 'numbers')
    return wordsOf(cells, rows, known, 'whole numbers too long to be exact: ')
  // 007 and 02134 tell things apart, and are no amounts; a point or an exponent behind them would be one
  const code = said === undefined && there.some(cell => /^0\d+$/.test(cell)) && there.every(cell => /^\d+$/.test(cell))
  if (code) return wordsOf(cells, rows, known, 'codes with zeros in front: ')
  const bare = format.unit === '' && format.group === ''
  const whole = bare && said !== 'numbers' && all === rows && there.length === rows && rows >= TELLING
  if (whole && odd.length === 0 && there.every(isWhole))
    return [{ as: 'id', of: 'numbers' }, 'whole numbers, different in every row']
  const how = formatInWords(format)
  const span = spanOf(values.map(v => v ?? NaN))
  const why = odd.length > 0 ? `but for ${shown(odd, 2)}` : `${span}${how === '' ? '' : `, ${how}`}`
  return [{ as: 'numbers', format, odd }, why]
}

const asDates = (
  cells: readonly string[],
  counts: Distinct['counts'],
  marks: readonly string[],
  named: string | undefined
): readonly [Meaning, string] | undefined => {
  const read = named === undefined ? isoDays : (dateReader(named) ?? isoDays)
  const odd = cells.filter(cell => read(cell) === undefined && !isMissingNumber(cell, marks))
  if (named === undefined && odd.length === cells.length) return undefined
  const there = cells.filter(cell => !isMissingNumber(cell, marks))
  if (named === undefined && (there.length === 0 || rowsOf(odd, counts) > (1 - NEARLY) * rowsOf(there, counts)))
    return undefined
  return [{ as: 'date', format: named ?? ISO, odd }, named ?? ISO]
}

/** What a column is taken for. */
export const understand = ({ name, text }: Column, hints: Hints): Understood => {
  const { counts, missing } = distinctOf(text, hints.marks)
  const cells = [...counts.keys()]
  const rows = text.length
  const there = rows - missing
  const made = (): readonly [Meaning, string] => {
    const [cell] = cells
    if (cell === undefined) return [{ as: 'empty' }, 'no values']
    if (hints.date !== undefined) return asDates(cells, counts, hints.marks, hints.date) as readonly [Meaning, string]
    if (cells.length === 1 && missing === 0) return [{ as: 'constant', cell }, `always ${shown(cells, 1)}`]
    if (hints.said === 'words') return [{ as: 'words' }, `${cells.length} words: ${shown(cells, 3)}`]
    const dates = hints.said === 'numbers' ? undefined : asDates(cells, counts, hints.marks, undefined)
    const known = dates ?? asNumbers(cells, counts, rows, there, hints)
    if (known) return known
    if (cells.every(c => yesOrNo(c) !== undefined)) {
      const word = cells.find(c => yesOrNo(c) === 1)
      if (word !== undefined) return [{ as: 'yes/no', yes: word }, shown(cells, 3)]
    }
    const unclear = cells.filter(looksLikeDate)
    if (unclear.length > 0 && rowsOf(unclear, counts) >= NEARLY * there) {
      const odd = unclear.filter(cell => isoDays(cell) === undefined)
      return odd.length < unclear.length
        ? [{ as: 'date', format: ISO, odd }, `${ISO} but for ${shown(odd, 2)}`]
        : [{ as: 'unclear dates', cells: unclear }, `such as ${shown(unclear, 1)}`]
    }
    return wordsOf(cells, rows, there, '')
  }
  const [meaning, why] = made()
  const absent =
    meaning.as === 'numbers' || meaning.as === 'date' ? cells.filter(cell => isMissingNumber(cell, hints.marks)) : []
  return { name, meaning, why, missing: missing + rowsOf(absent, counts), distinct: cells.length - absent.length }
}
