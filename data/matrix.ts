/** Numbers by row as files hold them: dense and as wide as they came, or the few that are not 0. */
import type { NdArray, Shape } from '../core/port/ndarray.js'

/** A dense matrix, row by row; pixels stay bytes. */
export interface Dense {
  readonly shape: Shape
  readonly data: Float32Array | Float64Array | Uint8Array
}

/** A matrix that is mostly 0, as compressed sparse rows: those of row i are at `starts[i]` .. `starts[i + 1]`. */
export interface Csr {
  readonly shape: Shape
  readonly starts: Uint32Array
  readonly columns: Uint32Array
  readonly values: Float32Array | Float64Array
}

/** Either. */
export type Matrix = Dense | Csr

/** Per column: (value - offset) * factor. */
export interface Scaling {
  readonly offset: readonly number[]
  readonly factor: readonly number[]
}

/** Whether a matrix is sparse. */
export const isSparse = (m: Matrix): m is Csr => 'starts' in m

/** Calls `f` with every stored entry of the named rows, row by row. */
const visit = (m: Matrix, rows: readonly number[], f: (place: number, column: number, value: number) => void): void => {
  const columns = m.shape[1]
  rows.forEach((row, place) => {
    if (isSparse(m)) {
      for (let k = m.starts[row] as number; k < (m.starts[row + 1] as number); k++)
        f(place, m.columns[k] as number, m.values[k] as number)
    } else {
      const { data } = m
      for (let j = 0, at = row * columns; j < columns; j++, at++) f(place, j, data[at] as number)
    }
  })
}

/** The named rows, scaled if asked, as Float32. `[rows, columns]` */
export const take = (m: Matrix, rows: readonly number[], scaling?: Scaling): NdArray => {
  const columns = m.shape[1]
  const out = new Float32Array(rows.length * columns)
  const offset = Float64Array.from(scaling?.offset ?? new Float64Array(columns))
  const factor = Float64Array.from(scaling?.factor ?? new Float64Array(columns).fill(1))
  if (isSparse(m)) {
    const none = Float32Array.from(offset, (o, j) => (0 - o) * (factor[j] as number))
    for (let i = 0; i < rows.length; i++) out.set(none, i * columns)
  }
  visit(m, rows, (place, j, value) => {
    out[place * columns + j] = (value - (offset[j] as number)) * (factor[j] as number)
  })
  return { shape: [rows.length, columns], data: out }
}

/** Mean and biased variance of each column over the named rows, in two passes. */
export const columnStatistics = (m: Matrix, rows: readonly number[]): readonly { mean: number; variance: number }[] => {
  const columns = m.shape[1]
  const [sums, squares, stored] = [new Float64Array(columns), new Float64Array(columns), new Uint32Array(columns)]
  visit(m, rows, (_, j, value) => {
    sums[j] = (sums[j] as number) + value
    stored[j] = (stored[j] as number) + 1
  })
  const means = sums.map(sum => sum / rows.length)
  visit(m, rows, (_, j, value) => {
    squares[j] = (squares[j] as number) + (value - (means[j] as number)) ** 2
  })
  return Array.from(means, (mean, j) => ({
    mean,
    variance: ((squares[j] as number) + (rows.length - (stored[j] as number)) * mean ** 2) / rows.length
  }))
}

/** The first entry that is not finite. */
export const firstBad = (
  m: Matrix
): { readonly row: number; readonly column: number; readonly value: number } | undefined => {
  const values = isSparse(m) ? m.values : m.data
  if (values instanceof Uint8Array) return undefined
  const at = values.findIndex(v => !Number.isFinite(v))
  if (at < 0) return undefined
  const value = values[at] as number
  if (!isSparse(m)) return { row: Math.floor(at / m.shape[1]), column: at % m.shape[1], value }
  return { row: m.starts.findIndex(start => start > at) - 1, column: m.columns[at] as number, value }
}

/** Which columns differ between any two of the named rows. */
export const varying = (m: Matrix, rows: readonly number[]): readonly boolean[] => {
  const columns = m.shape[1]
  const first = rows.length === 0 ? undefined : take(m, rows.slice(0, 1)).data
  const varies = new Uint8Array(columns)
  const stored = new Uint32Array(columns)
  visit(m, rows, (_, j, value) => {
    stored[j] = (stored[j] as number) + 1
    if (Math.fround(value) !== first?.[j]) varies[j] = 1
  })
  return Array.from(varies, (v, j) => v === 1 || ((stored[j] as number) < rows.length && first?.[j] !== 0))
}

/** Whether all entries are 0 or 1. */
export const isBinary = (m: Matrix): boolean => {
  const values = isSparse(m) ? m.values : m.data
  return values.every(v => v === 0 || v === 1)
}

/** Bytes that the matrix would take as dense Float32. */
export const denseBytes = ({ shape: [rows, columns] }: Pick<Matrix, 'shape'>): number => 4 * rows * columns
