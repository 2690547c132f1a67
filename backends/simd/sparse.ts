/** Matrices that are mostly 0, as lists of what is not. */
import type { Block, Sparse } from './block.js'
import type { Runtime } from './runtime.js'

/** Share of entries that are not 0 up to which the list is faster than the matrix. */
const DENSE = 0.3
/** Vectors that fit a thread's scratch. */
const SCRATCH = 4000

/** So few rows of the other side do not fill a tile. */
export const FEW = 2
/** Share of entries that are not 0 up to which their list is faster than the matrix for a single row. */
const DENSE_FOR_ONE = 0.13

/** A kernel for sparse products, and how many rows of the other side it works on together. */
interface Chosen {
  readonly name: 'sparse1' | 'sparse4' | 'sparse16' | undefined
  readonly rows: number
}

const [one, four, sixteen, matrix]: readonly [Chosen, Chosen, Chosen, Chosen] = [
  { name: 'sparse1', rows: 1 },
  { name: 'sparse4', rows: 4 },
  { name: 'sparse16', rows: 16 },
  { name: undefined, rows: 1 }
]

/** The kernel for some rows, if the sizes fit the scratch; none where the matrix as it is would be faster. */
export const sparseFor = (rows: number, k: number, n: number, { length }: Sparse): Chosen => {
  if (rows <= FEW) return length / 8 <= DENSE_FOR_ONE * k * n ? one : matrix
  return rows > 4 && 4 * (k + n) <= SCRATCH ? sixteen : four
}

/** The lists of a matrix, or undefined where they would not pay. The caller owns their blocks. */
export const sparseOf = (m: Runtime, block: Block, k: number, n: number): Sparse | undefined => {
  if (k * n === 0 || k + n > SCRATCH) return undefined
  const starts = m.take(4 * (n + 1))
  m.run('occupied', 1, 1, [block.at, starts.at, k, n])
  const length = m.word(starts, n)
  if (length / 8 > DENSE * k * n) {
    m.give(starts)
    return undefined
  }
  const entries = m.take(length + 8)
  m.run('list', 1, 1, [block.at, entries.at, k, n])
  return { starts, entries, length }
}
