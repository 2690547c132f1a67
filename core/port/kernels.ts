/**
 * Operations that a backend may fuse. Each has one definition, composed of basic ones; `composed` collects them, every
 * backend inherits them, and may put a faster kernel in their place. A law says that both agree.
 */
import type { Activated } from './activation.js'
import { activate } from './activation.js'
import type { Ops } from './ops.js'
import type { Competition, Weighting } from './competition.js'
import { compete } from './competition.js'
import type { GateGradient, GatedWeights } from './gating.js'
import { gate, gateBack } from './gating.js'
import type { Loss } from './objective.js'
import type { Activation } from './activation.js'
import type { Mask } from './masks.js'
import { mask } from './masks.js'
import type { Normalised, NormalisedGradient } from './normalisation.js'
import { normalise, normaliseBack } from './normalisation.js'
import type { LossGradient } from './objective.js'
import { taskLoss, total } from './objective.js'
import type { AdamSettings, UpdateContext, AdamSlot } from './adam.js'
import { adamDecayOnly, adamStep } from './adam.js'
import type { Dropout, Key } from './random.js'
import { dropoutFactors, logistic } from './random.js'

/** What may come with a matrix product. */
export interface LinearOptions<T> {
  /** Which argument comes transposed. */
  readonly transposed?: 'a' | 'b'
  /** What is added to the product: its shape, or one row for all. */
  readonly plus?: T
  /** What the sum is multiplied with, entry by entry: its shape. */
  readonly times?: T
  /** 1 where the result is wanted, else 0, where the result is 0 and need not be computed: its shape. */
  readonly where?: T
}

/** where ((a b + plus) times). */
const linear = <T>(ops: Ops<T>, a: T, b: T, { transposed, plus, times, where }: LinearOptions<T> = {}): T => {
  const product = ops.matMul(a, b, transposed)
  const sum = plus === undefined ? product : ops.add(plus, product)
  const scaled = times === undefined ? sum : ops.mul(sum, times)
  return where === undefined ? scaled : ops.mul(scaled, where)
}

/** The factors of dropout. [rows, columns] */
export type Factors<T> = (dropout: Dropout) => T

/** act(h) and its derivative, both with dropout. */
const transmit = <T>(
  ops: Ops<T>,
  factors: Factors<T>,
  name: Activation,
  h: T,
  dropout: Dropout | undefined
): Activated<T> => {
  const active = activate(ops, name, h)
  if (!dropout) return active
  const f = factors(dropout)
  return { value: ops.mul(active.value, f), slope: ops.mul(active.slope, f) }
}

/** See the modules of the same names for what each computes. */
export interface Kernels<T> {
  readonly linear: (a: T, b: T, also?: LinearOptions<T>) => T
  /**
   * The same matrix, in a form that makes it a faster second argument of `linear` if most of it is 0. Where it is 1 at most in
   * `where` (0 and 1, its shape) and 0 elsewhere, the form is for training: it serves the product with the transposed matrix
   * too, and is chosen by `where` alone, whatever the matrix holds there.
   */
  readonly sparse: (t: T, where?: T) => T
  /** factor x + y, all of one shape. */
  readonly axpy: (factor: number, x: T, y: T) => T
  /** Sum of all entries. [1, 1] */
  readonly total: (t: T) => T
  readonly drop: (x: T, dropout: Dropout) => T
  /** act(h) alone, for answers. */
  readonly act: (name: Activation, h: T) => T
  readonly activate: (name: Activation, h: T, dropout?: Dropout) => Activated<T>
  readonly mask: (logits: T, noise: T, tau: number) => Mask<T>
  readonly compete: (mask: Mask<T>, alpha: number, tau: number, counted?: Weighting<T>) => Competition<T>
  readonly gate: (synapses: T, wiring: T, neurons: T) => T
  readonly gateBack: (gated: GatedWeights<T>, d: T) => GateGradient<T>
  readonly normalise: (h: T, scale: T, shift: T) => Normalised<T>
  readonly normaliseBack: (made: Pick<Normalised<T>, 'standard' | 'inverse'>, scale: T, dy: T) => NormalisedGradient<T>
  readonly taskLoss: (loss: Loss, z: T, y: T, w: T) => LossGradient<T>
  readonly adam: (settings: AdamSettings, slot: AdamSlot<T>, gradient: T, moment: UpdateContext<T>) => AdamSlot<T>
  readonly adamDecayOnly: (
    settings: AdamSettings,
    slot: AdamSlot<T>,
    moments: readonly UpdateContext<number>[]
  ) => AdamSlot<T>
  /** Where `where` is 0, if it is given, nobody wants noise: any finite number may stand there. `[rows, columns]` */
  readonly logistic: (key: Key, rows: readonly number[], columns: readonly number[], where?: T) => T
}

const definitions = <T>(ops: Ops<T>, factors: Factors<T>): Kernels<T> => ({
  linear: (a, b, also) => linear(ops, a, b, also),
  sparse: t => t,
  axpy: (factor, x, y) => ops.add(ops.affine(x, factor, 0), y),
  total: t => total(ops, t),
  drop: (x, dropout) => ops.mul(x, factors(dropout)),
  act: (name, h) => activate(ops, name, h).value,
  activate: (name, h, dropout) => transmit(ops, factors, name, h, dropout),
  mask: (logits, noise, tau) => mask(ops, logits, noise, tau),
  compete: (made, alpha, tau, counted) => compete(ops, made, alpha, tau, counted),
  gate: (synapses, wiring, neurons) => gate(ops, synapses, wiring, neurons),
  gateBack: (gated, d) => gateBack(ops, gated, d),
  normalise: (h, scale, shift) => normalise(ops, h, scale, shift),
  normaliseBack: (made, scale, dy) => normaliseBack(ops, made, scale, dy),
  taskLoss: (loss, z, y, w) => taskLoss(ops, loss, z, y, w),
  adam: (settings, slot, gradient, moment) => adamStep(ops, settings, slot, gradient, moment),
  adamDecayOnly: (settings, slot, moments) => adamDecayOnly(ops, settings, slot, moments),
  logistic: (key, rows, columns) =>
    ops.constant({ shape: [rows.length, columns.length], data: logistic(key, rows, columns) })
})

/** Kernels that are the definitions and nothing else, by identity: comparing them with the definitions would tell nothing. */
const plain = new WeakSet<object>()

/** Whether kernels are what `composed` gave, nothing put in the place of a definition. */
export const areDefinitions = (kernels: object): boolean => plain.has(kernels)

/** The definitions. Dropout's factors are made on the host, unless a backend makes the very same ones itself. */
export const composed = <T>(ops: Ops<T>, factors?: Factors<T>): Kernels<T> => {
  const kernels = definitions(
    ops,
    factors ??
      (dropout => ops.constant({ shape: [dropout.rows.length, dropout.columns.length], data: dropoutFactors(dropout) }))
  )
  if (factors === undefined) plain.add(kernels)
  return kernels
}
