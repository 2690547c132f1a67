/** The column of a table that says of each row to which part of the split it belongs. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { Column } from './sheet.js'
import type { Division } from './split.js'
import { splitOfParts } from './split.js'

/** What a part may be called. */
const partNames: ReadonlyMap<string, number> = new Map([
  ['0', 0],
  ['1', 1],
  ['2', 2],
  ['train', 0],
  ['training', 0],
  ['validation', 1],
  ['valid', 1],
  ['val', 1],
  ['dev', 1],
  ['test', 2]
])

/** The division that a column names row by row. */
export const divisionBy = ({ name, text }: Column, place: string): E.Either<Failure, Division> => {
  const parts = text.map(cell => partNames.get(cell.toLowerCase()))
  const odd = parts.indexOf(undefined)
  return odd < 0
    ? E.right({ kind: 'given', split: splitOfParts(parts as readonly number[]) })
    : E.left(
        failure(
          'input',
          place,
          `row ${odd + 1}, column ${name}: ${JSON.stringify(text[odd])} is no part of a split`,
          'Say train, validation or test (or 0, 1, 2)'
        )
      )
}
