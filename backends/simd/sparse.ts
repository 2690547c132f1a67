/** Matrices that are mostly 0, as lists of what is not. */
import type { Block, Machine } from './machine.js'

/** Entries of a matrix [k, n] column by column, as assembly/sparse.ts reads them. */
export interface Sparse {
  /** For each column the byte at which its entries start, and one more. */
  readonly starts: Block
  /** Pairs: 4 times the row, value. */
  readonly entries: Block
}

/** Share of entries that are not 0 up to which the list is faster than the matrix. */
const DENSE = 0.3
/** Vectors that fit a thread's scratch. */
const SCRATCH = 4000

/** Rows of the other side that are worked on together, if the sizes fit the scratch. */
export const tileOf = (rows: number, k: number, n: number): 1 | 4 | 16 => {
  if (rows < 3) return 1
  return rows > 4 && 4 * (k + n) <= SCRATCH ? 16 : 4
}

/** The list of a matrix, or undefined where it would not pay. The caller owns its blocks. */
export const sparseOf = (m: Machine, block: Block, k: number, n: number): Sparse | undefined => {
  if (k + n > SCRATCH) return undefined
  const values = m.floats(block, k * n)
  let count = 0
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) count++
  if (count > DENSE * k * n) return undefined
  const starts = new Uint32Array(n + 1)
  const entries = new Uint32Array(2 * count)
  const numbers = new Float32Array(entries.buffer)
  let at = 0
  for (let j = 0; j < n; j++) {
    starts[j] = 4 * at
    for (let i = 0; i < k; i++) {
      const value = values[i * n + j] as number
      if (value === 0) continue
      entries[at++] = 4 * i
      numbers[at++] = value
    }
  }
  starts[n] = 4 * at
  return { starts: m.numbers(starts), entries: m.numbers(entries) }
}
