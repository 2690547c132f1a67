/**
 * Straight-through masks (M 9-12): soft = sigmoid((logit + g) / tau) with g ~ Logistic(0, 1), hard = 1(soft > 1/2),
 * d hard / d soft = 1. `hard` is decided by logit + g > 0: the sign of a floating-point sum is exact, the sigmoid's
 * comparison with 1/2 is not, and backends would disagree.
 */
import type { Ops } from './ops.js'

/** A sampled mask, entry by entry. */
export interface Mask<T> {
  readonly soft: T
  /** 1 - soft, without its cancellation. */
  readonly complement: T
  /** 0 or 1. */
  readonly hard: T
  /** d soft / d logit = soft (1 - soft) / tau. */
  readonly slope: T
}

/** The mask of logits under the noise g, all of one shape. */
export const mask = <T>(ops: Ops<T>, logits: T, noise: T, tau: number): Mask<T> => {
  const noisy = ops.add(logits, noise)
  const soft = ops.sigmoid(ops.affine(noisy, 1 / tau, 0))
  const closed = ops.sigmoid(ops.affine(noisy, -1 / tau, 0))
  return { soft, complement: closed, hard: ops.positive(noisy), slope: ops.affine(ops.mul(soft, closed), 1 / tau, 0) }
}
