/**
 * A layer is a pair: `forward` gives y with the residuals that `backward` needs to turn dLoss/dy into dLoss/dx and the
 * gradients. Both are written by hand, and judged by one published law (properties/layers.ts): they are derivatives of
 * each other's function. A batch may go through in parts of rows, so what does not depend on the rows is drawn once
 * (`sample`), sums run over the parts (`before`), and the gradient is made of the sums at the end (`gradient`).
 */
import type { NdArray } from '../port/ndarray.js'
import type { Kind, Model, Named, Trained } from './model.js'

/** When an update happens. With a layer's name and what a draw is for, it addresses the draw. */
export interface UpdateId {
  readonly seed: number
  /** Completed epochs. */
  readonly epoch: number
  /** Updates made before it. */
  readonly updates: number
}

/** The moment at which the rules of an epoch look at a model. */
export interface EpochId extends UpdateId {
  /** Epoch of the lowest monitored loss; 0 before the first. */
  readonly bestEpoch: number
}

/** Living hidden neurons, by birth number, of each layer that has any. */
export type Living = Readonly<Record<string, readonly number[]>>

/** A forward pass over some rows. */
export interface Forward<T, R> {
  /** `[B, outputs]` */
  readonly y: T
  readonly residuals: R
}

/** A backward pass over some rows. */
export interface Backward<T, G> {
  /** The sums so far, with these rows. */
  readonly sums: G
  /** dLoss/dx `[B, inputs]`, where it was asked for. */
  readonly dx: T | undefined
}

/** What a batch taught a layer. */
export interface LayerGradient<T, K extends Kind> {
  readonly gradient: Named<K['parameters'], T>
  /** The buffers after the batch: running statistics move. */
  readonly buffers: Named<K['buffers'], T>
  /** A loss of the layer's own [1, 1], whose gradient is in `gradient`; undefined if it has none. */
  readonly auxiliary: T | undefined
}

/** Sums over rows, by name; what a layer does not need is undefined. */
export type Sums<T> = Readonly<Record<string, T | undefined>>

/** The tensors of sums. */
export const sumTensors = <T>(sums: Sums<T>): readonly T[] =>
  Object.values(sums).flatMap(sum => (sum === undefined ? [] : [sum]))

/** A network made ready to answer, again and again. */
export interface Predictor<T> {
  /** y `[B, outputs]` for x `[B, inputs]`. */
  readonly outputs: (x: T) => T
  /** What was made ready; whoever compiled it frees it. */
  readonly tensors: readonly T[]
}

/** A model as it answers: no noise (unless asked for), no dropout, running statistics. Used within one scope. */
export interface Evaluated<T> {
  readonly compile: () => Predictor<T>
  /** Open synapses and open hidden neurons. `[1, 2]` */
  readonly counts: () => T
}

/**
 * A layer on a backend of tensors T. K: the kind of its model; S: what an update samples; R: residuals; G: sums over rows.
 * Layers of a chain have different names, so that they draw different noise.
 */
export interface Layer<T, K extends Kind, S, R, G extends Sums<T>> {
  /** Folded into the seed; '' draws from the seed itself. */
  readonly name: string
  /** Values before the first update, on the host. */
  readonly initial: (seed: number, inputs: number, outputs: number) => Model<NdArray, K>
  /** What an update draws once for all rows of its batch. */
  readonly sample: (model: Model<T, K>, at: UpdateId) => S
  /** y for x `[B, inputs]`; `rows` are their numbers in the data set. */
  readonly forward: (sampled: S, x: T, rows: readonly number[]) => Forward<T, R>
  /** Given dy `[B, outputs]`; dx is made only if `wantsInput`. */
  readonly backward: (sampled: S, residuals: R, dy: T, wantsInput: boolean, before: G | undefined) => Backward<T, G>
  readonly gradient: (sampled: S, sums: G) => LayerGradient<T, K>
  /** Numbers that each row of a pass holds; Infinity where a row depends on the others, and all must go together. */
  readonly numbersPerRow: (model: Model<T, K>) => number
  /** Whether most synapses may be dead, so that products go by lists of the rest. */
  readonly byLists?: boolean
  /** Weight decay of a parameter. */
  readonly decay: (name: K['parameters']) => number
  /** Updates that each entry of a parameter has lived, of `updates`: one number for all, or a matrix. */
  readonly age: (model: Model<T, K>, name: K['parameters'], updates: number) => number | NdArray
  /** Whether a parameter keeps still: no update touches it, whatever its gradient. None does where this is left out. */
  readonly still?: (name: K['parameters']) => boolean
  readonly evaluation: (model: Model<T, K>, at: UpdateId) => Evaluated<T>
  /** Living hidden neurons by the name of their layer. */
  readonly living: (facts: K['facts']) => Living
  /** Inputs and outputs. */
  readonly sides: (facts: K['facts']) => readonly [inputs: number, outputs: number]
  /** What the rules of life make of the layer at the start of an epoch; left out by layers that do not change. */
  readonly assemble?: (trained: Trained<T, K>, at: EpochId) => Promise<Trained<T, K>>
}
