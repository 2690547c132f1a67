/** Basic operations on matrices: what every backend brings. Types only: nothing here runs. */
import type { NdArray, Shape } from './ndarray.js'

/**
 * Pure matrix arithmetic. No operation disposes of or changes its arguments. Entries of `add`, `sub`, `mul` and `div`
 * pair up, a side of one row or one column being repeated. Any side of any matrix may have length 0.
 */
export interface Ops<T> {
  readonly constant: (array: NdArray) => T
  readonly shape: (a: T) => Shape
  readonly add: (a: T, b: T) => T
  readonly sub: (a: T, b: T) => T
  readonly mul: (a: T, b: T) => T
  readonly div: (a: T, b: T) => T
  /** a * factor + offset */
  readonly affine: (a: T, factor: number, offset: number) => T
  readonly exp: (a: T) => T
  /** Natural logarithm; -Infinity at 0. */
  readonly log: (a: T) => T
  readonly sqrt: (a: T) => T
  readonly sigmoid: (a: T) => T
  readonly tanh: (a: T) => T
  /** max(a, 0) */
  readonly relu: (a: T) => T
  /** 1 where a > 0, else 0. */
  readonly positive: (a: T) => T
  readonly transpose: (a: T) => T
  /** [m, k] by [k, n]; `'a'` or `'b'` says which argument comes transposed. */
  readonly matMul: (a: T, b: T, transposed?: 'a' | 'b') => T
  /** Sum over the rows: [m, n] -> [1, n]. */
  readonly sumRows: (a: T) => T
  /** Sum over the columns: [m, n] -> [m, 1]. */
  readonly sumColumns: (a: T) => T
  /** Largest entry of each row: [m, n] -> [m, 1], n >= 1. */
  readonly maxColumns: (a: T) => T
  readonly slice: (a: T, begin: Shape, size: Shape) => T
  /** The named rows (axis 0) or columns (axis 1), in that order. */
  readonly gather: (a: T, indices: readonly number[], axis: 0 | 1) => T
  /**
   * The adjoint of `gather`: each row (axis 0) or column (axis 1) is added to the named one of `size` rows or columns of
   * zeros. A name may come again, its sum then runs in the order of the names; or not at all, which leaves zeros.
   */
  readonly scatter: (a: T, indices: readonly number[], size: number, axis: 0 | 1) => T
  /** The same entries, row by row, in another shape of as many. */
  readonly reshape: (a: T, shape: Shape) => T
  /** Parts one below the other (axis 0) or side by side (axis 1). */
  readonly concat: (parts: readonly T[], axis: 0 | 1) => T
}
