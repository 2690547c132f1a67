/** A network in use: no noise (unless asked for), no dropout, running statistics. */
import type { Compute } from './compute.js'
import { forward, network } from './forward.js'
import { evaluation } from './regime.js'
import { sample } from './sampling.js'
import type { State } from './state.js'

/** What is open without noise, logits above 0: neurons `[1, hidden]`, and the factor of each weight `[senders, receivers]`. */
export interface OpenMasks<T> {
  readonly neurons: T
  readonly gate: T
}

/** What of a state is open without noise. A synapse that leaves a closed neuron is not. */
export const openMasks = <T>({ backend: b }: Compute<T>, s: State<T>): OpenMasks<T> => {
  const neurons = b.positive(s.parameters.neurons)
  return { neurons, gate: b.kernels.gate(b.positive(s.parameters.synapses), s.wiring, neurons) }
}

/** The factor of each weight in evaluation. */
const evaluationGate = <T>(compute: Compute<T>, s: State<T>, known: OpenMasks<T> | undefined): T => {
  const { backend: b, hyperparameters: h } = compute
  if (h.evaluationMasks === 'noiseless') return (known ?? openMasks(compute, s)).gate
  const { neurons, synapses } = sample(b, h, s, 'evaluation')
  return b.kernels.gate(synapses.hard, s.wiring, neurons.hard)
}

/** A state made ready to answer, again and again. */
export interface Predictor<T> {
  /** Outputs z `[B, outputs]` for inputs x `[B, inputs]`. */
  readonly outputs: (x: T) => T
  /** Frees what was made ready. */
  readonly release: () => void
}

/** What of a network does not depend on the inputs, made once; what is mostly closed, in sparse form. `known`: what is open without noise, if it has been found already. */
export const compile =
  <T>(compute: Compute<T>) =>
  (s: State<T>, known?: OpenMasks<T>): Predictor<T> => {
    const { backend: b, hyperparameters: h } = compute
    const net = b.scope(
      () => {
        const gate = evaluationGate(compute, s, known)
        const { outputBias, hiddenBias, ...dense } = network(
          b,
          s.anatomy,
          b.mul(s.parameters.weights, gate),
          s.parameters.biases
        )
        const { io, ih, ho, hh } = dense
        const sparse = b.kernels.sparse
        return { outputBias, hiddenBias, io: sparse(io), ih: sparse(ih), ho: sparse(ho), hh: sparse(hh) }
      },
      made => Object.values(made)
    )
    const regime = evaluation(b, h, s.anatomy, s.parameters, s.running)
    return {
      outputs: x =>
        b.scope(
          () => forward(b, h, s.anatomy, net, regime, x).z,
          z => [z]
        ),
      release: () => b.release(Object.values(net))
    }
  }

/** Outputs z `[B, outputs]` for inputs x `[B, inputs]`; `known` as for `ready`. */
export const evaluate =
  <T>(compute: Compute<T>) =>
  (s: State<T>, known?: OpenMasks<T>) =>
  (x: T): T =>
    compute.backend.scope(
      () => {
        const { outputs, release } = compile(compute)(s, known)
        const z = outputs(x)
        release()
        return z
      },
      z => [z]
    )
