/** Rows as people have them, and as matrices. */
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'

/** A number, or true and false for 1 and 0. */
type Cell = number | boolean

/** Rows: lists of numbers or of booleans, typed arrays, or one flat matrix, row by row. */
export type Rows =
  | readonly (ArrayLike<number> | ArrayLike<boolean>)[]
  | { readonly shape: readonly [rows: number, columns: number]; readonly data: ArrayLike<number> }

const refuse = (where: string, what: string, cure: string): never => {
  throw new FailureError(failure('input', where, what, cure))
}

const isFlat = (rows: Rows): rows is Extract<Rows, { readonly shape: unknown }> => 'shape' in rows

/** Number of rows. */
export const countOf = (rows: Rows): number => (isFlat(rows) ? rows.shape[0] : rows.length)

/**
 * Rows as a matrix of Float64 `[rows, columns]`; ragged, empty or non-finite ones are refused. `wanted` is the number of
 * columns that a model expects.
 * @throws FailureError
 */
export const matrixOf = (rows: Rows, where: string, wanted?: number): NdArray => {
  const count = countOf(rows)
  if (!(count > 0)) refuse(where, 'zero rows', 'Give at least one')
  const columns = isFlat(rows) ? rows.shape[1] : (rows[0] as ArrayLike<Cell>).length
  if (!(columns > 0)) refuse(where, 'zero columns', 'Give at least one')
  if (wanted !== undefined && columns !== wanted)
    refuse(where, `it has ${columns} columns, the model was trained on ${wanted}`, 'Give the same columns')
  if (isFlat(rows) && rows.data.length !== count * columns)
    refuse(where, `${rows.data.length} numbers for ${count} rows of ${columns} columns`, 'Correct the shape')
  const data = new Float64Array(count * columns)
  for (let i = 0; i < count; i++) {
    const row: ArrayLike<Cell> | undefined = isFlat(rows) ? undefined : rows[i]
    if (row && row.length !== columns)
      refuse(where, `row ${i} has ${row.length} columns, row 0 has ${columns}`, 'Give every row the same number')
    for (let j = 0; j < columns; j++) {
      const given = row ? row[j] : (rows as Extract<Rows, { readonly shape: unknown }>).data[i * columns + j]
      const value = typeof given === 'boolean' ? Number(given) : given
      if (typeof value !== 'number' || !Number.isFinite(value))
        refuse(where, `row ${i}, column ${j}: ${String(given)} is not a finite number`, 'Remove or replace it')
      data[i * columns + j] = value as number
    }
  }
  return { shape: [count, columns], data }
}

/** A matrix as rows. */
export const rowsOf = ({ shape, data }: NdArray): readonly (readonly number[])[] =>
  range(shape[0]).map(i => Array.from(data.subarray(i * shape[1], (i + 1) * shape[1])))

/** Two matrices of as many columns, one below the other. */
export const stacked = (a: NdArray, b: NdArray): NdArray => {
  const data = new Float64Array(a.data.length + b.data.length)
  data.set(a.data)
  data.set(b.data, a.data.length)
  return { shape: [a.shape[0] + b.shape[0], a.shape[1]], data }
}
