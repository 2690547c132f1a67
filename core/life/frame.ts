/** What one epoch shows to the outside. */
import type { State } from '../learning/state.js'
import type { Ending } from '../learning/trainable.js'
import type { Kind } from '../network/model.js'
import type { Perceptron } from '../network/parameters.js'
import type { NdArray } from '../port/ndarray.js'

/** Something that happened in an epoch. */
export type Event =
  /** `neuron` is a birth number; `layer` names the layer of a chain, '' where there is one. */
  | { readonly _tag: 'Born'; readonly neuron: number; readonly layer: string }
  | { readonly _tag: 'Died'; readonly neuron: number; readonly layer: string }
  /** The loss or a parameter is not finite; the frame's state is the last sound one. */
  | { readonly _tag: 'Diverged'; readonly epoch: number }
  | { readonly _tag: 'Stopped'; readonly why: Ending }
  /** The epoch was the first of a stage; `stage` is its place in the schedule, from 0. */
  | { readonly _tag: 'Entered'; readonly stage: number }

/** Mean losses of an epoch's updates, each seen before the update and under its noise. */
export interface EpochLosses {
  readonly task: number
  readonly auxiliary: number
}

/** An epoch. Without `K`, a graph perceptron's. Its state is valid until the next frame is pulled, unless kept. */
export interface Frame<T, K extends Kind = Perceptron> {
  readonly state: State<T, K>
  readonly losses: EpochLosses
  /** Task loss after the epoch, free of noise, and outputs `[N, outputs]`, on the validation set. */
  readonly validation?: { readonly loss: number; readonly outputs: NdArray }
  readonly events: readonly Event[]
  /** Makes the state outlive the frame; give it back with `backend.release(tensors(state))`. */
  readonly keep: () => State<T, K>
}
