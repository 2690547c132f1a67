/** Gates (M 8): wiring, a synapse's hard mask and its sender's as one factor of its weight; and the way back (M 12). */
import type { Ops } from './ops.js'
import type { Mask } from './masks.js'
import { filled } from './ndarray.js'

/** Hard masks of the hidden neurons [1, hidden] as factors of the senders, 1 for inputs. `[senders, 1]` */
const senderFactors = <T>(ops: Ops<T>, senders: number, neurons: T): T =>
  ops.concat([ops.constant(filled([senders - ops.shape(neurons)[1], 1], 1)), ops.transpose(neurons)], 0)

/** The factor of each weight, given hard masks of synapses [senders, receivers] and neurons [1, hidden]. */
export const gate = <T>(ops: Ops<T>, synapses: T, wiring: T, neurons: T): T =>
  ops.mul(ops.mul(synapses, wiring), senderFactors(ops, ops.shape(wiring)[0], neurons))

/** Weights under gates: all but the neurons' mask [1, hidden] are [senders, receivers]. */
export interface GatedWeights<T> {
  readonly weights: T
  readonly wiring: T
  readonly synapses: Mask<T>
  readonly neurons: Mask<T>
  /** What `gate` made of the hard masks. */
  readonly gate: T
}

/** Gradients with respect to the weights, and to the logits of both kinds of masks. */
export interface GateGradient<T> {
  readonly weights: T
  readonly synapses: T
  readonly neurons: T
}

/**
 * Given d, the gradient of the gated weights: a weight's is d gate; a synapse's mask gets d weight times its sender's
 * mask, a neuron's the sum of d weight over the open ones of its synapses; both pass straight through to the soft mask
 * and on to the logit.
 */
export const gateBack = <T>(
  ops: Ops<T>,
  { weights, wiring, synapses, neurons, gate: factor }: GatedWeights<T>,
  d: T
): GateGradient<T> => {
  const [senders, receivers] = ops.shape(wiring)
  const hidden = ops.shape(neurons.hard)[1]
  const ofHidden = (m: T): T => ops.slice(m, [senders - hidden, 0], [hidden, receivers])
  const dGate = ops.mul(ops.mul(d, weights), wiring)
  const dSynapses = ops.mul(dGate, senderFactors(ops, senders, neurons.hard))
  const dNeurons = ops.transpose(ops.sumColumns(ops.mul(ofHidden(dGate), ofHidden(synapses.hard))))
  return {
    weights: ops.mul(d, factor),
    synapses: ops.mul(dSynapses, synapses.slope),
    neurons: ops.mul(dNeurons, neurons.slope)
  }
}
