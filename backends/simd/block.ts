/** Where tensors lie in the kernels' memory. */

/** Where a tensor lies. */
export interface Block {
  readonly at: number
  readonly bytes: number
  /** The block that this is a view into. */
  readonly whole: Block | undefined
  /** Tensors that lie in it: itself and the views of its rows. */
  views: number
  /** The same matrix as panels for products, plain and transposed, once somebody has needed them. */
  plain: Block | undefined
  transposed: Block | undefined
  /** The same matrix as a list of what is not 0, if somebody has asked for it and it pays. */
  list: Sparse | undefined
}

// every block with the same fields from the start: JavaScript engines are fast with objects of one shape
export const blockAt = (at: number, bytes: number, whole?: Block): Block => ({
  at,
  bytes,
  whole,
  views: whole ? 0 : 1,
  plain: undefined,
  transposed: undefined,
  list: undefined
})

/** Entries of a matrix [k, n], column by column, as assembly/sparse.ts reads them. */
export interface Sparse {
  /** For each column the byte at which its entries start, and one more. */
  readonly starts: Block
  /** Pairs: 4 times the row, value. */
  readonly entries: Block
  /** Bytes of the entries. */
  readonly length: number
}
