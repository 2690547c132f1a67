/** What cells of text say: that a value is missing, or a number, in the ways in which people write numbers. */

/** Marks of a missing value, in small letters: those of pandas, R, SQL, spreadsheets and people. */
export const missingMarks: readonly string[] = [
  '',
  'na',
  'n/a',
  'n.a.',
  'nan',
  '-nan',
  'null',
  'none',
  '?',
  '#n/a',
  '#na',
  '<na>',
  '\\n', // \N, as databases write it to files
  'missing'
]
const absent: ReadonlySet<string> = new Set(missingMarks)
const LONGEST_MARK = 7

/** Marks that say so among numbers only: as a word, each of them may mean something. */
export const missingNumberMarks: readonly string[] = ['-', '--', '.', '\u2013', '\u2014']

/** Whether a cell says that its value is missing.
 * @example ['', 'NA', '0', '#N/A'].map(cell => isMissing(cell)) // => [true, true, false, true]
 */
export const isMissing = (cell: string, marks: readonly string[] = []): boolean =>
  (cell.length <= LONGEST_MARK && absent.has(cell.toLowerCase())) || marks.includes(cell)

/** The same for a cell that is to be a number. */
export const isMissingNumber = (cell: string, marks: readonly string[] = []): boolean =>
  missingNumberMarks.includes(cell) || isMissing(cell, marks)

/** How the numbers of a column are written: the same way in every cell. */
export interface NumberFormat {
  readonly decimal: '.' | ','
  /** What stands between thousands, if anything: `,` `.` `'` or a blank. */
  readonly group: string
  /** What stands before or after each number, if anything: % or a currency. */
  readonly unit: string
}

/** Digits, a point, an exponent. */
export const plainFormat: NumberFormat = { decimal: '.', group: '', unit: '' }

const UNIT = /^([-+\u2212(]?)\s*(\p{Sc}|[A-Z]{3}(?=\s?[\d.,+-]))?\s*([^%\p{Sc}A-Z]*?)\s*(%|\p{Sc}|[A-Z]{3})?(\)?)$/u

/** Most characters of a number with its unit: longer cells are texts, and are not searched for one. */
const LONGEST_NUMBER = 64

/** A cell taken apart: its unit, and what is left of it. */
const apart = (cell: string): readonly [unit: string, rest: string] | undefined => {
  if (cell.length > LONGEST_NUMBER) return undefined
  const [, sign = '', before = '', digits = '', after = '', closed = ''] = UNIT.exec(cell) ?? []
  if (digits === '' || (before !== '' && after !== '') || (sign === '(') !== (closed === ')')) return undefined
  return [before + after, (sign === '(' || sign === '\u2212' ? '-' : sign) + digits]
}

const PLAIN = /^[-+\u2212]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/
const BLANKS = /[\u00a0\u202f\u2009]/g

const escaped = (mark: string): string => (mark === '.' ? '\\.' : mark)

/** The shape of numbers in a format, without their unit. */
const shapeOf = ({ decimal, group }: NumberFormat): RegExp => {
  const whole = group === '' ? '\\d+' : `(?:[1-9]\\d{0,2}(?:${escaped(group)}\\d{3})+|\\d+)`
  const point = escaped(decimal)
  const part = group === '' ? `(?:${point}\\d*)?|${point}\\d+` : `(?:${point}\\d*)?`
  return new RegExp(`^[-+]?(?:${whole}${part})(?:[eE][-+]?\\d+)?$`)
}

/** A cell as a number: NaN where it is missing, undefined where it is something else. */
export type NumberReader = (cell: string) => number | undefined

const finite = (text: string): number | undefined => {
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** Reads numbers of a format. */
export const numberReader = (format: NumberFormat, marks: readonly string[] = []): NumberReader => {
  const { decimal, group, unit } = format
  if (decimal === '.' && group === '' && unit === '')
    return cell => {
      if (isMissingNumber(cell, marks)) return NaN
      const bare = cell.startsWith('(') && cell.endsWith(')') ? `-${cell.slice(1, -1)}` : cell
      return PLAIN.test(bare) ? finite(bare.replace('\u2212', '-')) : undefined
    }
  const shape = shapeOf(format)
  return cell => {
    if (isMissingNumber(cell, marks)) return NaN
    const taken = apart(cell.replace(BLANKS, ' '))
    if (taken?.[0] !== unit || !shape.test(taken[1])) return undefined
    const digits = group === '' ? taken[1] : taken[1].split(group).join('')
    return finite(decimal === ',' ? digits.replace(',', '.') : digits)
  }
}

/** Ways of writing numbers, in the order in which they are tried; `decimal` is the mark that the file is known to use. */
const waysOf = (decimal: '.' | ',' | undefined): readonly (readonly [decimal: '.' | ',', group: string])[] => {
  const points = [['.', ''] as const, ['.', ','] as const, ['.', ' '] as const, ['.', "'"] as const]
  const commas = [[',', ''] as const, [',', '.'] as const, [',', ' '] as const, [',', "'"] as const]
  if (decimal === '.') return points
  return decimal === ',' ? [...commas, ['.', ''] as const] : [...points, ...commas]
}

/** Units that are tried: a column of numbers has one. */
const MOST_UNITS = 4

/** How many cells of some are numbers of a format. */
const fitting = (cells: readonly string[], read: NumberReader): number =>
  cells.reduce((n, cell) => n + (read(cell) === undefined ? 0 : 1), 0)

/**
 * The format in which most of the given cells, none of them missing, are numbers; where several do equally well, the
 * first: plain numbers, then points with thousands, then commas.
 */
export const formatOf = (cells: readonly string[], decimal?: '.' | ','): NumberFormat => {
  const plain = fitting(cells, numberReader(plainFormat))
  if (plain === cells.length && (decimal !== ',' || !cells.some(cell => cell.includes('.')))) return plainFormat
  const units = new Set(cells.map(cell => apart(cell.replace(BLANKS, ' '))?.[0] ?? ''))
  let [best, most] = [plainFormat, decimal === ',' ? -1 : plain]
  for (const unit of ['', ...[...units].filter(u => u !== '').slice(0, MOST_UNITS)]) {
    for (const [mark, group] of waysOf(decimal)) {
      const format = { decimal: mark, group, unit }
      const count = fitting(cells, numberReader(format))
      if (count > most) [best, most] = [format, count]
    }
  }
  return best
}

/** What of the numbers in some cells tells which mark is the decimal one: a comma or a point that cannot part thousands. */
const TELLING: readonly (readonly ['.' | ',', RegExp])[] = [
  [',', /^[-+]?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3})+,\d+)$/],
  ['.', /^[-+]?(?:\d+\.(?:\d{1,2}|\d{4,})|0?\.\d+|\d{1,3}(?:,\d{3})+\.\d+)$/]
]

/** The decimal mark that the numbers among some cells use, if they tell, and agree. */
export const decimalMarkOf = (cells: Iterable<string>): '.' | ',' | undefined => {
  let [points, commas] = [0, 0]
  for (const cell of cells) {
    if (!/\d/.test(cell) || !/[.,]/.test(cell)) continue
    const bare = apart(cell)?.[1] ?? cell
    if (TELLING[0]?.[1].test(bare) === true) commas += 1
    else if (TELLING[1]?.[1].test(bare) === true) points += 1
  }
  return commas > 0 && points === 0 ? ',' : points > 0 && commas === 0 ? '.' : undefined
}

/** A format in words. */
export const formatInWords = ({ decimal, group, unit }: NumberFormat): string =>
  [
    ...(unit === '' ? [] : [`in ${unit}`]),
    ...(group === '' ? [] : [`thousands by ${group === ' ' ? 'blanks' : group}`]),
    ...(decimal === ',' ? ['decimal commas'] : [])
  ].join(', ')

/** What some cells mean together, to be found once: those that are there, with how often and where each stands first. */
export interface Distinct {
  /** Rows by cell: how many have it. */
  readonly counts: ReadonlyMap<string, number>
  readonly missing: number
}

/** The different cells of a column that are not missing, in the order of their first rows. */
export const distinctOf = (text: readonly string[], marks: readonly string[] = []): Distinct => {
  const counts = new Map<string, number>()
  for (const cell of text) counts.set(cell, (counts.get(cell) ?? 0) + 1)
  let missing = 0
  for (const [cell, count] of [...counts]) {
    if (!isMissing(cell, marks)) continue
    missing += count
    counts.delete(cell)
  }
  return { counts, missing }
}
