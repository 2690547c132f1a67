/** A network in use: no noise (unless asked for), no dropout, running statistics. */
import type { Compute } from './compute.js'
import { forward, network } from './forward.js'
import type { Predictor, UpdateId } from './layer.js'
import { evaluation } from './mode.js'
import type { GraphPerceptron } from './parameters.js'
import { sample } from './sampling.js'

/** What is open without noise, logits above 0: neurons `[1, hidden]`, and the factor of each weight `[senders, receivers]`. */
export interface OpenMasks<T> {
  readonly neurons: T
  readonly gate: T
}

/** What of a network is open without noise. A synapse that leaves a closed neuron is not. */
export const openMasks = <T>({ backend: b }: Compute<T>, { parameters, buffers }: GraphPerceptron<T>): OpenMasks<T> => {
  const neurons = b.positive(parameters.neurons)
  return { neurons, gate: b.kernels.gate(b.positive(parameters.synapses), buffers.wiring, neurons) }
}

/** The factor of each weight under masks sampled for an evaluation (`evaluationMasks: 'sampled'`). */
export const sampledGate = <T>(
  { backend: b, hyperparameters: h }: Compute<T>,
  model: GraphPerceptron<T>,
  at: UpdateId
): T => {
  const { neurons, synapses } = sample(b, h, model, at, 'evaluation')
  return b.kernels.gate(synapses.hard, model.buffers.wiring, neurons.hard)
}

/**
 * Compiles a network for repeated inference: gates `[senders, receivers]` applied once, mostly empty blocks stored sparse.
 */
export const compile = <T>(
  { backend: b, hyperparameters: h }: Compute<T>,
  { facts: anatomy, parameters, buffers }: GraphPerceptron<T>,
  gate: T
): Predictor<T> => {
  const net = b.scope(
    () => {
      const { outputBias, hiddenBias, io, ih, ho, hh } = network(
        b,
        anatomy,
        b.mul(parameters.weights, gate),
        parameters.biases
      )
      const sparse = b.kernels.sparse
      return { outputBias, hiddenBias, io: sparse(io), ih: sparse(ih), ho: sparse(ho), hh: sparse(hh) }
    },
    made => Object.values(made)
  )
  const mode = evaluation(b, h, anatomy, parameters, buffers)
  return {
    outputs: x =>
      b.scope(
        () => forward(b, h, anatomy, net, mode, x).z,
        z => [z]
      ),
    tensors: Object.values(net)
  }
}
