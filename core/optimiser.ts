/**
 * Optimisers for a network whose shape changes. An update treats each entry alone, so entries may be born and die at any
 * time; its moments are `Parameters` like what they belong to.
 */
import type { Backend, Ops } from './backend.js'
import { cosine, integerPower } from './elementary.js'
import type { Hyperparameters } from './hyperparameters.js'
import { filled } from './ndarray.js'

/** A parameter with its moments, all of one shape. */
export interface Slot<T> {
  readonly value: T
  readonly first: T
  readonly second: T
}

/** When an update happens: the learning rate, and the number of updates, this one included. */
export interface Moment<T> {
  readonly rate: number
  /** Times the value, it joins the gradient. */
  readonly decay: number
  /** [1, 1], or one entry each. */
  readonly debias: { readonly first: T; readonly second: T }
}

/** An optimiser as a value. */
export interface Optimiser {
  readonly name: string
  /** 1 - b^n for each moment after n updates: what divides it to undo its start at 0. */
  readonly debias: (updates: number) => { readonly first: number; readonly second: number }
  /** One update of each entry. */
  readonly update: <T>(backend: Backend<T>, slot: Slot<T>, gradient: T, moment: Moment<T>) => Slot<T>
  /** Updates with no gradient but decay's, one after the other. */
  readonly decayOnly: <T>(backend: Backend<T>, slot: Slot<T>, moments: readonly Moment<number>[]) => Slot<T>
}

/** Decay rates of Adam's moments and the term that keeps it from dividing by 0. */
export interface AdamSettings {
  readonly b1: number
  readonly b2: number
  readonly epsilon: number
}

/** Adam's usual settings (Kingma and Ba 2015). */
export const usual: AdamSettings = { b1: 0.9, b2: 0.999, epsilon: 1e-8 }

/** One step of Adam: g += decay x, m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, x -= rate m̂ / (sqrt(v̂) + epsilon). */
export const adamStep = <T>(
  ops: Ops<T>,
  settings: AdamSettings,
  slot: Slot<T>,
  gradient: T,
  at: Moment<T>
): Slot<T> => {
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
  slot: Slot<T>,
  moments: readonly Moment<number>[]
): Slot<T> => {
  const nothing = ops.constant(filled(ops.shape(slot.value)))
  const one = (value: number): T => ops.constant(filled([1, 1], value))
  return moments.reduce(
    (s, { rate, decay, debias: { first, second } }) =>
      adamStep(ops, settings, s, nothing, { rate, decay, debias: { first: one(first), second: one(second) } }),
    slot
  )
}

/** Adam as an optimiser.
 * @example adam().debias(1).first // => 1 - 0.9
 */
export const adam = (settings: AdamSettings = usual): Optimiser => ({
  name: 'adam',
  debias: updates => ({
    first: 1 - integerPower(settings.b1, updates),
    second: 1 - integerPower(settings.b2, updates)
  }),
  update: (backend, slot, gradient, moment) => backend.kernels.adam(settings, slot, gradient, moment),
  decayOnly: (backend, slot, moments) => backend.kernels.adamDecayOnly(settings, slot, moments)
})

/** The learning rate of an epoch (0 is the first): constant, or rate (1 + cos(pi epoch / epochs)) / 2. */
export const learningRate = (h: Hyperparameters, epoch: number): number =>
  h.schedule === 'constant'
    ? h.learningRate
    : (h.learningRate * (1 + cosine((Math.PI * Math.min(epoch, h.epochs)) / h.epochs))) / 2
