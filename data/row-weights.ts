/** Weights of rows, as a column holds them. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { isMissing, numberReader, plainFormat } from './cells.js'
import type { Column } from './sheet.js'

/** The weights that a column holds: numbers from 0 in every row, not all of them 0. */
export const weightsOf =
  (place: string, marks: readonly string[]) =>
  ({ name, text }: Column): E.Either<Failure, readonly number[]> => {
    const read = numberReader(plainFormat, marks)
    const values = text.map(cell => (isMissing(cell, marks) ? NaN : (read(cell) ?? NaN)))
    const odd = values.findIndex(v => !(v >= 0))
    if (odd < 0 && values.some(v => v > 0)) return E.right(values)
    const what =
      odd < 0
        ? `column ${name}: all rows weigh nothing`
        : `row ${odd + 1}, column ${name}: ${JSON.stringify((text[odd] as string).slice(0, 40))} is no weight`
    return E.left(failure('input', place, what, 'Give numbers from 0'))
  }
