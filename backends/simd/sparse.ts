/** Matrices that are mostly 0, as lists of what is not. */
import type { Shape } from '../../core/port/ndarray.js'
import { sizeOf } from '../../core/port/ndarray.js'
import type { Block, Sparse } from './block.js'
import type { Runtime } from './runtime.js'

/** Share of entries that are not 0 up to which the list is faster than the matrix. */
const DENSE = 0.3
/** The same for products in training. */
const DENSE_IN_TRAINING = 0.3
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

/** How many entries of a matrix are not 0; counted once. */
const occupiedOf = (m: Runtime, block: Block, shape: Shape): number => {
  if (block.occupied === undefined) {
    const counted = m.take(4)
    m.run('count', 1, 1, [block.at, counted.at, sizeOf(shape)])
    block.occupied = m.word(counted, 0)
    m.give(counted)
  }
  return block.occupied
}

/** The lists of a matrix, by columns or by rows; made once. Its block owns them. */
export const listOf = (m: Runtime, block: Block, [k, n]: Shape, by: 'columns' | 'rows'): Sparse => {
  const known = by === 'columns' ? block.list : block.rowList
  if (known) return known
  const starts = m.take(4 * ((by === 'columns' ? n : k) + 1))
  const bytes = 8 * occupiedOf(m, block, [k, n])
  const entries = m.take(bytes)
  m.run(by === 'columns' ? 'list' : 'listRows', 1, 1, [block.at, starts.at, entries.at, k, n])
  const made = { starts, entries, length: bytes }
  if (by === 'columns') block.list = made
  else block.rowList = made
  return made
}

/** Makes the lists of a matrix where they pay in products without a gradient. */
export const listWhereSparse = (m: Runtime, block: Block, shape: Shape): void => {
  const size = sizeOf(shape)
  if (size === 0 || shape[0] + shape[1] > SCRATCH) return
  if (occupiedOf(m, block, shape) <= DENSE * size) listOf(m, block, shape, 'columns')
}

/** Whether so little of a 0/1 matrix is 1 that products in training go by lists: a question of this matrix alone. */
export const isSparse = (m: Runtime, where: Block, shape: Shape): boolean =>
  sizeOf(shape) > 0 && occupiedOf(m, where, shape) <= DENSE_IN_TRAINING * sizeOf(shape)
