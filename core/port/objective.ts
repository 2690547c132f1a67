/** Task losses with their gradients: one record each. `w` [B, 1] holds the samples' weights divided by their sum. */
import { entryOf } from './checks.js'
import type { Ops } from './ops.js'

/** A loss [1, 1] and its gradient with respect to the outputs, [B, O]. */
export interface LossGradient<T> {
  readonly loss: T
  readonly gradient: T
}

/** What targets may be: one class of some, any number of labels, numbers. */
export type TargetKind = 'classes' | 'labels' | 'numbers'

/** How numbers are standardised: by mean and deviation, or by what outliers do not move, median and median deviation. */
export type TargetScale = 'standard' | 'robust'

/** A task loss. */
export interface TaskLoss {
  /** What it can judge: the first loss of the table that suits a target is the usual one. */
  readonly suits: TargetKind
  /** The units in which it wants its numbers; `standard` if left out. */
  readonly scale?: TargetScale
  /** Of numbers: the loss of an output 0, as which all are standardised to have their mean or median, against a target. */
  readonly ofNothing?: (y: number) => number
  /** The loss of outputs `z` against targets `y`, both [B, O]. */
  readonly score: <T>(ops: Ops<T>, z: T, y: T, w: T) => LossGradient<T>
}

/** Sum of all entries. [1, 1] */
export const total = <T>(ops: Ops<T>, a: T): T => ops.sumRows(ops.sumColumns(a))

/** All task losses by name. A backend may have faster kernels for some; for the others it computes what stands here. */
export const losses = {
  /** sum_b w_b (log sum_o e^z_bo - sum_o y_bo z_bo), y one-hot. */
  softmax: {
    suits: 'classes',
    score: <T>(ops: Ops<T>, z: T, y: T, w: T): LossGradient<T> => {
      const largest = ops.maxColumns(z)
      const e = ops.exp(ops.sub(z, largest))
      const sum = ops.sumColumns(e)
      const term = ops.sub(ops.add(ops.log(sum), largest), ops.sumColumns(ops.mul(y, z)))
      return { loss: total(ops, ops.mul(w, term)), gradient: ops.mul(w, ops.sub(ops.div(e, sum), y)) }
    }
  },
  /** Mean over outputs of log(1 + e^z) - y z, as max(z, 0) + log(1 + e^-|z|) - y z. */
  sigmoid: {
    suits: 'labels',
    score: <T>(ops: Ops<T>, z: T, y: T, w: T): LossGradient<T> => {
      const share = ops.affine(w, 1 / ops.shape(z)[1], 0)
      const above = ops.relu(z)
      const minusSize = ops.sub(z, ops.affine(above, 2, 0)) // -|z|
      const soft = ops.add(above, ops.log(ops.affine(ops.exp(minusSize), 1, 1)))
      return {
        loss: total(ops, ops.mul(share, ops.sub(soft, ops.mul(y, z)))),
        gradient: ops.mul(share, ops.sub(ops.sigmoid(z), y))
      }
    }
  },
  /** Mean over outputs of (z - y)^2. */
  squared: {
    suits: 'numbers',
    ofNothing: (y: number): number => y * y,
    score: <T>(ops: Ops<T>, z: T, y: T, w: T): LossGradient<T> => {
      const share = ops.affine(w, 1 / ops.shape(z)[1], 0)
      const error = ops.sub(z, y)
      const weighted = ops.mul(share, error)
      return { loss: total(ops, ops.mul(weighted, error)), gradient: ops.affine(weighted, 2, 0) }
    }
  },
  /** Mean over outputs of e^2 / 2 where |e| <= 1, else |e| - 1/2, with e = z - y (Huber 1964, delta 1). */
  huber: {
    suits: 'numbers',
    scale: 'robust',
    ofNothing: (y: number): number => (Math.abs(y) <= 1 ? (y * y) / 2 : Math.abs(y) - 0.5),
    score: <T>(ops: Ops<T>, z: T, y: T, w: T): LossGradient<T> => {
      const share = ops.affine(w, 1 / ops.shape(z)[1], 0)
      const e = ops.sub(z, y)
      const [over, under] = [ops.positive(ops.affine(e, 1, -1)), ops.positive(ops.affine(e, -1, -1))]
      const within = ops.affine(ops.add(over, under), -1, 1)
      // e between -1 and 1, by choosing: differences would lose all of it where e is large
      const slope = ops.add(ops.mul(e, within), ops.sub(over, under))
      const gradient = ops.mul(share, slope)
      return { loss: total(ops, ops.mul(gradient, ops.sub(e, ops.affine(slope, 0.5, 0)))), gradient }
    }
  }
} as const

/** The name of a loss: softmax cross-entropy for classes, sigmoid cross-entropy for labels, squared error or Huber's for numbers. */
export type Loss = keyof typeof losses

/** Names of the task losses. */
export const lossNames: readonly Loss[] = Object.keys(losses) as Loss[]

/** The task loss of outputs `z` against targets `y`, both [B, O]. @throws FailureError if the loss is unknown */
export const taskLoss = <T>(ops: Ops<T>, loss: Loss, z: T, y: T, w: T): LossGradient<T> =>
  entryOf<TaskLoss>('loss', losses, loss).score(ops, z, y, w)
