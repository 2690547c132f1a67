/** A network in use: no noise (unless asked for), no dropout, running statistics. */
import type { Engine } from './engine.js'
import { forward, network } from './forward.js'
import { evaluation } from './regime.js'
import { sample } from './sampling.js'
import type { State } from './state.js'

/** Hard masks of evaluation: `[1, hidden]` and `[senders, receivers]`. */
const hardMasks = <T>({ backend: b, hyperparameters: h }: Engine<T>, s: State<T>): readonly [T, T] => {
  if (h.evaluationMasks === 'sampled') {
    const { neurons, synapses } = sample(b, h, s, 'evaluation')
    return [neurons.hard, synapses.hard]
  }
  return [b.positive(s.parameters.neurons), b.positive(s.parameters.synapses)]
}

/** A state made ready to answer, again and again. */
export interface Ready<T> {
  /** Outputs z `[B, outputs]` for inputs x `[B, inputs]`. */
  readonly outputs: (x: T) => T
  /** Frees what was made ready. */
  readonly release: () => void
}

/** What of a network does not depend on the inputs, made once; what is mostly closed, in sparse form. */
export const ready =
  <T>(engine: Engine<T>) =>
  (s: State<T>): Ready<T> => {
    const { backend: b, hyperparameters: h } = engine
    const net = b.scope(
      () => {
        const [neurons, synapses] = hardMasks(engine, s)
        const gate = b.kernels.gate(synapses, s.wiring, neurons)
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

/** Outputs z `[B, outputs]` for inputs x `[B, inputs]`. */
export const evaluate =
  <T>(engine: Engine<T>) =>
  (s: State<T>) =>
  (x: T): T =>
    engine.backend.scope(
      () => {
        const { outputs, release } = ready(engine)(s)
        const z = outputs(x)
        release()
        return z
      },
      z => [z]
    )

/** Open synapses: logit above 0, those leaving a neuron that is not open left out. [1, 1] */
export const openSynapses = <T>({ backend: b }: Engine<T>, s: State<T>): T =>
  b.kernels.total(b.kernels.gate(b.positive(s.parameters.synapses), s.wiring, b.positive(s.parameters.neurons)))
