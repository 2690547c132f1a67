/** Where tensors lie in the kernels' memory. */

/** Where a tensor lies. */
export interface Block {
  /** Where its rows lie. What was made as panels has none, and 0 bytes of them, until somebody needs them. */
  at: number
  bytes: number
  /** The block that this is a view into. */
  readonly whole: Block | undefined
  /** Tensors that lie in it: itself and the views of its rows. */
  views: number
  /** The same matrix as panels for products, plain and transposed, once somebody has needed them. */
  plain: Block | undefined
  transposed: Block | undefined
  /** The same matrix as panels of 16 rows, for products with lists. */
  panels: Block | undefined
  /** What is not 0, column by column and row by row, if somebody has asked for it and it pays. */
  list: Sparse | undefined
  rowList: Sparse | undefined
  /** How many entries are not 0, once somebody has counted. */
  occupied: number | undefined
  /** Whether products in training take the lists. */
  listed: boolean
}

// every block with the same fields from the start: JavaScript engines are fast with objects of one shape
export const blockAt = (at: number, bytes: number, whole?: Block): Block => ({
  at,
  bytes,
  whole,
  views: whole ? 0 : 1,
  plain: undefined,
  transposed: undefined,
  panels: undefined,
  list: undefined,
  rowList: undefined,
  occupied: undefined,
  listed: false
})

/** Entries of a matrix, column by column or row by row, as assembly/sparse.ts reads them. */
export interface Sparse {
  /** For each column or row the byte at which its entries start, and one more. */
  readonly starts: Block
  /** Pairs: 4 times the number of the row or column, value. */
  readonly entries: Block
  /** Bytes of the entries. */
  readonly length: number
}
