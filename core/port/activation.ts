/** Activations with their derivatives. */

import type { Ops } from './ops.js'

import { filled } from './ndarray.js'

/** act(h) and act'(h), shaped like h. */
export interface Activated<T> {
  readonly value: T
  readonly slope: T
}

/** x s(x), with s the logistic function: slope s + x s (1 - s). */
const swish = <T>(ops: Ops<T>, x: T): Activated<T> => {
  const s = ops.sigmoid(x)
  const value = ops.mul(x, s)
  return { value, slope: ops.add(s, ops.mul(value, ops.affine(s, -1, 1))) }
}

const tanh = <T>(ops: Ops<T>, x: T): Activated<T> => {
  const value = ops.tanh(x)
  return { value, slope: ops.affine(ops.mul(value, value), -1, 1) }
}

const sigmoid = <T>(ops: Ops<T>, x: T): Activated<T> => {
  const value = ops.sigmoid(x)
  return { value, slope: ops.mul(value, ops.affine(value, -1, 1)) }
}

/** x (1 + t) / 2 with t = tanh(c (x + d x^3)), c = sqrt(2 / pi), d = 0.044715 (Hendrycks and Gimpel 2016). */
const gelu = <T>(ops: Ops<T>, x: T): Activated<T> => {
  const c = Math.sqrt(2 / Math.PI)
  const d = 0.044715
  const square = ops.mul(x, x)
  const t = ops.tanh(ops.mul(x, ops.affine(square, c * d, c)))
  const half = ops.affine(t, 0.5, 0.5)
  const inner = ops.affine(square, 1.5 * c * d, 0.5 * c) // half the derivative of tanh's argument
  const slope = ops.add(half, ops.mul(ops.mul(x, ops.affine(ops.mul(t, t), -1, 1)), inner))
  return { value: ops.mul(x, half), slope }
}

/** act and its derivative at `x`. */
export const activate = <T>(ops: Ops<T>, name: Activation, x: T): Activated<T> => {
  switch (name) {
    case 'swish':
      return swish(ops, x)
    case 'tanh':
      return tanh(ops, x)
    case 'sigmoid':
      return sigmoid(ops, x)
    case 'gelu':
      return gelu(ops, x)
    case 'relu':
      return { value: ops.relu(x), slope: ops.positive(x) }
    case 'identity':
      return { value: x, slope: ops.constant(filled(ops.shape(x), 1)) }
  }
}

/** Names of the activations. */
export const activations = ['swish', 'identity', 'relu', 'tanh', 'gelu', 'sigmoid'] as const

/** act in x = act(h); GELU in its tanh form. */
export type Activation = (typeof activations)[number]
