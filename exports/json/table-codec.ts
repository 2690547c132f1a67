/** Codecs of what stands before a network: how the columns of a table become its inputs, how its numbers are scaled. */
import type { Codec } from '../../codecs/strict.js'
import { boolean, choice, either, list, number, optional, record, text, where } from '../../codecs/strict.js'
import type { NumberFormat } from '../../data/cells.js'
import type { Code, DateCode, Encoding, NumberCode, WordsCode, YesCode } from '../../data/codes.js'
import { cycles } from '../../data/dates.js'
import type { Scaling } from '../../data/matrix.js'
import { items } from './items.js'

const real = number(-Infinity, Infinity)

/** Most columns, or words, or numbers, of a table: as many as a list of codecs/strict.ts has at most. */
const MOST = 10_000_000

/** The codec of offsets and factors. */
export const ScalingCodec: Codec<Scaling> = record<Scaling>('a scaling', { offset: list(real), factor: list(real) })

/** What stands between thousands: a format reads numbers by a pattern that is made of it. */
const groups: readonly unknown[] = ['', ',', '.', "'", ' ']

/** The codec of a format of numbers. */
export const NumberFormatCodec: Codec<NumberFormat> = record<NumberFormat>('a format of numbers', {
  decimal: choice('.', ','),
  group: where('a comma, a point, an apostrophe, a blank or nothing', (u): u is string => groups.includes(u)),
  unit: text(8)
})

const codes = {
  number: record<NumberCode>('a column of numbers', {
    as: choice('number'),
    column: text(),
    fill: real,
    marked: boolean,
    format: optional(NumberFormatCodec)
  }),
  date: record<DateCode>('a column of dates', {
    as: choice('date'),
    column: text(),
    format: text(100),
    cycles: list(choice(...cycles), cycles.length),
    fill: real,
    marked: boolean
  }),
  'yes/no': record<YesCode>('a column of yes and no', {
    as: choice('yes/no'),
    column: text(),
    yes: text(),
    fill: real,
    marked: boolean
  }),
  words: record<WordsCode>('a column of words', {
    as: choice('words'),
    column: text(),
    words: items(text(), MOST),
    marked: boolean
  })
}

/** The codec of a column's code. */
export const CodeCodec: Codec<Code> = either<NumberCode | DateCode, YesCode | WordsCode>(
  either<NumberCode, DateCode>(codes.number, codes.date),
  either<YesCode, WordsCode>(codes['yes/no'], codes.words)
)

/** The codec of an encoding. */
export const EncodingCodec: Codec<Encoding> = items(CodeCodec, MOST)
