/** Numbers by row as files hold them: dense and as wide as they came, or the few that are not 0. */
import { binade } from '../core/port/elementary.js'
import type { NdArray, Shape } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'

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

/** Bytes of a matrix. */
export const bytesOf = (m: Matrix): number =>
  isSparse(m) ? m.starts.byteLength + m.columns.byteLength + m.values.byteLength : m.data.byteLength

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

/** All entries, row by row, as wide as they came. */
export const denseOf = (m: Matrix): Dense => {
  if (!isSparse(m)) return m
  const data = new Float64Array(m.shape[0] * m.shape[1])
  visit(m, range(m.shape[0]), (i, j, value) => (data[i * m.shape[1] + j] = value))
  return { shape: m.shape, data }
}

/** The values of each column in the named rows, zeros among them. */
export const valuesByColumn = (m: Matrix, rows: readonly number[]): readonly Float64Array[] => {
  const found = range(m.shape[1]).map(() => new Float64Array(rows.length))
  visit(m, rows, (place, j, value) => ((found[j] as Float64Array)[place] = value))
  return found
}

/** One row, as wide as it came. */
const rowOf = (m: Matrix, row: number): Float64Array => {
  const out = new Float64Array(m.shape[1])
  visit(m, [row], (_, j, value) => (out[j] = value))
  return out
}

/** What the numbers of a column are like. */
export interface ColumnMoments {
  readonly mean: number
  /** Root of the biased variance. */
  readonly deviation: number
  /** The largest size of any of them: what their rounding is measured by. */
  readonly largest: number
}

/**
 * Mean and deviation of each column over the named rows, in Float64. Sums are of distances, first from the first row's
 * value, then from the mean: so a column far from 0 loses no digits, and a constant one has deviation 0. Distances are in
 * units near the column's largest number: so squares neither vanish nor overflow.
 */
export const columnStatistics = (m: Matrix, rows: readonly number[]): readonly ColumnMoments[] => {
  const columns = m.shape[1]
  const [largest, stored] = [new Float64Array(columns), new Uint32Array(columns)]
  visit(m, rows, (_, j, value) => {
    stored[j] = (stored[j] as number) + 1
    largest[j] = Math.max(largest[j] as number, Math.abs(value))
  })
  const unit = largest.map(binade) // a power of two: to divide by it is exact
  const origin = rowOf(m, rows[0] ?? 0).map((value, j) => value / (unit[j] as number))
  /** Sums of distances from `from` and of their squares; a 0 that is not stored has one too. */
  const distances = (from: Float64Array): readonly [sums: Float64Array, squares: Float64Array] => {
    const [sums, squares] = [from.slice(), from.slice()]
    from.forEach((o, j) => {
      const zeros = rows.length - (stored[j] as number)
      sums[j] = -zeros * o
      squares[j] = zeros * o * o
    })
    visit(m, rows, (_, j, value) => {
      const distance = value / (unit[j] as number) - (from[j] as number)
      sums[j] = (sums[j] as number) + distance
      squares[j] = (squares[j] as number) + distance * distance
    })
    return [sums, squares]
  }
  const [far] = distances(origin)
  const centre = origin.map((o, j) => o + (far[j] as number) / rows.length)
  const [near, squares] = distances(centre)
  return range(columns).map(j => {
    const off = (near[j] as number) / rows.length // what rounding left between the centre and the mean
    const variance = Math.max(0, (squares[j] as number) / rows.length - off * off)
    return {
      mean: ((centre[j] as number) + off) * (unit[j] as number),
      deviation: Math.sqrt(variance) * (unit[j] as number),
      largest: largest[j] as number
    }
  })
}

/** The first entry that is not finite, as it is or, under a scaling, as the Float32 that becomes of it. */
export const firstBad = (
  m: Matrix,
  scaling?: Scaling
): { readonly row: number; readonly column: number; readonly value: number } | undefined => {
  const values = isSparse(m) ? m.values : m.data
  if (values instanceof Uint8Array) return undefined
  const at = values.findIndex((v, k) => {
    if (scaling === undefined) return !Number.isFinite(v)
    const j = isSparse(m) ? (m.columns[k] as number) : k % m.shape[1]
    return !Number.isFinite(Math.fround((v - (scaling.offset[j] as number)) * (scaling.factor[j] as number)))
  })
  if (at < 0) return undefined
  const value = values[at] as number
  if (!isSparse(m)) return { row: Math.floor(at / m.shape[1]), column: at % m.shape[1], value }
  return { row: m.starts.findIndex(start => start > at) - 1, column: m.columns[at] as number, value }
}

/** Which columns differ between any two of the named rows. */
export const varying = (m: Matrix, rows: readonly number[]): readonly boolean[] => {
  const columns = m.shape[1]
  const first = rows[0] === undefined ? undefined : rowOf(m, rows[0])
  const varies = new Uint8Array(columns)
  const stored = new Uint32Array(columns)
  visit(m, rows, (_, j, value) => {
    stored[j] = (stored[j] as number) + 1
    if (value !== first?.[j]) varies[j] = 1
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
