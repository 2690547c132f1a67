/** Who is alive. Host data only: small, serialisable, free of tensors. */
import { range } from './ndarray.js'

/** A hidden neuron's birth number, its identity for ever. */
export type NeuronId = number & { readonly NeuronId: unique symbol }

/** The neurons of a network and the count of what happened to them. */
export interface Anatomy {
  readonly inputs: number
  readonly outputs: number
  /** Living hidden neurons; a neuron's position is its row and column among the hidden ones. */
  readonly hidden: readonly NeuronId[]
  /** Optimiser updates made before each living neuron was born, in the order of `hidden`. */
  readonly born: readonly number[]
  /** Neurons ever born, the initial ones included; never falls. */
  readonly births: number
  /** Epochs since the last death (or birth, if births reset it). */
  readonly quiet: number
}

/** Rows of a matrix over synapses: `[inputs, hidden]`. */
export const senders = (a: Anatomy): number => a.inputs + a.hidden.length
/** Columns of a matrix over synapses: `[outputs, hidden]`, so that a birth only ever adds at the end. */
export const receivers = (a: Anatomy): number => a.outputs + a.hidden.length

/** Numbers of the senders that address their randomness: inputs first, then `inputs + id`. */
export const senderNumbers = (a: Anatomy): readonly number[] => [
  ...range(a.inputs),
  ...a.hidden.map(id => a.inputs + id)
]
/** Numbers of the receivers that address their randomness: outputs first, then `outputs + id`. */
export const receiverNumbers = (a: Anatomy): readonly number[] => [
  ...range(a.outputs),
  ...a.hidden.map(id => a.outputs + id)
]

/** A network without hidden neurons.
 * @example barren(4, 2).hidden // => []
 */
export const barren = (inputs: number, outputs: number): Anatomy => ({
  inputs,
  outputs,
  hidden: [],
  born: [],
  births: 0,
  quiet: 0
})

/** `count` more neurons, the next birth numbers; `updates` is the optimiser's count at that moment.
 * @example born(barren(4, 2), 2, 0).hidden // => [0, 1]
 */
export const born = (a: Anatomy, count: number, updates: number): Anatomy => ({
  ...a,
  hidden: [...a.hidden, ...range(count).map(i => (a.births + i) as NeuronId)],
  born: [...a.born, ...range(count).map(() => updates)],
  births: a.births + count
})

/** The same without the neurons at all but the `kept` positions.
 * @example surviving(born(barren(4, 2), 3, 0), [0, 2]).hidden // => [0, 2]
 */
export const surviving = (a: Anatomy, kept: readonly number[]): Anatomy => ({
  ...a,
  hidden: kept.map(i => a.hidden[i] as NeuronId),
  born: kept.map(i => a.born[i] as number)
})
