/**
 * Competition loss (M 13): Comp(m) = C m (1 - m)^alpha, C = (1 + alpha)^(1 + alpha) / alpha^alpha. Its maximum over
 * [0, 1] is 1, at m = 1 / (1 + alpha); a mask below that point is driven to 0, one above it to 1.
 */
import type { Ops } from './ops.js'
import { power } from './elementary.js'
import type { Mask } from './masks.js'

/** C, which makes the maximum 1.
 * @param alpha above 0
 * @example normaliser(1) // => 4
 */
export const normaliser = (alpha: number): number => power(1 + alpha, 1 + alpha) / power(alpha, alpha)

/** Comp of each soft mask, and its derivative with respect to the logit. */
export interface Competition<T> {
  readonly penalty: T
  readonly slope: T
}

/** Where penalties count, and how much. */
export interface Weighting<T> {
  /** 1 where a penalty counts, else 0; the masks' shape. */
  readonly mask: T
  readonly factor: number
}

/**
 * Comp(s) with s = sigmoid(x): d Comp / d x = Comp(s) (1 - (1 + alpha) s), finite everywhere. 1 - s is the mask's
 * `closed`, computed as sigmoid(-x), because 1 - s rounds to 0 long before s (1 - s)^alpha does.
 */
export const compete = <T>(
  ops: Ops<T>,
  { soft, complement: closed }: Mask<T>,
  alpha: number,
  tau: number,
  counted?: Weighting<T>
): Competition<T> => {
  const powered = ops.exp(ops.affine(ops.log(closed), alpha, 0))
  const penalty = ops.affine(ops.mul(soft, powered), normaliser(alpha), 0)
  const slope = ops.mul(penalty, ops.affine(soft, -(1 + alpha) / tau, 1 / tau))
  if (counted === undefined) return { penalty, slope }
  const factor = ops.affine(counted.mask, counted.factor, 0)
  return { penalty: ops.mul(penalty, factor), slope: ops.mul(slope, factor) }
}
