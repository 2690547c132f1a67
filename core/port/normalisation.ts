/**
 * Channel-wise BatchNorm of the hidden neurons' h before `act`: y = scale x̂ + shift, x̂ = (h - mean) / sqrt(var + eps),
 * over the batch in training (biased variance), by running statistics in evaluation.
 */
import { filled } from './ndarray.js'
import type { Ops } from './ops.js'

/** Added to the variance. */
export const EPSILON = 1e-5
/** Share of a new batch in the running statistics. */
export const MOMENTUM = 0.1

/** A normalised batch `[B, H]` and what its gradient needs; the statistics are `[1, H]`. */
export interface Normalised<T> {
  readonly value: T
  readonly standard: T
  readonly inverse: T
  readonly mean: T
  readonly variance: T
}

const inverseDeviation = <T>(ops: Ops<T>, variance: T): T =>
  ops.div(ops.constant(filled([1, 1], 1)), ops.sqrt(ops.affine(variance, 1, EPSILON)))

/** Normalises `h` [B, H] by the statistics of the batch itself. */
export const normalise = <T>(ops: Ops<T>, h: T, scale: T, shift: T): Normalised<T> => {
  const share = 1 / ops.shape(h)[0]
  const mean = ops.affine(ops.sumRows(h), share, 0)
  const centred = ops.sub(h, mean)
  const variance = ops.affine(ops.sumRows(ops.mul(centred, centred)), share, 0)
  const inverse = inverseDeviation(ops, variance)
  const standard = ops.mul(centred, inverse)
  return { value: ops.add(ops.mul(standard, scale), shift), standard, inverse, mean, variance }
}

/** Normalises `h` [B, H] by given statistics [1, H]. */
export const normaliseBy = <T>(ops: Ops<T>, h: T, mean: T, variance: T, scale: T, shift: T): T =>
  ops.add(ops.mul(ops.sub(h, mean), ops.mul(inverseDeviation(ops, variance), scale)), shift)

/** Gradients of a normalised batch: of its input `[B, H]`, its scale and its shift `[1, H]`. */
export interface NormalisedGradient<T> {
  readonly input: T
  readonly scale: T
  readonly shift: T
}

/** dx = inverse (dx̂ - mean dx̂ - x̂ mean(dx̂ x̂)) with dx̂ = dy scale. */
export const normaliseBack = <T>(
  ops: Ops<T>,
  { standard, inverse }: Pick<Normalised<T>, 'standard' | 'inverse'>,
  scale: T,
  dy: T
): NormalisedGradient<T> => {
  const share = 1 / ops.shape(dy)[0]
  const dShift = ops.sumRows(dy)
  const dScale = ops.sumRows(ops.mul(dy, standard))
  const centred = ops.sub(dy, ops.affine(dShift, share, 0))
  const decorrelated = ops.sub(centred, ops.mul(standard, ops.affine(dScale, share, 0)))
  return { input: ops.mul(decorrelated, ops.mul(inverse, scale)), scale: dScale, shift: dShift }
}

/** BatchNorm's running statistics, a row for each normalised step. `[steps - 1, hidden]` */
export interface Running<A> {
  readonly mean: A
  readonly variance: A
}

/** Running statistics after a batch's own: (1 - MOMENTUM) of what they were, MOMENTUM of the batch's. */
export const runningAfter = <T>(ops: Ops<T>, running: Running<T>, batch: Running<T>): Running<T> => {
  const blended = (before: T, fresh: T): T =>
    ops.add(ops.affine(fresh, MOMENTUM, 0), ops.affine(before, 1 - MOMENTUM, 0))
  return { mean: blended(running.mean, batch.mean), variance: blended(running.variance, batch.variance) }
}
