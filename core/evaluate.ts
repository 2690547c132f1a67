/** A network in use: no noise (unless asked for), no dropout, running statistics. */
import type { Engine } from './engine.js'
import { forward, network } from './forward.js'
import { evaluation } from './regime.js'
import { gates, sample } from './sampling.js'
import type { State } from './state.js'

/** Hard masks of evaluation: `[1, hidden]` and `[senders, receivers]`. */
const hardMasks = <T>({ backend: b, hyperparameters: h }: Engine<T>, s: State<T>): readonly [T, T] => {
  if (h.evaluationMasks === 'sampled') {
    const { neurons, synapses } = sample(b, h, s, 'evaluation')
    return [neurons.hard, synapses.hard]
  }
  return [b.positive(s.parameters.neurons), b.positive(s.parameters.synapses)]
}

/** Outputs z `[B, outputs]` for inputs x `[B, inputs]`. */
export const evaluate =
  <T>(engine: Engine<T>) =>
  (s: State<T>) =>
  (x: T): T => {
    const { backend: b, hyperparameters: h } = engine
    return b.scope(
      () => {
        const gate = gates(b, s, ...hardMasks(engine, s))
        const net = network(b, s.anatomy, b.mul(s.parameters.weights, gate), s.parameters.biases)
        return forward(b, h, s.anatomy, net, evaluation(b, h, s.anatomy, s.parameters, s.running), x).z
      },
      z => [z]
    )
  }

/** Open synapses: logit above 0, those leaving a neuron that is not open left out. [1, 1] */
export const openSynapses = <T>({ backend: b }: Engine<T>, s: State<T>): T =>
  b.sumRows(b.sumColumns(gates(b, s, b.positive(s.parameters.neurons), b.positive(s.parameters.synapses))))
