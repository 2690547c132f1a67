/** Some of the rows, where all of them would be too much work: the same ones on every machine. */
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { address, permutation, Purpose } from '../core/port/random.js'

/** At most so many places among `rows` rows at random by seed, ascending; all of them if they are few enough. */
export const sampledRows = (rows: number, most: number, seed: number): readonly number[] =>
  rows <= most
    ? range(rows)
    : [...permutation(address(seed, 1, Purpose.importance), rows).slice(0, most)].sort((a, b) => a - b)

/** The named rows of a matrix, in Float64. */
export const rowsOf = ({ shape: [, columns], data }: NdArray, rows: readonly number[]): NdArray => {
  const out = new Float64Array(rows.length * columns)
  rows.forEach((row, i) => out.set(data.subarray(row * columns, (row + 1) * columns), i * columns))
  return { shape: [rows.length, columns], data: out }
}
