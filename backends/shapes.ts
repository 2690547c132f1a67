/** Shapes of results, and the errors about arguments that do not fit: shared by all backends. */
import type { NdArray, Shape } from '../core/port/ndarray.js'
import { sizeOf } from '../core/port/ndarray.js'

const show = ([rows, columns]: Shape): string => `[${rows}, ${columns}]`

/** Fails with a message that names the operation and the shapes. */
export const mismatch = (operation: string, ...shapes: readonly Shape[]): never => {
  throw new RangeError(`${operation}: shapes ${shapes.map(show).join(' and ')} do not fit.`)
}

/** The shape of an entrywise operation in which a side of length 1 is repeated. */
export const broadcast = (operation: string, a: Shape, b: Shape): Shape => {
  const side = (axis: 0 | 1): number => {
    if (a[axis] === b[axis] || b[axis] === 1) return a[axis]
    return a[axis] === 1 ? b[axis] : mismatch(operation, a, b)
  }
  return [side(0), side(1)]
}

/** Rows, inner length and columns of a matrix product. */
export const productSides = (a: Shape, b: Shape, transposed?: 'a' | 'b'): readonly [number, number, number] => {
  const [m, k] = transposed === 'a' ? [a[1], a[0]] : a
  const [l, n] = transposed === 'b' ? [b[1], b[0]] : b
  return k === l ? [m, k, n] : mismatch(`matMul${transposed === undefined ? '' : ` (${transposed} transposed)`}`, a, b)
}

/** The shape of parts put together along an axis; the other sides must be equal. */
export const joined = (shapes: readonly Shape[], axis: 0 | 1): Shape => {
  const across = 1 - axis
  const length = shapes.reduce((sum, s) => sum + s[axis], 0)
  const width = shapes[0]?.[across] ?? 0
  if (shapes.some(s => s[across] !== width)) mismatch('concat', ...shapes)
  return axis === 0 ? [length, width] : [width, length]
}

/** Checks that a slice lies inside a matrix. */
export const assertSlice = (shape: Shape, begin: Shape, size: Shape): void => {
  for (const axis of [0, 1] as const) {
    if (begin[axis] < 0 || size[axis] < 0 || begin[axis] + size[axis] > shape[axis])
      mismatch('slice', shape, begin, size)
  }
}

/** Checks that every index names one of `length` rows or columns. */
const assertInside = (operation: string, indices: readonly number[], length: number, axis: 0 | 1): void => {
  const bad = indices.find(i => !(Number.isInteger(i) && i >= 0 && i < length))
  if (bad !== undefined) throw new RangeError(`${operation}: index ${bad} is outside 0..${length - 1} of axis ${axis}.`)
}

/** Checks that every index names a row or column. */
export const assertIndices = (shape: Shape, indices: readonly number[], axis: 0 | 1): void =>
  assertInside('gather', indices, shape[axis], axis)

const isLength = (n: number): boolean => Number.isInteger(n) && n >= 0

/** The shape of what `scatter` gives; each row or column needs an index, and that one must lie inside the result. */
export const scattered = (shape: Shape, indices: readonly number[], size: number, axis: 0 | 1): Shape => {
  const withLength = (length: number): Shape => (axis === 0 ? [length, shape[1]] : [shape[0], length])
  if (!isLength(size)) mismatch('scatter', shape, withLength(size))
  if (indices.length !== shape[axis]) mismatch('scatter', shape, withLength(indices.length))
  assertInside('scatter', indices, size, axis)
  return withLength(size)
}

/** Checks that a shape holds as many entries as another, which sides like -2 and -3 do too. */
export const assertReshape = (shape: Shape, wanted: Shape): void => {
  if (!wanted.every(isLength) || sizeOf(wanted) !== sizeOf(shape)) mismatch('reshape', shape, wanted)
}

/** Checks an array that enters a backend: its length, and that all is finite, because a NaN spreads to whatever it meets. */
export const assertFinite = ({ shape, data }: NdArray): void => {
  if (data.length !== sizeOf(shape))
    throw new RangeError(`constant: ${data.length} numbers for the shape ${show(shape)}.`)
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue
    const [row, column] = [Math.floor(i / shape[1]), i % shape[1]]
    throw new RangeError(
      `constant: entry [${row}, ${column}] of ${show(shape)} is ${data[i]}; fill or drop what is missing or infinite.`
    )
  }
}

/** Checks that a shape is one of those allowed. */
export const assertShape = (operation: string, shape: Shape, ...allowed: readonly Shape[]): void => {
  if (!allowed.some(a => a[0] === shape[0] && a[1] === shape[1])) mismatch(operation, shape, ...allowed)
}
