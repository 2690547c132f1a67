/** Activations with their derivatives: one entry each, from which names, type and checks follow. */
import { entryOf } from './checks.js'
import { filled } from './ndarray.js'
import type { Ops } from './ops.js'

/** act(h) and act'(h), shaped like h. */
export interface Activated<T> {
  readonly value: T
  readonly slope: T
}

/** The definition of an activation: act and its derivative at `x`. */
export type ActivationDefinition = <T>(ops: Ops<T>, x: T) => Activated<T>

/** All activations by name. A backend may have faster kernels for some; for the others it computes what stands here. */
export const activations = {
  /** x s(x), with s the logistic function: slope s + x s (1 - s). */
  swish: <T>(ops: Ops<T>, x: T): Activated<T> => {
    const s = ops.sigmoid(x)
    const value = ops.mul(x, s)
    return { value, slope: ops.add(s, ops.mul(value, ops.affine(s, -1, 1))) }
  },
  identity: <T>(ops: Ops<T>, x: T): Activated<T> => ({ value: x, slope: ops.constant(filled(ops.shape(x), 1)) }),
  relu: <T>(ops: Ops<T>, x: T): Activated<T> => ({ value: ops.relu(x), slope: ops.positive(x) }),
  tanh: <T>(ops: Ops<T>, x: T): Activated<T> => {
    const value = ops.tanh(x)
    return { value, slope: ops.affine(ops.mul(value, value), -1, 1) }
  },
  /** x (1 + t) / 2 with t = tanh(c (x + d x^3)), c = sqrt(2 / pi), d = 0.044715 (Hendrycks and Gimpel 2016). */
  gelu: <T>(ops: Ops<T>, x: T): Activated<T> => {
    const c = Math.sqrt(2 / Math.PI)
    const d = 0.044715
    const square = ops.mul(x, x)
    const t = ops.tanh(ops.mul(x, ops.affine(square, c * d, c)))
    const half = ops.affine(t, 0.5, 0.5)
    const inner = ops.affine(square, 1.5 * c * d, 0.5 * c) // half the derivative of tanh's argument
    const slope = ops.add(half, ops.mul(ops.mul(x, ops.affine(ops.mul(t, t), -1, 1)), inner))
    return { value: ops.mul(x, half), slope }
  },
  sigmoid: <T>(ops: Ops<T>, x: T): Activated<T> => {
    const value = ops.sigmoid(x)
    return { value, slope: ops.mul(value, ops.affine(value, -1, 1)) }
  }
} as const

/** act in x = act(h), by its name; GELU in its tanh form. */
export type Activation = keyof typeof activations

/** Names of the activations. */
export const activationNames: readonly Activation[] = Object.keys(activations) as Activation[]

/** act and its derivative at `x`. @throws FailureError if the activation is unknown */
export const activate = <T>(ops: Ops<T>, name: Activation, x: T): Activated<T> =>
  entryOf<ActivationDefinition>('activation', activations, name)(ops, x)
