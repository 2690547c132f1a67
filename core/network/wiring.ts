/** Which synapses may exist: I -> H, I -> O, H -> H and H -> O, as a rule about two neurons. */
import type { Anatomy } from './anatomy.js'
import { receivers, senders } from './anatomy.js'
import type { NdArray } from '../port/ndarray.js'
import { tabulate } from '../port/ndarray.js'

/** A neuron seen by a wiring: inputs and outputs by their index, hidden ones by their birth number. */
export interface Site {
  readonly layer: 'input' | 'hidden' | 'output'
  readonly id: number
}

/** Whether a synapse from one neuron to another may exist. */
export type Wiring = (from: Site, to: Site) => boolean

/** Every synapse but self-loops of hidden neurons: the paper's. */
export const withoutLoops: Wiring = (from, to) =>
  !(from.layer === 'hidden' && to.layer === 'hidden' && from.id === to.id)

/** Every synapse, self-loops of hidden neurons too. */
export const withLoops: Wiring = () => true

/** Row `i` of a matrix over synapses, as a site. */
export const senderAt = (a: Anatomy, i: number): Site =>
  i < a.inputs ? { layer: 'input', id: i } : { layer: 'hidden', id: a.hidden[i - a.inputs] as number }

/** Column `j` of a matrix over synapses, as a site. */
export const receiverAt = (a: Anatomy, j: number): Site =>
  j < a.outputs ? { layer: 'output', id: j } : { layer: 'hidden', id: a.hidden[j - a.outputs] as number }

/** 1 where a synapse may exist, 0 elsewhere: `[inputs + hidden, outputs + hidden]`.
 * @example Array.from(allowed(withoutLoops, born(anatomyOf(1, 1), 1, 0)).data) // => [1, 1, 1, 0]
 */
export const allowed = (wiring: Wiring, a: Anatomy): NdArray =>
  tabulate([senders(a), receivers(a)], (i, j) => (wiring(senderAt(a, i), receiverAt(a, j)) ? 1 : 0))
