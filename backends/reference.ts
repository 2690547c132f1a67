/** The judge of all other backends: Float64, plain loops, nothing clever. */
import type { Backend } from '../core/port/backend.js'
import type { Ops } from '../core/port/ops.js'
import { exp, log } from '../core/port/elementary.js'
import { composed } from '../core/port/kernels.js'
import type { Shape } from '../core/port/ndarray.js'
import { sizeOf } from '../core/port/ndarray.js'
import { version } from '../version.js'
import type { Cell, Memory } from './memory.js'
import { memory } from './memory.js'
import {
  assertFinite,
  broadcast,
  assertIndices,
  assertReshape,
  assertSlice,
  joined,
  productSides,
  scattered
} from './shapes.js'

/** A tensor of the reference backend. */
export type ReferenceTensor = Cell<Float64Array>

const logistic = (x: number): number => {
  const e = exp(-Math.abs(x))
  return x >= 0 ? 1 / (1 + e) : e / (1 + e)
}
const hyperbolicTangent = (x: number): number => {
  const e = exp(-2 * Math.abs(x))
  const size = (1 - e) / (1 + e)
  return x >= 0 ? size : -size
}

const arithmetic = ({ make, dataOf }: Pick<Memory<Float64Array>, 'make' | 'dataOf'>): Ops<ReferenceTensor> => {
  const table = (shape: Shape, f: (row: number, column: number) => number): ReferenceTensor => {
    const data = new Float64Array(sizeOf(shape))
    for (let i = 0, at = 0; i < shape[0]; i++) for (let j = 0; j < shape[1]; j++) data[at++] = f(i, j)
    return make(shape, data)
  }
  const at = (t: ReferenceTensor): ((row: number, column: number) => number) => {
    const data = dataOf(t)
    const columns = t.shape[1]
    return (i, j) => data[i * columns + j] as number
  }
  const each = (f: (x: number) => number) => (a: ReferenceTensor) => make(a.shape, dataOf(a).map(f))
  const pairs = (name: string, f: (x: number, y: number) => number) => (a: ReferenceTensor, b: ReferenceTensor) => {
    const [x, y] = [at(a), at(b)]
    const pick = (side: number, i: number): number => (side === 1 ? 0 : i)
    return table(broadcast(name, a.shape, b.shape), (i, j) =>
      f(x(pick(a.shape[0], i), pick(a.shape[1], j)), y(pick(b.shape[0], i), pick(b.shape[1], j)))
    )
  }
  const fold = (start: number, f: (sum: number, x: number) => number, n: number, x: (i: number) => number): number => {
    let sum = start
    for (let i = 0; i < n; i++) sum = f(sum, x(i))
    return sum
  }
  const plus = (x: number, y: number): number => x + y
  return {
    constant: array => {
      assertFinite(array)
      return make(array.shape, new Float64Array(array.data))
    },
    shape: a => a.shape,
    add: pairs('add', plus),
    sub: pairs('sub', (x, y) => x - y),
    mul: pairs('mul', (x, y) => x * y),
    div: pairs('div', (x, y) => x / y),
    affine: (a, factor, offset) => each(x => x * factor + offset)(a),
    exp: each(exp),
    log: each(log),
    sqrt: each(Math.sqrt),
    sigmoid: each(logistic),
    tanh: each(hyperbolicTangent),
    relu: each(x => Math.max(x, 0)),
    positive: each(x => (x > 0 ? 1 : 0)),
    transpose: a => table([a.shape[1], a.shape[0]], (i, j) => at(a)(j, i)),
    matMul: (a, b, transposed) => {
      const [m, k, n] = productSides(a.shape, b.shape, transposed)
      const [x, y] = [at(a), at(b)]
      const left = transposed === 'a' ? (i: number, l: number) => x(l, i) : x
      const right = transposed === 'b' ? (l: number, j: number) => y(j, l) : y
      return table([m, n], (i, j) => fold(0, plus, k, l => left(i, l) * right(l, j)))
    },
    sumRows: a => table([1, a.shape[1]], (_, j) => fold(0, plus, a.shape[0], i => at(a)(i, j))),
    sumColumns: a => table([a.shape[0], 1], i => fold(0, plus, a.shape[1], j => at(a)(i, j))),
    maxColumns: a => table([a.shape[0], 1], i => fold(-Infinity, Math.max, a.shape[1], j => at(a)(i, j))),
    slice: (a, begin, size) => {
      assertSlice(a.shape, begin, size)
      return table(size, (i, j) => at(a)(begin[0] + i, begin[1] + j))
    },
    gather: (a, indices, axis) => {
      assertIndices(a.shape, indices, axis)
      return axis === 0
        ? table([indices.length, a.shape[1]], (i, j) => at(a)(indices[i] as number, j))
        : table([a.shape[0], indices.length], (i, j) => at(a)(i, indices[j] as number))
    },
    scatter: (a, indices, size, axis) => {
      const shape = scattered(a.shape, indices, size, axis)
      const out = new Float64Array(sizeOf(shape))
      const from = at(a)
      for (let i = 0; i < a.shape[0]; i++) {
        for (let j = 0; j < a.shape[1]; j++) {
          const to = axis === 0 ? (indices[i] as number) * shape[1] + j : i * shape[1] + (indices[j] as number)
          out[to] = (out[to] as number) + from(i, j)
        }
      }
      return make(shape, out)
    },
    reshape: (a, shape) => {
      assertReshape(a.shape, shape)
      return make(shape, dataOf(a)) // nobody changes it
    },
    concat: (parts, axis) => {
      const shape = joined(
        parts.map(p => p.shape),
        axis
      )
      const out = new Float64Array(sizeOf(shape))
      let offset = 0
      for (const part of parts) {
        const [rows, columns] = part.shape
        const data = dataOf(part)
        const [down, right] = axis === 0 ? [offset, 0] : [0, offset]
        for (let i = 0; i < rows; i++)
          out.set(data.subarray(i * columns, (i + 1) * columns), (down + i) * shape[1] + right)
        offset += axis === 0 ? rows : columns
      }
      return make(shape, out)
    }
  }
}

/** A backend in Float64. Slow: for checking, and for networks of a few neurons. */
export const reference = (): Backend<ReferenceTensor> => {
  const { make, dataOf, ...ownership } = memory<Float64Array>(() => undefined)
  const ops = arithmetic({ make, dataOf })
  return {
    ...ops,
    ...ownership,
    name: 'reference',
    about: `sagp ${version} on the processor`,
    precision: 'float64',
    kernels: composed(ops),
    download: a => Promise.resolve({ shape: a.shape, data: dataOf(a).slice() })
  }
}
