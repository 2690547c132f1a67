/** Dates against the engine's own calendar. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aroundCycle, cyclesOf, dateReader, formatsFor, isoDays, looksLikeDate } from './dates.js'
import type { Understood } from './meaning.js'
import { understand } from './meaning.js'
import { columnOf } from './sheet.js'

const [DAY, FIRST, LAST] = [86_400, -11_676_096_000, 253_402_300_799] as const // seconds: a day, the year 1600, the end of 9999
/** Seconds since 1970 as a date and a time, by the engine's own calendar. */
const calendar = new Intl.DateTimeFormat('sv-SE', {
  ...{ timeZone: 'UTC', year: 'numeric', month: '2-digit', day: '2-digit' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' }
} as const)

describe('ISO 8601', () => {
  test('is days since 1970 in UTC, as the engine counts them', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), seconds => {
        const text = calendar.format(1000 * seconds)
        expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
        expect(isoDays(text)).toBeCloseTo(seconds / DAY, 6)
        expect(isoDays(text.slice(0, 10))).toBe(Math.floor(seconds / DAY))
      })
    )
  })
  test.each([
    ['2020-03', 18322],
    ['2020-02-29', 18321],
    ['1970-01-02T06:00Z', 1.25],
    ['1970-01-02 06:00:00', 1.25],
    ['1970-01-01T00:00:00+06:00', -0.25],
    ['1970-01-01T00:00:00-0600', 0.25],
    ['1969-12-31', -1]
  ])('%s is %d', (cell, days) => {
    expect(isoDays(cell)).toBe(days)
  })
  test.each([
    '2021-02-29',
    '2020-13-01',
    '2020-00-10',
    '2020-01-32',
    '2020-1-1',
    '03/04/2020',
    '2020',
    '2020-01-01T25:00'
  ])('%s is none', cell => {
    expect(isoDays(cell)).toBeUndefined()
  })
})

describe('a named format', () => {
  test.each([
    ['DD/MM/YYYY', '03/04/2020', '2020-04-03'],
    ['MM/DD/YYYY', '03/04/2020', '2020-03-04'],
    ['D.M.YY', '3.4.20', '2020-04-03'],
    ['D.M.YY', '3.4.99', '1999-04-03'],
    ['DD MMM YYYY', '03 Apr 2020', '2020-04-03'],
    ['MMMM D, YYYY', 'April 3, 2020', '2020-04-03'],
    ['YYYYMMDD', '20200403', '2020-04-03'],
    ['DD/MM/YYYY HH:mm', '03/04/2020 12:00', '2020-04-03T12:00'],
    ['MM/DD/YYYY HH:mm:ss A', '04/03/2020 12:00:00 AM', '2020-04-03'],
    ['MM/DD/YYYY HH:mm A', '04/03/2020 1:30 p.m.', '2020-04-03T13:30'],
    ['YYYY-MM-DD HH:mm:ss Z', '2020-04-03 12:00:00 +02:00', '2020-04-03T10:00']
  ])('%s reads %s', (format, cell, iso) => {
    expect(dateReader(format)?.(cell)).toBe(isoDays(iso))
  })
  test('refuses other cells, days that are not, and formats without a year', () => {
    expect(dateReader('DD/MM/YYYY')?.('2020-04-03')).toBeUndefined()
    expect(dateReader('DD/MM/YYYY')?.('31/04/2020')).toBeUndefined()
    expect(dateReader('DD/MM')).toBeUndefined()
    expect(dateReader('DD/MM/YYYY HH:mm A')?.('01/04/2020 13:00 PM')).toBeUndefined()
    expect(dateReader('YYYYMMDD')?.('2020043')).toBeUndefined()
  })
})

test('what looks like a date that ISO is not', () => {
  expect(['03/04/2020', '3.4.20', '2020/04/03', '3 Apr 2020', 'Apr 3, 2020'].every(looksLikeDate)).toBe(true)
  expect(['1.5', '12', 'a/b', '1/2', 'mayor', '1.0.0', '10.0.1.2'].some(looksLikeDate)).toBe(false)
})

test.each([
  [
    ['01/02/2020', '03/04/2020'],
    ['DD/MM/YYYY', 'MM/DD/YYYY']
  ],
  [['01.02.2020', '28.02.2020'], ['DD.MM.YYYY']],
  [['2020/01/02', '2020/02/03'], ['YYYY/MM/DD']],
  [
    ['10/11/12', '09/08/07'],
    ['DD/MM/YY', 'MM/DD/YY', 'YY/MM/DD']
  ],
  [['3 January 2020'], ['DD MMMM YYYY']],
  [['Apr 3, 2020'], ['MMMM DD, YYYY']],
  [['01/31/2020 1:05:00 PM'], ['MM/DD/YYYY HH:mm:ss A']],
  [['2020-01-31 10:00:00 UTC'], ['YYYY-MM-DD HH:mm:ss UTC']],
  [['99/99/2020'], []]
])('%j is written as %j', (cells, formats) => {
  expect(formatsFor(cells)).toEqual(formats)
})

test('cycles: those of which two periods are there, and where a day stands in them', () => {
  const from = (days: number, step: number): readonly number[] => Array.from({ length: days }, (_, i) => i * step)
  expect(cyclesOf(from(10, 1))).toEqual([])
  expect(cyclesOf(from(15, 1))).toEqual(['weekday'])
  expect(cyclesOf(from(10, 0.25))).toEqual(['hour'])
  expect(cyclesOf(from(800, 1))).toEqual(['day of year', 'weekday'])
  expect(cyclesOf([])).toEqual([])
  const monday = isoDays('2024-01-01') as number
  expect(aroundCycle('weekday', monday)).toEqual([0, 1])
  expect(aroundCycle('weekday', monday - 7 * 2000)).toEqual([0, 1])
  expect(aroundCycle('day of year', monday)).toEqual([0, 1])
  const [sine, cosine] = aroundCycle('day of year', isoDays('2023-07-02T12:00') as number)
  expect(sine).toBeCloseTo(0, 1)
  expect(cosine).toBeCloseTo(-1, 2)
  expect(aroundCycle('hour', 0.25)[0]).toBeCloseTo(1, 12)
  expect(aroundCycle('hour', -0.75)[0]).toBeCloseTo(1, 12)
})

test('a column of dates has gaps as people mark them, and is dates where most are ISO 8601', () => {
  const taken = (...text: readonly string[]): Understood => understand(columnOf('d', text), { marks: [] })
  expect(taken('2020-01-01', '-', '2020-01-03', 'N/A')).toMatchObject({
    meaning: { as: 'date', odd: [] },
    missing: 2,
    distinct: 2
  })
  expect(taken('2020-01-01', '2020/01/02').meaning).toMatchObject({ as: 'date', odd: ['2020/01/02'] })
  expect(taken('01/02/2020', '03/04/2020').meaning.as).toBe('unclear dates')
  expect(taken('1.0.0', '1.2.13', '1.0.0').meaning.as).toBe('words')
  expect(taken('-', '-', '.').meaning.as).toBe('words')
})
