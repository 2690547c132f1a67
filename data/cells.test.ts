/** How people write numbers and gaps. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NumberFormat } from './cells.js'
import { decimalMarkOf, formatOf, isMissing, isMissingNumber, numberReader, plainFormat } from './cells.js'
import { understand } from './meaning.js'
import { columnOf } from './sheet.js'

const numbers = (cells: readonly string[], decimal?: '.' | ','): readonly (number | undefined)[] =>
  cells.map(numberReader(formatOf(cells, decimal)))

describe('a column of numbers is read as it is written', () => {
  test.each<readonly [string, readonly string[], readonly number[]]>([
    ['plainly', ['1', '-2.5', '+3e2', '.5', '7.', '\u22121'], [1, -2.5, 300, 0.5, 7, -1]],
    ['in parentheses where they are below 0', ['(5)', '7'], [-5, 7]],
    ['with thousands', ['1,234', '56', '1,234,567.5', '-2,000'], [1234, 56, 1234567.5, -2000]],
    ['with blanks for thousands', ['1 234', '56', '1\u202f234\u00a0567'], [1234, 56, 1234567]],
    ["with ' for thousands", ["1'234", '56.5'], [1234, 56.5]],
    ['with decimal commas', ['0,126', '-1,5', '12'], [0.126, -1.5, 12]],
    ['with decimal commas and points for thousands', ['1.234,5', '0,25'], [1234.5, 0.25]],
    ['in percent', ['52 %', '7.5%', '-1%'], [52, 7.5, -1]],
    ['in dollars', ['$5', '$1,234.50', '-$3', '($2.50)'], [5, 1234.5, -3, -2.5]],
    ['in euros behind', ['5 €', '1.234,50 €'], [5, 1234.5]],
    ['in a currency by its letters', ['USD 5', 'USD 7.25'], [5, 7.25]]
  ])('%s', (_, cells, wanted) => {
    expect(numbers(cells)).toEqual(wanted)
  })
  test.each([
    [['0x1F', '12']],
    [['Infinity', '1']],
    [['1e999', '1']],
    [['12 kg', '1']],
    [['1_000', '1']],
    [['5 %', '7']],
    [['$5', '€7']],
    [['1,23,456.5', '1']]
  ])('%j are not all numbers', cells => {
    expect(numbers(cells)).toContain(undefined)
  })
  test('of one file, all columns by its decimal mark, where its numbers tell', () => {
    expect(decimalMarkOf(['1,234', '0,5'])).toBe(',')
    expect(decimalMarkOf(['1,234', '0.5'])).toBe('.')
    expect(decimalMarkOf(['1,234', '2,345'])).toBeUndefined()
    expect(decimalMarkOf(['0,5', '0.5'])).toBeUndefined()
    expect(decimalMarkOf(['400,50 €', 'Bern'])).toBe(',')
    expect(formatOf(['1', '20'], ',')).toEqual(plainFormat)
    expect(numbers(['1,234'], ',')).toEqual([1.234])
    expect(numbers(['1,234'])).toEqual([1234])
    expect(numbers(['1.234', '12.500'], ',')).toEqual([1234, 12500])
  })
  const formats: fc.Arbitrary<NumberFormat> = fc.record({
    decimal: fc.constantFrom<'.' | ','>('.', ','),
    group: fc.constantFrom('', "'", ' '),
    unit: fc.constantFrom('', '%', '€')
  })
  test('whatever the format: what is written in it is read from it', () => {
    fc.assert(
      fc.property(formats, fc.integer({ min: -1e9, max: 1e9 }), fc.nat(99), (format, whole, hundredths) => {
        const grouped = String(Math.abs(whole)).replace(/\B(?=(\d{3})+$)/g, format.group)
        const text = `${whole < 0 ? '-' : ''}${grouped}${format.decimal}${String(hundredths).padStart(2, '0')}${format.unit}`
        const size = Math.abs(whole) + hundredths / 100
        expect(numberReader(format)(text)).toBeCloseTo(whole < 0 ? -size : size, 6)
      })
    )
  })
})

test('marks of what is missing: everywhere, among numbers only, and those that somebody names', () => {
  expect(
    ['', 'NA', 'n/a', '#N/A', '<NA>', 'NULL', 'missing', '?', 'NaN', 'None', 'N.A.', '\\N'].every(c => isMissing(c))
  ).toBe(true)
  expect(['-', '.', '0', 'no', 'nano', 'N', '\n'].some(c => isMissing(c))).toBe(false)
  expect(['-', '.', '--', ''].every(c => isMissingNumber(c))).toBe(true)
  expect(isMissing('-999', ['-999'])).toBe(true)
  expect(numberReader(plainFormat, ['-999'])('-999')).toBeNaN()
})

test('what is no number among few numbers is a slip where it stands once, and a word where it comes again', () => {
  const taken = (...text: readonly string[]) => understand(columnOf('n', text), { marks: [] }).meaning
  expect(taken('5', '4o', '6', '5')).toMatchObject({ as: 'numbers', odd: ['4o'] })
  expect(taken('5', 'inf', '6', '7', 'inf')).toMatchObject({ as: 'numbers', odd: ['inf'] })
  expect(taken('0', '3+', '1', '2', '3+', '0').as).toBe('words')
})

test('the least and the largest number are told as they are, if whole', () => {
  const why = (...text: readonly string[]): string => understand(columnOf('n', text), { marks: [] }).why
  expect(why('20200101', '20201231')).toBe('20200101 to 20201231')
  expect(why('$53,803', '$695,218')).toBe('53803 to 695218, in $, thousands by ,')
  expect(why('0.123456', '7.5')).toBe('0.1235 to 7.5')
})
