/** What the training rows teach of how columns become features. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { NumberFormat } from './cells.js'
import { isMissing, numberReader } from './cells.js'
import { cyclesOf, dateReader, FORMATS, formatsFor, ISO, isoDays } from './dates.js'
import type { Code, Encoding } from './codes.js'
import { columnStatistics } from './matrix.js'
import type { Understood } from './meaning.js'
import { yesOrNo } from './meaning.js'
import type { Column, Sheet } from './sheet.js'
import { columnNamed } from './sheet.js'

/** Most words of a column that are given a feature each. */
const MOST_WORDS = 1000

/** Rows that are named in a message about odd cells. */
const NAMED = 5

/** A column's cells that are odd, as a failure names them: at most five rows. */
export const oddCells = ({ name, text }: Column, odd: readonly string[], kind: string): string => {
  const wanted = new Set(odd)
  const rows = range(text.length).filter(row => wanted.has(text[row] as string))
  const named = rows.slice(0, NAMED).map(row => `row ${row + 1}: ${JSON.stringify((text[row] as string).slice(0, 40))}`)
  const more = rows.length > NAMED ? `, and ${rows.length - NAMED} more` : ''
  return `column ${name} is ${kind} but for ${named.join(', ')}${more}`
}

const shown = (cells: readonly string[]): string => [...new Set(cells)].slice(0, 3).join(',')

/** Why a column cannot be used as it stands, if it cannot. */
export const unfitColumn = (column: Column, { meaning, distinct }: Understood, place: string): Failure | undefined => {
  const { name } = column
  const cells =
    meaning.as === 'unclear dates'
      ? meaning.cells
      : meaning.as === 'date' && meaning.odd.length >= distinct
        ? meaning.odd
        : []
  const formats = cells.length === 0 ? [] : formatsFor(cells)
  if (meaning.as === 'unclear dates' || formats.length > 0) {
    const format = meaning.as === 'date' ? meaning.format : ISO
    const why =
      meaning.as === 'date' || formats.length === 1
        ? `a date, but not as ${format} has it`
        : 'a date of which day and month cannot be told'
    const what = `column ${name}: ${JSON.stringify(cells[0]?.slice(0, 40))} is ${why}`
    const [first, ...others] = formats.length > 0 ? formats : ['DD/MM/YYYY', 'MM/DD/YYYY']
    const cure = `Say --date '${name}=${first}'${others.map(f => `, or ${f}`).join('')} (${FORMATS}), or --ignore it`
    return failure('input', place, what, cure)
  }
  if ((meaning.as !== 'numbers' && meaning.as !== 'date') || meaning.odd.length === 0) return undefined
  const [kind, other] = meaning.as === 'date' ? ['dates', '--date'] : ['numbers', '--categorical']
  const cure = `Correct or empty them, or say --missing '${shown(meaning.odd)}' if they mean that, or name the column with ${other}`
  return failure('input', place, oddCells(column, meaning.odd, kind), cure)
}

const meanOf = (values: readonly number[]): number => {
  const data = Float64Array.from(values)
  const [known] = columnStatistics({ shape: [data.length, 1], data }, range(data.length))
  return values.length === 0 ? 0 : (known?.mean ?? 0)
}

const isPlain = ({ decimal, group, unit }: NumberFormat): boolean => decimal === '.' && group === '' && unit === ''

/** What is learned of one column: its code, or why it is left out. */
const learnedOf = (
  { name, text }: Column,
  { meaning }: Understood,
  training: readonly number[],
  marks: readonly string[]
): Code | string => {
  const cells = training.map(row => text[row] as string).filter(cell => !isMissing(cell, marks))
  const absent = cells.length < training.length
  const coded = (read: (cell: string) => number | undefined): readonly [values: readonly number[], marked: boolean] => {
    const values = cells.map(cell => read(cell) ?? NaN).filter(v => !Number.isNaN(v))
    return [values, values.length < training.length]
  }
  switch (meaning.as) {
    case 'numbers': {
      const [values, marked] = coded(numberReader(meaning.format, marks))
      const format = isPlain(meaning.format) ? {} : { format: meaning.format }
      return { as: 'number', column: name, fill: meanOf(values), marked, ...format }
    }
    case 'date': {
      const [values, marked] = coded(dateReader(meaning.format) ?? isoDays)
      const { format } = meaning
      return { as: 'date', column: name, format, cycles: cyclesOf(values), fill: meanOf(values), marked }
    }
    case 'yes/no': {
      const [values, marked] = coded(yesOrNo)
      return { as: 'yes/no', column: name, yes: meaning.yes, fill: meanOf(values), marked }
    }
    case 'words': {
      const words = [...new Set(cells)].sort()
      if (words.length > MOST_WORDS) return `${words.length} different words, more than ${MOST_WORDS}`
      return { as: 'words', column: name, words, marked: absent }
    }
    case 'text':
      return 'nearly every cell differs'
    case 'id':
      return `different in every row: an id${meaning.of === 'numbers' ? ' (--numeric uses it)' : ''}`
    case 'constant':
      return 'constant'
    default:
      return 'empty'
  }
}

/** An encoding, and the columns left out of it with the reason. */
export interface Learned {
  readonly encoding: Encoding
  readonly leftOut: readonly (readonly [column: string, why: string])[]
}

/** Learns how to encode the understood columns, from the training rows. */
export const learnEncoding = (
  sheet: Sheet,
  understood: readonly Understood[],
  training: readonly number[],
  marks: readonly string[] = []
): E.Either<Failure, Learned> => {
  const encoding: Code[] = []
  const leftOut: (readonly [string, string])[] = []
  for (const known of understood) {
    const column = columnNamed(sheet, known.name) as Column
    const unfit = unfitColumn(column, known, sheet.place)
    if (unfit) return E.left(unfit)
    const code = learnedOf(column, known, training, marks)
    if (typeof code === 'string') leftOut.push([known.name, code])
    else encoding.push(code)
  }
  return E.right({ encoding, leftOut })
}
