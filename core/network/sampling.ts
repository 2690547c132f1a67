/** The masks of one update: what they multiply, what they cost, and the way back to their logits. */
import type { Backend } from '../port/backend.js'
import type { Weighting } from '../port/competition.js'
import type { Mask } from '../port/masks.js'
import { filled } from '../port/ndarray.js'
import type { Key } from '../port/random.js'
import { address, Purpose } from '../port/random.js'
import { receiverNumbers, receivers, senderNumbers, senders } from './anatomy.js'
import type { Hyperparameters } from './hyperparameters.js'
import type { UpdateId } from './layer.js'
import type { GraphPerceptron } from './parameters.js'

/** Neuron masks `[1, hidden]` and synapse masks `[senders, receivers]`. */
export interface Masks<T> {
  readonly neurons: Mask<T>
  readonly synapses: Mask<T>
}

/** The masks of an update, or of an evaluation, sampled by the seed of their layer. */
export const sample = <T>(
  b: Backend<T>,
  { tau }: Pick<Hyperparameters, 'tau'>,
  { facts: anatomy, parameters, buffers: { wiring } }: GraphPerceptron<T>,
  { seed, epoch, updates }: UpdateId,
  purpose: 'training' | 'evaluation' = 'training'
): Masks<T> => {
  const offset = purpose === 'training' ? 0 : Purpose.evaluation
  const at = (p: number): Key => address(seed, epoch, p + offset, updates)
  const [from, to] = [senderNumbers(anatomy), receiverNumbers(anatomy)]
  const synapseNoise = b.kernels.logistic(at(Purpose.synapse), from, to, wiring) // the dead draw none
  const neuronNoise = b.kernels.logistic(at(Purpose.neuron), [0], anatomy.hidden)
  return {
    neurons: b.kernels.mask(parameters.neurons, neuronNoise, tau),
    synapses: b.kernels.mask(parameters.synapses, synapseNoise, tau)
  }
}

/** The auxiliary loss (M 14) [1, 1] and its gradients with respect to the logits. */
export interface Auxiliary<T> {
  readonly loss: T
  readonly neurons: T
  readonly synapses: T
}

/** gamma1 / |H| sum Comp(neurons) + gamma2 / (|I| + |H|) sum over allowed synapses of Comp(synapses). */
export const auxiliary = <T>(
  b: Backend<T>,
  h: Pick<Hyperparameters, 'alpha' | 'gamma1' | 'gamma2' | 'tau' | 'competition'>,
  { facts: anatomy, buffers: { wiring } }: GraphPerceptron<T>,
  masks: Masks<T>
): Auxiliary<T> => {
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
  const weighting: Weighting<T> = { mask: wiring, factor: h.gamma2 / senders(anatomy) }
  const synapses = b.kernels.compete(masks.synapses, h.alpha, h.tau, weighting)
  return {
    loss: b.add(b.affine(b.kernels.total(neurons.penalty), perNeuron, 0), b.kernels.total(synapses.penalty)),
    neurons: b.affine(neurons.slope, perNeuron, 0),
    synapses: synapses.slope
  }
}
