/**
 * Dates as numbers: days since 1970-01-01 in UTC, by arithmetic alone. ISO 8601 is known; whatever else is a date is read by
 * a format that somebody named, because 03/04 is two days.
 */
import { cosine, sine } from '../core/port/elementary.js'

/** What dates that need no format are called. */
export const ISO = 'ISO 8601'

/** Days of a proleptic Gregorian date since 1970-01-01, by eras of 400 years. */
const daysOf = (year: number, month: number, day: number): number => {
  const y = month > 2 ? year : year - 1
  const era = Math.floor(y / 400)
  const ofEra = y - 400 * era
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return 146_097 * era + 365 * ofEra + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

/** The year in which a day lies. */
const yearOf = (days: number): number => {
  const guess = Math.floor(1970 + days / 365.2425)
  return daysOf(guess + 1, 1, 1) <= days ? guess + 1 : daysOf(guess, 1, 1) > days ? guess - 1 : guess
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (lengths[month - 1] ?? 0))

/** What was read of a date, the rest standing at its beginning; `offset` is minutes east of UTC. */
interface Parts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly offset: number
  /** Where hours are counted to 12: whether it is after noon. */
  readonly late?: boolean
}

/** Days since 1970-01-01 in UTC; undefined where there is no such date. */
const inDays = ({ year, month, day, hour: shown, minute, second, offset, late }: Parts): number | undefined => {
  if (late !== undefined && (shown < 1 || shown > 12)) return undefined
  const hour = late === undefined ? shown : (shown % 12) + (late ? 12 : 0)
  const there = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
  const midnight = hour === 24 && minute === 0 && second === 0
  if (!there || (hour > 23 && !midnight) || minute > 59 || second >= 61 || Math.abs(offset) > 18 * 60) return undefined
  return daysOf(year, month, day) + (3600 * hour + 60 * (minute - offset) + second) / 86_400
}

const offsetOf = (zone: string | undefined): number => {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '') ?? []
  return (sign === '-' ? -1 : 1) * (60 * Number(hours) + Number(minutes))
}

const ISO_SHAPE =
  /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:[.,]\d{1,9})?))?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?)?$/

/** An ISO 8601 date, month, or date with a time; without a zone it is UTC.
 * @example isoDays('1970-01-02T06:00:00Z') // => 1.25
 */
export const isoDays = (cell: string): number | undefined => {
  const found = ISO_SHAPE.exec(cell)
  if (!found) return undefined
  const [, year, month, day = '1', hour = '0', minute = '0', second = '0', zone] = found
  return inDays({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second.replace(',', '.')),
    offset: offsetOf(zone)
  })
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthNamed = (name: string): number => months.indexOf(name.slice(0, 3).toLowerCase()) + 1
/** Years of two digits up to this one are of 2000. */
const PIVOT = 68

/** What the letters of a format read, and what they make of it. */
const tokens: Readonly<Record<string, readonly [shape: string, part: (text: string) => Partial<Parts>]>> = {
  YYYY: ['\\d{4}', t => ({ year: Number(t) })],
  YY: ['\\d\\d', t => ({ year: Number(t) + (Number(t) <= PIVOT ? 2000 : 1900) })],
  MMMM: ['[A-Za-z]{3,9}', t => ({ month: monthNamed(t) })],
  MMM: ['[A-Za-z]{3,4}', t => ({ month: monthNamed(t) })],
  MM: ['\\d\\d?', t => ({ month: Number(t) })],
  M: ['\\d\\d?', t => ({ month: Number(t) })],
  DD: ['\\d\\d?', t => ({ day: Number(t) })],
  D: ['\\d\\d?', t => ({ day: Number(t) })],
  HH: ['\\d\\d?', t => ({ hour: Number(t) })],
  H: ['\\d\\d?', t => ({ hour: Number(t) })],
  mm: ['\\d\\d', t => ({ minute: Number(t) })],
  ss: ['\\d\\d(?:\\.\\d{1,9})?', t => ({ second: Number(t) })],
  A: ['[AaPp]\\.?[Mm]\\.?', t => ({ late: /^p/i.test(t) })],
  Z: ['Z|[+-]\\d\\d:?\\d\\d', t => ({ offset: offsetOf(t) })]
}

const TOKEN = /YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|H|mm|ss|A|Z|[^]/g

/** Letters that a format may be made of, in words. */
export const FORMATS = 'YYYY YY MM MMM DD HH mm ss A Z, such as DD/MM/YYYY'

/** Reads dates of a format such as DD/MM/YYYY HH:mm: days since 1970 in UTC. Undefined if no year can be read by it. */
export const dateReader = (format: string): ((cell: string) => number | undefined) | undefined => {
  if (format === ISO) return isoDays
  const parts: ((text: string) => Partial<Parts>)[] = []
  const dense = !/[^A-Za-z]/.test(format) // nothing parts the numbers: each has all of its digits
  const shape = (format.match(TOKEN) ?? []).map(token => {
    const known = tokens[token]
    if (!known) return token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/ /g, '\\s+')
    parts.push(known[1])
    return `(${dense ? known[0].replace('\\d?', '\\d') : known[0]})`
  })
  if (!/YY/.test(format)) return undefined
  const whole = new RegExp(`^${shape.join('')}$`)
  const start: Parts = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, offset: 0 }
  return cell => {
    const found = whole.exec(cell)
    if (!found) return undefined
    const read = parts.reduce((made, part, i) => ({ ...made, ...part(found[i + 1] as string) }), start)
    return inDays(read)
  }
}

/** Whether a cell looks like a date that is not ISO 8601: numbers with / . or - between them, or a month by its name. */
export const looksLikeDate = (cell: string): boolean =>
  /^(?:\d{4}([/.-])\d{1,2}\1\d{1,2}|\d{1,2}([/.-])\d{1,2}\2(?:\d\d|\d{4}))(?:[T ,].*)?$/.test(cell) ||
  /^(?:\d{1,2}[ -])?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ ,.-]+\d{1,4}\b/i.test(cell)

const CLOCK = /\d{1,2}:\d\d(:\d\d(?:\.\d+)?)?(?:(\s?)[AaPp]\.?[Mm]\.?)?(?:(\s?)(?:Z$|[+-]\d\d:?\d\d))?/

/** Formats by which all of some cells, which look like dates, are dates: several where day and month cannot be told. */
export const formatsFor = (cells: readonly string[]): readonly string[] => {
  const [cell = ''] = cells
  const clocked = cell.replace(CLOCK, (_: string, seconds?: string, noon?: string, zone?: string) =>
    [
      `HH:mm${seconds === undefined ? '' : ':ss'}`,
      noon === undefined ? '' : `${noon}A`,
      zone === undefined ? '' : `${zone}Z`
    ].join('')
  )
  const form = clocked.replace(/(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/i, 'MMMM')
  const shape = form.replace(/\d{4}/, 'YYYY')
  const year = shape === form ? ['YY'] : []
  const month = form === clocked ? [['DD', 'MM'] as const, ['MM', 'DD'] as const] : [['DD'] as const]
  return month
    .flatMap(order => [
      [...order, ...year],
      [...year, ...order]
    ])
    .map(order => {
      let next = 0
      return shape.replace(/\d{1,2}/g, all => order[next++] ?? all)
    })
    .filter((format, i, all) => all.indexOf(format) === i && !/^Y+.DD.MM/.test(format))
    .filter(format => {
      const read = dateReader(format)
      return cells.every(c => read?.(c) !== undefined)
    })
}

/** What dates may go round in. */
export const cycles = ['day of year', 'weekday', 'hour'] as const
/** One of them. */
export type Cycle = (typeof cycles)[number]

/** Days of a cycle. */
const periods: Readonly<Record<Cycle, number>> = { 'day of year': 365.25, weekday: 7, hour: 1 }

/** The cycles of which some dates, in days, span two periods at least; hours only where there are times of day. */
export const cyclesOf = (days: readonly number[]): readonly Cycle[] => {
  const [first, last] = days.reduce(([low, high], d) => [Math.min(low, d), Math.max(high, d)], [Infinity, -Infinity])
  const timed = days.some(d => !Number.isInteger(d))
  return cycles.filter(cycle => last - first >= 2 * periods[cycle] && (cycle !== 'hour' || timed))
}

const turnOf = (cycle: Cycle, days: number): number => {
  const day = Math.floor(days)
  if (cycle === 'hour') return days - day
  if (cycle === 'weekday') return ((((day + 3) % 7) + 7) % 7) / 7 // 1970-01-01 was a Thursday; weeks begin on Monday
  const year = yearOf(day)
  return (day - daysOf(year, 1, 1)) / (isLeap(year) ? 366 : 365)
}

/** Where a date stands in a cycle, as sine and cosine: the end of one period is beside the beginning of the next. */
export const aroundCycle = (cycle: Cycle, days: number): readonly [sine: number, cosine: number] => {
  const angle = 2 * Math.PI * turnOf(cycle, days)
  return [sine(angle), cosine(angle)]
}
