/** Loss and gradient of one update: masks, forward, task and auxiliary loss, backward. */
import type { Backend } from './backend.js'
import type { Made } from './backward.js'
import { backward } from './backward.js'
import type { Engine } from './engine.js'
import type { Network, Trace } from './forward.js'
import { forward, network } from './forward.js'
import { filled } from './ndarray.js'
import { MOMENTUM } from './normalisation.js'
import type { Normalised } from './normalisation.js'
import type { Parameters } from './parameters.js'
import { training } from './regime.js'
import type { Masks } from './sampling.js'
import { auxiliary, gates, sample, senderFactors } from './sampling.js'
import type { Running, State } from './state.js'

/** Rows of a data set, on the backend. */
export interface Batch<T> {
  /** Inputs. `[B, inputs]` */
  readonly x: T
  /** Targets: one-hot classes, 0 or 1 for each label, or numbers. `[B, outputs]` */
  readonly y: T
  /** Weights of the samples divided by their sum. `[B, 1]` */
  readonly weights: T
  /** Their row numbers in the data set. */
  readonly rows: readonly number[]
}

/** The losses of an update [1, 1], before it, under its masks. */
export interface Losses<T> {
  readonly task: T
  readonly auxiliary: T
}

/** What an update is made of. */
export interface Gradients<T> {
  readonly losses: Losses<T>
  readonly gradient: Parameters<T>
  readonly running: Running<T>
}

const blended = <T>(b: Backend<T>, running: T, fresh: readonly T[]): T =>
  b.add(b.affine(running, 1 - MOMENTUM, 0), b.affine(b.concat(fresh, 0), MOMENTUM, 0))

const statistics = <T>(b: Backend<T>, running: Running<T>, made: readonly Normalised<T>[]): Running<T> =>
  made.length === 0
    ? running
    : {
        mean: blended(
          b,
          running.mean,
          made.map(m => m.mean)
        ),
        variance: blended(
          b,
          running.variance,
          made.map(m => m.variance)
        )
      }

/** A training pass: the masks drawn, the factor of each weight, the network, and what it gave. */
export interface Pass<T> {
  readonly masks: Masks<T>
  readonly gate: T
  readonly net: Network<T>
  readonly trace: Trace<T, Made<T>>
}

/** The forward half of an update: masks and dropout of the state's next update on a batch. */
export const trainingPass = <T>(
  { backend: b, hyperparameters: h }: Engine<T>,
  batch: Batch<T>,
  s: State<T>
): Pass<T> => {
  const { anatomy: a, parameters: p } = s
  const masks = sample(b, h, s)
  const gate = gates(b, s, masks.neurons.hard, masks.synapses.hard)
  const net = network(b, a, b.mul(p.weights, gate), p.biases)
  const regime = training(b, h, a, p, { seed: s.seed, epoch: s.epoch, update: s.updates, rows: batch.rows })
  return { masks, gate, net, trace: forward(b, h, a, net, regime, batch.x) }
}

/**
 * The gradient of task plus auxiliary loss at a state. With G = A m the effective weights, m the product of hard masks:
 * dA = dG m; a synapse's mask gets dG A times its sender's mask, a neuron's the sum of dG A times its synapses' masks;
 * both then pass straight through to the soft mask and on to the logit.
 */
export const gradients = <T>(engine: Engine<T>, batch: Batch<T>, s: State<T>): Gradients<T> => {
  const { backend: b, hyperparameters: h } = engine
  const { anatomy: a, parameters: p } = s
  const { masks, gate, net, trace } = trainingPass(engine, batch, s)
  const scored = b.kernels.score(h.loss, trace.z, batch.y, batch.weights)
  const d = backward(b, a, net, p.scale, trace, scored.gradient)
  const cost = auxiliary(b, h, s, masks)
  const dGate = b.mul(b.mul(d.weights, p.weights), s.wiring)
  const dSynapses = b.mul(dGate, senderFactors(b, a, masks.neurons.hard))
  const hiddenRows = (m: T): T => b.slice(m, [a.inputs, 0], [a.hidden.length, b.shape(m)[1]])
  const dNeurons = b.transpose(b.sumColumns(b.mul(hiddenRows(dGate), hiddenRows(masks.synapses.hard))))
  const biasGate = b.concat(
    [b.constant(filled([1, a.outputs], h.outputBias ? 1 : 0)), b.constant(filled([1, a.hidden.length], 1))],
    1
  )
  return {
    losses: { task: scored.loss, auxiliary: cost.loss },
    gradient: {
      weights: b.mul(d.weights, gate),
      synapses: b.add(b.mul(dSynapses, masks.synapses.slope), cost.synapses),
      biases: b.mul(d.biases, biasGate),
      neurons: b.add(b.mul(dNeurons, masks.neurons.slope), cost.neurons),
      scale: d.scale,
      shift: d.shift
    },
    running: statistics(
      b,
      s.running,
      trace.waves.flatMap(w => (w.made ? [w.made] : []))
    )
  }
}
