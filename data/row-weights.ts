/** Weights of rows, as a column holds them. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { formatOf, isMissing, numberReader } from './cells.js'
import type { Hints } from './meaning.js'
import type { Column } from './sheet.js'

/** The weights that a column holds: numbers from 0 in every row, however they are written, not all of the training rows' 0. */
export const weightsOf =
  (place: string, { marks, decimal }: Hints, training: readonly number[]) =>
  ({ name, text }: Column): E.Either<Failure, readonly number[]> => {
    const there = [...new Set(text)].filter(cell => !isMissing(cell, marks))
    const read = numberReader(formatOf(there, decimal), marks)
    const values = text.map(cell => read(cell) ?? NaN)
    const odd = values.findIndex(v => !(v >= 0))
    if (odd < 0 && training.some(row => (values[row] as number) > 0)) return E.right(values)
    const cell = text[odd] ?? ''
    const what =
      odd < 0
        ? `column ${name}: all training rows weigh nothing`
        : `row ${odd + 1}, column ${name}: ${cell === '' ? 'empty' : JSON.stringify(cell.slice(0, 40))} is no weight`
    return E.left(failure('input', place, what, 'Give numbers from 0'))
  }
