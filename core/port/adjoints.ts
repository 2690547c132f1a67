/**
 * How gradients flow back through the port's operations: reverse-mode differentiation, one operation at a time. If out is
 * f(a), J the derivative of f at a, and v the gradient of a loss by out, then the gradient of that loss by a is J'v. For
 * every f it is made of operations again. A law says that it is right: <v, J u> = <J'v, u> for all u and v.
 */
import type { Shape } from './ndarray.js'
import { filled, range } from './ndarray.js'
import type { Ops } from './ops.js'

/** Operations with a derivative: `positive` is a step, `constant` and `shape` do not lead from tensors to tensors. */
export type Differentiable = Exclude<keyof Ops<unknown>, 'constant' | 'shape' | 'positive'>

/** A gradient for each tensor that the arguments begin with, or for each of a list; `symbol` stands for a tensor. */
type Gradients<Arguments extends readonly unknown[], T> = Arguments extends readonly [symbol, ...infer Rest]
  ? readonly [T, ...Gradients<Rest, T>]
  : Arguments extends readonly [readonly symbol[], ...unknown[]]
    ? readonly T[]
    : readonly []

/**
 * From an operation's arguments, what it gave for them and the gradient `v` by that: the gradients by the tensors among
 * the arguments, in their order. They may be `v` itself.
 */
export type Adjoint<Name extends Differentiable> = <T>(
  ops: Ops<T>,
  args: Parameters<Ops<T>[Name]>,
  out: T,
  v: T
) => Gradients<Parameters<Ops<symbol>[Name]>, T>

/** The gradient by an argument of that shape, whose row or column may have been repeated: summed over the copies. */
const unrepeated = <T>(ops: Ops<T>, v: T, [rows, columns]: Shape): T => {
  const summed = rows === 1 && ops.shape(v)[0] !== 1 ? ops.sumRows(v) : v
  return columns === 1 && ops.shape(v)[1] !== 1 ? ops.sumColumns(summed) : summed
}

/** Gradients of arguments that paired up. */
const paired = <T>(ops: Ops<T>, a: T, b: T, da: T, db: T): readonly [T, T] => [
  unrepeated(ops, da, ops.shape(a)),
  unrepeated(ops, db, ops.shape(b))
]

/** One row (axis 0) or column (axis 1), `count` times. */
const repeated = <T>(ops: Ops<T>, v: T, count: number, axis: 0 | 1): T =>
  ops.gather(
    v,
    range(count).map(() => 0),
    axis
  )

/** `v` with zeros around it. */
const padded = <T>(ops: Ops<T>, v: T, [top, left]: Shape, [rows, columns]: Shape): T => {
  const [height, width] = ops.shape(v)
  const zeros = (...shape: Shape): T => ops.constant(filled(shape))
  const column = ops.concat([zeros(top, width), v, zeros(rows - top - height, width)], 0)
  return ops.concat([zeros(rows, left), column, zeros(rows, columns - left - width)], 1)
}

/**
 * The adjoint of each operation. At relu's kink the slope is 0, as in `positive`; where several entries of a row share the
 * maximum, `maxColumns` gives each the whole gradient.
 * @example
 * const b = reference()
 * const [a, v] = [b.constant(filled([1, 2], 3)), b.constant(filled([1, 2], 1))]
 * const [da] = adjoints.mul(b, [a, b.constant(filled([1, 1], 5))], b.affine(a, 5, 0), v)
 * Array.from((await b.download(da)).data) // => [5, 5]
 */
export const adjoints: { readonly [Name in Differentiable]: Adjoint<Name> } = {
  add: (ops, [a, b], _, v) => paired(ops, a, b, v, v),
  sub: (ops, [a, b], _, v) => paired(ops, a, b, v, ops.affine(v, -1, 0)),
  mul: (ops, [a, b], _, v) => paired(ops, a, b, ops.mul(v, b), ops.mul(v, a)),
  div: (ops, [a, b], out, v) => {
    const da = ops.div(v, b)
    return paired(ops, a, b, da, ops.mul(ops.affine(da, -1, 0), out))
  },
  affine: (ops, [, factor], _, v) => [ops.affine(v, factor, 0)],
  exp: (ops, _, out, v) => [ops.mul(v, out)],
  log: (ops, [a], _, v) => [ops.div(v, a)],
  sqrt: (ops, _, out, v) => [ops.div(ops.affine(v, 0.5, 0), out)],
  sigmoid: (ops, _, out, v) => [ops.mul(v, ops.mul(out, ops.affine(out, -1, 1)))],
  tanh: (ops, _, out, v) => [ops.mul(v, ops.affine(ops.mul(out, out), -1, 1))],
  relu: (ops, [a], _, v) => [ops.mul(v, ops.positive(a))],
  transpose: (ops, _args, _, v) => [ops.transpose(v)],
  matMul: (ops, [a, b, transposed], _, v) => {
    if (transposed === 'a') return [ops.matMul(b, v, 'b'), ops.matMul(a, v)]
    if (transposed === 'b') return [ops.matMul(v, b), ops.matMul(v, a, 'a')]
    return [ops.matMul(v, b, 'b'), ops.matMul(a, v, 'a')]
  },
  sumRows: (ops, [a], _, v) => [repeated(ops, v, ops.shape(a)[0], 0)],
  sumColumns: (ops, [a], _, v) => [repeated(ops, v, ops.shape(a)[1], 1)],
  maxColumns: (ops, [a], out, v) => [ops.mul(v, ops.affine(ops.positive(ops.sub(out, a)), -1, 1))],
  slice: (ops, [a, begin], _, v) => [padded(ops, v, begin, ops.shape(a))],
  gather: (ops, [a, indices, axis], _, v) => [ops.scatter(v, indices, ops.shape(a)[axis], axis)],
  scatter: (ops, [, indices, , axis], _, v) => [ops.gather(v, indices, axis)],
  reshape: (ops, [a], _, v) => [ops.reshape(v, ops.shape(a))],
  concat: (ops, [parts, axis], _, v) => {
    let from = 0
    return parts.map(part => {
      const size = ops.shape(part)
      const begin: Shape = axis === 0 ? [from, 0] : [0, from]
      from += size[axis]
      return ops.slice(v, begin, size)
    })
  }
}
