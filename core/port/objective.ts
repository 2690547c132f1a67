/** Task losses with their gradients. `w` [B, 1] holds the samples' weights divided by their sum. */
import type { Ops } from './ops.js'

/** A loss [1, 1] and its gradient with respect to the outputs, [B, O]. */
export interface TaskLoss<T> {
  readonly loss: T
  readonly gradient: T
}

/** Sum of all entries. [1, 1] */
export const total = <T>(ops: Ops<T>, a: T): T => ops.sumRows(ops.sumColumns(a))

/** sum_b w_b (log sum_o e^z_bo - sum_o y_bo z_bo), y one-hot. */
const softmax = <T>(ops: Ops<T>, z: T, y: T, w: T): TaskLoss<T> => {
  const largest = ops.maxColumns(z)
  const e = ops.exp(ops.sub(z, largest))
  const sum = ops.sumColumns(e)
  const term = ops.sub(ops.add(ops.log(sum), largest), ops.sumColumns(ops.mul(y, z)))
  return { loss: total(ops, ops.mul(w, term)), gradient: ops.mul(w, ops.sub(ops.div(e, sum), y)) }
}

/** Mean over outputs of log(1 + e^z) - y z, as max(z, 0) + log(1 + e^-|z|) - y z. */
const sigmoid = <T>(ops: Ops<T>, z: T, y: T, w: T): TaskLoss<T> => {
  const share = ops.affine(w, 1 / ops.shape(z)[1], 0)
  const above = ops.relu(z)
  const minusSize = ops.sub(z, ops.affine(above, 2, 0)) // -|z|
  const soft = ops.add(above, ops.log(ops.affine(ops.exp(minusSize), 1, 1)))
  return {
    loss: total(ops, ops.mul(share, ops.sub(soft, ops.mul(y, z)))),
    gradient: ops.mul(share, ops.sub(ops.sigmoid(z), y))
  }
}

/** Mean over outputs of (z - y)^2. */
const squared = <T>(ops: Ops<T>, z: T, y: T, w: T): TaskLoss<T> => {
  const share = ops.affine(w, 1 / ops.shape(z)[1], 0)
  const error = ops.sub(z, y)
  const weighted = ops.mul(share, error)
  return { loss: total(ops, ops.mul(weighted, error)), gradient: ops.affine(weighted, 2, 0) }
}

/** The task loss of outputs `z` against targets `y`, both [B, O]. */
export const taskLoss = <T>(ops: Ops<T>, loss: Loss, z: T, y: T, w: T): TaskLoss<T> => {
  switch (loss) {
    case 'softmax':
      return softmax(ops, z, y, w)
    case 'sigmoid':
      return sigmoid(ops, z, y, w)
    case 'squared':
      return squared(ops, z, y, w)
  }
}

/** Names of the task losses. */
export const losses = ['softmax', 'sigmoid', 'squared'] as const

/** Softmax cross-entropy for classes, sigmoid cross-entropy for many labels, squared error for regression. */
export type Loss = (typeof losses)[number]
