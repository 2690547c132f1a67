/** The masks of one update: what they multiply, what they cost, and the way back to their logits. */
import { receiverNumbers, receivers, senderNumbers, senders } from './anatomy.js'
import type { Backend } from '../port/backend.js'
import type { Hyperparameters } from './hyperparameters.js'
import type { Weighting } from '../port/competition.js'
import type { Mask } from '../port/masks.js'
import { filled } from '../port/ndarray.js'
import { address, Purpose } from '../port/random.js'
import type { State } from './state.js'

/** Neuron masks `[1, hidden]` and synapse masks `[senders, receivers]`. */
export interface Masks<T> {
  readonly neurons: Mask<T>
  readonly synapses: Mask<T>
}

/** The masks sampled for the next update of a state, or for its evaluation. */
export const sample = <T>(
  b: Backend<T>,
  h: Hyperparameters,
  s: State<T>,
  purpose: 'training' | 'evaluation' = 'training'
): Masks<T> => {
  const offset = purpose === 'training' ? 0 : Purpose.evaluation
  const at = (p: number) => address(s.seed, s.epoch, p + offset, s.updates)
  const { hidden } = s.anatomy
  const synapseNoise = b.kernels.logistic(at(Purpose.synapse), senderNumbers(s.anatomy), receiverNumbers(s.anatomy))
  const neuronNoise = b.kernels.logistic(at(Purpose.neuron), [0], hidden)
  return {
    neurons: b.kernels.mask(s.parameters.neurons, neuronNoise, h.tau),
    synapses: b.kernels.mask(s.parameters.synapses, synapseNoise, h.tau)
  }
}

/** The auxiliary loss (M 14) [1, 1] and its gradients with respect to the logits. */
export interface Auxiliary<T> {
  readonly loss: T
  readonly neurons: T
  readonly synapses: T
}

/** gamma1 / |H| sum Comp(neurons) + gamma2 / (|I| + |H|) sum over allowed synapses of Comp(synapses). */
export const auxiliary = <T>(b: Backend<T>, h: Hyperparameters, s: State<T>, masks: Masks<T>): Auxiliary<T> => {
  const { anatomy, wiring } = s
  const hidden = anatomy.hidden.length
  if (!h.competition) {
    return {
      loss: b.constant(filled([1, 1])),
      neurons: b.constant(filled([1, hidden])),
      synapses: b.constant(filled([senders(anatomy), receivers(anatomy)]))
    }
  }
  const perNeuron = h.gamma1 / Math.max(hidden, 1)
  const neurons = b.kernels.compete(masks.neurons, h.alpha, h.tau)
  const counted: Weighting<T> = { mask: wiring, factor: h.gamma2 / senders(anatomy) }
  const synapses = b.kernels.compete(masks.synapses, h.alpha, h.tau, counted)
  return {
    loss: b.add(b.affine(b.kernels.total(neurons.penalty), perNeuron, 0), b.kernels.total(synapses.penalty)),
    neurons: b.affine(neurons.slope, perNeuron, 0),
    synapses: synapses.slope
  }
}
