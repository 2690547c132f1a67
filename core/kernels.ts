/**
 * Operations that a backend may fuse. Each has one definition, composed of basic ones; `composed` collects them, every
 * backend inherits them, and may put a faster kernel in their place. A law says that both agree.
 */
import type { Activated } from './activation.js'
import { activate } from './activation.js'
import type { Ops } from './backend.js'
import type { Competition } from './competition.js'
import { compete } from './competition.js'
import type { Activation, Loss } from './hyperparameters.js'
import type { Mask } from './masks.js'
import { mask } from './masks.js'
import type { Normalised, NormalisedGradient } from './normalisation.js'
import { normalise, normaliseBack } from './normalisation.js'
import type { Scored } from './objective.js'
import { score } from './objective.js'
import type { AdamSettings, Moment, Slot } from './optimiser.js'
import { adamStep } from './optimiser.js'
import type { Key } from './random.js'
import { keep, logistic } from './random.js'

/** See the modules of the same names for what each computes. */
export interface Kernels<T> {
  readonly activate: (name: Activation, h: T) => Activated<T>
  readonly mask: (logits: T, noise: T, tau: number) => Mask<T>
  readonly compete: (mask: Mask<T>, alpha: number, tau: number) => Competition<T>
  readonly normalise: (h: T, scale: T, shift: T) => Normalised<T>
  readonly normaliseBack: (made: Pick<Normalised<T>, 'standard' | 'inverse'>, scale: T, dy: T) => NormalisedGradient<T>
  readonly score: (loss: Loss, z: T, y: T, w: T) => Scored<T>
  readonly adam: (settings: AdamSettings, slot: Slot<T>, gradient: T, moment: Moment<T>) => Slot<T>
  readonly logistic: (key: Key, rows: readonly number[], columns: readonly number[]) => T
  readonly keep: (key: Key, rows: readonly number[], columns: readonly number[], rate: number) => T
}

/** The definitions. */
export const composed = <T>(ops: Ops<T>): Kernels<T> => ({
  activate: (name, h) => activate(ops, name, h),
  mask: (logits, noise, tau) => mask(ops, logits, noise, tau),
  compete: (made, alpha, tau) => compete(ops, made, alpha, tau),
  normalise: (h, scale, shift) => normalise(ops, h, scale, shift),
  normaliseBack: (made, scale, dy) => normaliseBack(ops, made, scale, dy),
  score: (loss, z, y, w) => score(ops, loss, z, y, w),
  adam: (settings, slot, gradient, moment) => adamStep(ops, settings, slot, gradient, moment),
  logistic: (key, rows, columns) =>
    ops.constant({ shape: [rows.length, columns.length], data: logistic(key, rows, columns) }),
  keep: (key, rows, columns, rate) =>
    ops.constant({ shape: [rows.length, columns.length], data: keep(key, rows, columns, rate) })
})
