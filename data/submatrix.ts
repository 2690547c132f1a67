/** Some of the rows of a matrix. */
import { isSparse } from './matrix.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Matrix } from './matrix.js'

/** The named rows, in their order, as wide as they came. */
export const rowsKept = (x: Matrix, kept: readonly number[]): Matrix => {
  const [, columns] = x.shape
  if (!isSparse(x)) {
    const data = x.data.slice(0, kept.length * columns)
    kept.forEach((row, i) => data.set(x.data.subarray(row * columns, (row + 1) * columns), i * columns))
    return { shape: [kept.length, columns], data }
  }
  const spans = kept.map(row => [x.starts[row] as number, x.starts[row + 1] as number] as const)
  const starts = new Uint32Array(kept.length + 1)
  spans.forEach(([from, to], i) => (starts[i + 1] = (starts[i] as number) + to - from))
  const entries = starts[kept.length] as number
  const [at, values] = [new Uint32Array(entries), new Float64Array(entries)]
  spans.forEach(([from, to], i) => {
    at.set(x.columns.subarray(from, to), starts[i])
    values.set(x.values.subarray(from, to), starts[i])
  })
  return { shape: [kept.length, columns], starts, columns: at, values }
}

/** The named rows of numbers, in their order, in Float64. */
export const rowsOf = ({ shape: [, columns], data }: NdArray, rows: readonly number[]): NdArray => ({
  shape: [rows.length, columns],
  data: Float64Array.from(
    { length: rows.length * columns },
    (_, i) => data[(rows[Math.floor(i / columns)] as number) * columns + (i % columns)] as number
  )
})
