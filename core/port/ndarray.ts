/** Dense matrices on the host. Everything in the engine is a matrix: a vector is [1, n], a scalar [1, 1]. */

/** Rows and columns. */
export type Shape = readonly [rows: number, columns: number]

/** A dense row-major matrix on the host; `data.length` is rows times columns. */
export interface NdArray {
  readonly shape: Shape
  readonly data: Float32Array | Float64Array
}

/** Number of entries of a shape.
 * @example sizeOf([2, 3]) // => 6
 */
export const sizeOf = ([rows, columns]: Shape): number => rows * columns

/** A matrix of one value (0 when left out), Float32.
 * @example Array.from(filled([1, 2], 7).data) // => [7, 7]
 */
export const filled = (shape: Shape, value: number = 0): NdArray => ({
  shape,
  data: new Float32Array(sizeOf(shape)).fill(value)
})

/** A matrix from its entries, `f(row, column)`, Float32.
 * @example Array.from(tabulate([2, 2], (i, j) => 10 * i + j).data) // => [0, 1, 10, 11]
 */
export const tabulate = (shape: Shape, f: (row: number, column: number) => number): NdArray => {
  const data = new Float32Array(sizeOf(shape))
  const columns = shape[1]
  for (let i = 0; i < data.length; i++) data[i] = f(Math.floor(i / columns), i % columns)
  return { shape, data }
}

/** The integers 0 .. n - 1.
 * @example range(3) // => [0, 1, 2]
 */
export const range = (n: number): readonly number[] => {
  const out: number[] = [] // a loop: Array.from with a function is ten times slower, and epochs count their rows
  for (let i = 0; i < n; i++) out.push(i)
  return out
}
