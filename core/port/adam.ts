/** Adam (Kingma and Ba 2015), entry by entry, and what an update of one parameter is made of. */
import { filled } from './ndarray.js'
import type { Ops } from './ops.js'

/** A parameter with its moments, all of one shape. */
export interface AdamSlot<T> {
  readonly value: T
  readonly first: T
  readonly second: T
}

/** When an update happens: the learning rate, and the number of updates, this one included. */
export interface UpdateContext<T> {
  readonly rate: number
  /** Times the value, it joins the gradient. */
  readonly decay: number
  /** [1, 1], or one entry each. */
  readonly debias: { readonly first: T; readonly second: T }
}

/** Decay rates of Adam's moments and the term that keeps it from dividing by 0. */
export interface AdamSettings {
  readonly b1: number
  readonly b2: number
  readonly epsilon: number
}

/** Adam's usual settings (Kingma and Ba 2015). */
export const adamDefaults: AdamSettings = { b1: 0.9, b2: 0.999, epsilon: 1e-8 }

/** One step of Adam: g += decay x, m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, x -= rate m̂ / (sqrt(v̂) + epsilon). */
export const adamStep = <T>(
  ops: Ops<T>,
  settings: AdamSettings,
  slot: AdamSlot<T>,
  gradient: T,
  at: UpdateContext<T>
): AdamSlot<T> => {
  const { b1, b2, epsilon } = settings
  const g = at.decay === 0 ? gradient : ops.add(ops.affine(slot.value, at.decay, 0), gradient)
  const first = ops.add(ops.affine(slot.first, b1, 0), ops.affine(g, 1 - b1, 0))
  const second = ops.add(ops.affine(slot.second, b2, 0), ops.affine(ops.mul(g, g), 1 - b2, 0))
  const size = ops.affine(ops.sqrt(ops.div(second, at.debias.second)), 1, epsilon)
  const direction = ops.div(ops.div(first, at.debias.first), size)
  return { value: ops.sub(slot.value, ops.affine(direction, at.rate, 0)), first, second }
}

/** Steps of Adam with no gradient but decay's, one after the other. */
export const adamDecayOnly = <T>(
  ops: Ops<T>,
  settings: AdamSettings,
  slot: AdamSlot<T>,
  moments: readonly UpdateContext<number>[]
): AdamSlot<T> => {
  const nothing = ops.constant(filled(ops.shape(slot.value)))
  const one = (value: number): T => ops.constant(filled([1, 1], value))
  return moments.reduce(
    (s, { rate, decay, debias: { first, second } }) =>
      adamStep(ops, settings, s, nothing, { rate, decay, debias: { first: one(first), second: one(second) } }),
    slot
  )
}
