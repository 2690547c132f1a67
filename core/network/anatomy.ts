/** Who is alive. Host data only: small, serialisable, free of tensors. */
import { range } from '../port/ndarray.js'

/** A hidden neuron's birth number, its identity for ever. */
export type NeuronId = number & { readonly NeuronId: unique symbol }

/** The neurons of a network and the count of what happened to them. */
export interface Anatomy {
  readonly inputs: number
  readonly outputs: number
  /** Living hidden neurons; a neuron's position is its row and column among the hidden ones. */
  readonly hidden: readonly NeuronId[]
  /** Optimiser updates made before each living neuron was born, in the order of `hidden`. */
  readonly bornAt: readonly number[]
  /** Neurons ever born, the initial ones included; never falls. */
  readonly births: number
  /** Epochs since the last death (or birth, if births reset it). */
  readonly quiet: number
}

/** Rows of a matrix over synapses: `[inputs, hidden]`. */
export const senders = (a: Anatomy): number => a.inputs + a.hidden.length
/** Columns of a matrix over synapses: `[outputs, hidden]`, so that a birth only ever adds at the end. */
export const receivers = (a: Anatomy): number => a.outputs + a.hidden.length

const nobody: readonly NeuronId[] = []
const known = new WeakMap<readonly NeuronId[], Map<number, readonly number[]>>()

/** 0 .. first - 1, then first + id; the same list as long as the neurons are the same, so that others may know it again. */
const numbered = (first: number, hidden: readonly NeuronId[]): readonly number[] => {
  const lists = known.get(hidden) ?? new Map<number, readonly number[]>()
  known.set(hidden, lists)
  const list = lists.get(first) ?? [...range(first), ...hidden.map(id => first + id)]
  lists.set(first, list)
  return list
}

/** Numbers of the inputs that address their randomness. */
export const inputNumbers = (a: Anatomy): readonly number[] => numbered(a.inputs, nobody)
/** Numbers of the senders that address their randomness: inputs first, then `inputs + id`. */
export const senderNumbers = (a: Anatomy): readonly number[] => numbered(a.inputs, a.hidden)
/** Numbers of the receivers that address their randomness: outputs first, then `outputs + id`. */
export const receiverNumbers = (a: Anatomy): readonly number[] => numbered(a.outputs, a.hidden)

/** A network without hidden neurons.
 * @example anatomyOf(4, 2).hidden // => []
 */
export const anatomyOf = (inputs: number, outputs: number): Anatomy => ({
  inputs,
  outputs,
  hidden: nobody,
  bornAt: [],
  births: 0,
  quiet: 0
})

/** `count` more neurons, the next birth numbers; `updates` is the optimiser's count at that moment.
 * @example born(anatomyOf(4, 2), 2, 0).hidden // => [0, 1]
 */
export const born = (a: Anatomy, count: number, updates: number): Anatomy => ({
  ...a,
  hidden: [...a.hidden, ...range(count).map(i => (a.births + i) as NeuronId)],
  bornAt: [...a.bornAt, ...range(count).map(() => updates)],
  births: a.births + count
})

/** The same without the neurons at all but the `kept` positions.
 * @example surviving(born(anatomyOf(4, 2), 3, 0), [0, 2]).hidden // => [0, 2]
 */
export const surviving = (a: Anatomy, kept: readonly number[]): Anatomy => ({
  ...a,
  hidden: kept.map(i => a.hidden[i] as NeuronId),
  bornAt: kept.map(i => a.bornAt[i] as number)
})
