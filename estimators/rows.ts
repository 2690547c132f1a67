/** Rows as people have them, and as matrices. */
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { isList, named } from './options.js'

/** A number, or true and false for 1 and 0. */
type Cell = number | boolean

/** Rows: lists of numbers or of booleans, typed arrays, or one flat matrix, row by row. */
export type Rows =
  | readonly (ArrayLike<number> | ArrayLike<boolean>)[]
  | { readonly shape: readonly [rows: number, columns: number]; readonly data: ArrayLike<number> }

const refuse = (where: string, what: string, cure: string): never => {
  throw new FailureError(failure('input', where, what, cure))
}

type Flat = Extract<Rows, { readonly shape: unknown }>

const CURE = 'Give a list of lists of numbers, or { shape, data }'

const isFlat = (rows: Rows): rows is Flat => {
  const flat = rows as Partial<Flat> | null | undefined
  return isList(flat?.shape) && isList(flat.data)
}

/** Number of rows.
 * @throws FailureError if they are no rows
 */
export const countOf = (rows: Rows, where: string = 'x'): number => {
  if (!isFlat(rows)) return isList(rows) ? rows.length : refuse(where, `it must be rows, not ${named(rows)}`, CURE)
  const shape: readonly number[] = rows.shape
  if (!(shape.length === 2 && shape.every(n => Number.isSafeInteger(n) && n >= 0)))
    refuse(where, `its shape [${shape.join(', ')}] is not two whole numbers from 0`, 'Correct the shape')
  return rows.shape[0]
}

/** A row, if it is one. */
const rowAt = (rows: Exclude<Rows, Flat>, i: number, where: string): ArrayLike<Cell> => {
  const row: unknown = rows[i]
  return isList(row) ? (row as ArrayLike<Cell>) : refuse(where, `row ${i} must be a list, not ${named(row)}`, CURE)
}

/**
 * Rows as a matrix of Float64 `[rows, columns]`; ragged, empty or non-finite ones are refused. `wanted` is the number of
 * columns that a model expects.
 * @throws FailureError
 */
export const matrixOf = (rows: Rows, where: string, wanted?: number): NdArray => {
  const count = countOf(rows, where)
  if (!(count > 0)) refuse(where, 'zero rows', 'Give at least one')
  const columns = isFlat(rows) ? rows.shape[1] : rowAt(rows, 0, where).length
  if (!(columns > 0)) refuse(where, 'zero columns', 'Give at least one')
  if (wanted !== undefined && columns !== wanted)
    refuse(where, `it has ${columns} columns, the model was trained on ${wanted}`, 'Give the same columns')
  if (isFlat(rows) && rows.data.length !== count * columns)
    refuse(where, `${rows.data.length} numbers for ${count} rows of ${columns} columns`, 'Correct the shape')
  const data = new Float64Array(count * columns)
  for (let i = 0; i < count; i++) {
    const row = isFlat(rows) ? undefined : rowAt(rows, i, where)
    if (row && row.length !== columns)
      refuse(where, `row ${i} has ${row.length} columns, row 0 has ${columns}`, 'Give every row the same number')
    for (let j = 0; j < columns; j++) {
      const given = row ? row[j] : (rows as Flat).data[i * columns + j]
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
