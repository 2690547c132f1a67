/** Loss and gradient of one update: masks, forward, task and auxiliary loss, backward. */
import type { Anatomy } from './anatomy.js'
import type { Backend } from './backend.js'
import type { Flow, Made } from './backward.js'
import { backward, gathered } from './backward.js'
import type { Engine } from './engine.js'
import type { Network, Trace } from './forward.js'
import { forward, network } from './forward.js'
import { MOMENTUM } from './normalisation.js'
import type { Normalised } from './normalisation.js'
import type { Parameters } from './parameters.js'
import { training } from './regime.js'
import type { Masks } from './sampling.js'
import { auxiliary, sample } from './sampling.js'
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
  b.kernels.axpy(MOMENTUM, b.concat(fresh, 0), b.affine(running, 1 - MOMENTUM, 0))

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

/** Masks drawn for an update, the factor of each weight, and the network that they leave. */
export interface Opened<T> {
  readonly masks: Masks<T>
  readonly gate: T
  readonly net: Network<T>
}

const opened = <T>({ backend: b, hyperparameters: h }: Engine<T>, s: State<T>): Opened<T> => {
  const masks = sample(b, h, s)
  const gate = b.kernels.gate(masks.synapses.hard, s.wiring, masks.neurons.hard)
  return { masks, gate, net: network(b, s.anatomy, b.mul(s.parameters.weights, gate), s.parameters.biases) }
}

const through = <T>({ backend: b, hyperparameters: h }: Engine<T>, s: State<T>, net: Network<T>) => {
  const { anatomy: a, parameters: p } = s
  const regime = training(b, h, a, p, { seed: s.seed, epoch: s.epoch, update: s.updates })
  return ({ x, rows }: Batch<T>) => forward(b, h, a, net, regime(rows), x)
}

/** A training pass: the masks drawn, the factor of each weight, the network, and what it gave. */
export interface Pass<T> extends Opened<T> {
  readonly trace: Trace<T, Made<T>>
}

/** The forward half of an update: masks and dropout of the state's next update on a batch. */
export const trainingPass = <T>(engine: Engine<T>, batch: Batch<T>, s: State<T>): Pass<T> => {
  const open = opened(engine, s)
  return { ...open, trace: through(engine, s, open.net)(batch) }
}

/** Rows that go through the network together: all of them where one depends on the others, else what stays in reach. */
const portion = <T>({ backend: b, hyperparameters: h }: Engine<T>, a: Anatomy, rows: number): number => {
  if (b.reach === undefined || h.batchNorm) return rows
  const perRow = 2 * a.inputs + 3 * a.outputs + (4 * h.steps - 3) * a.hidden.length
  return Math.max(32, Math.floor(b.reach / perRow))
}

const rowsOf = <T>(b: Backend<T>, { x, y, weights, rows }: Batch<T>, from: number, count: number): Batch<T> => {
  const part = (t: T): T => b.slice(t, [from, 0], [count, b.shape(t)[1]])
  return { x: part(x), y: part(y), weights: part(weights), rows: rows.slice(from, from + count) }
}

/** What a batch, or its part so far, taught. */
interface Lesson<T> {
  readonly loss: T
  readonly flow: Flow<T>
  readonly made: readonly Normalised<T>[]
}

const flowing = <T>({ norm, ...blocks }: Flow<T>): readonly T[] => [
  ...Object.values(blocks),
  ...Object.values(norm ?? {})
]

/** Forward, loss and backward over a batch, portion by portion; sums run over the portions in their order. */
const lesson = <T>(engine: Engine<T>, batch: Batch<T>, s: State<T>, net: Network<T>): Lesson<T> => {
  const { backend: b, hyperparameters: h } = engine
  const rows = batch.rows.length
  const pass = through(engine, s, net)
  const learn = (part: Batch<T>, before: Lesson<T> | undefined): Lesson<T> => {
    const trace = pass(part)
    const { loss, gradient } = b.kernels.score(h.loss, trace.z, part.y, part.weights)
    return {
      loss: before ? b.add(before.loss, loss) : loss,
      flow: backward(b, s.anatomy, net, s.parameters.scale, trace, gradient, h.outputBias, before?.flow),
      made: trace.waves.flatMap(({ made: { norm } }) => (norm ? [norm] : []))
    }
  }
  const size = portion(engine, s.anatomy, rows)
  if (size >= rows) return learn(batch, undefined)
  let sum: Lesson<T> | undefined
  for (let from = 0; from < rows; from += size) {
    const before = sum
    const next = b.scope(
      () => learn(rowsOf(b, batch, from, Math.min(size, rows - from)), before),
      ({ loss, flow }) => [loss, ...flowing(flow)]
    )
    const kept = new Set(flowing(next.flow))
    if (before) b.release([before.loss, ...flowing(before.flow).filter(t => !kept.has(t))])
    sum = next
  }
  return sum as Lesson<T>
}

/** The gradient of task plus auxiliary loss at a state. */
export const gradients = <T>(engine: Engine<T>, batch: Batch<T>, s: State<T>): Gradients<T> => {
  const { backend: b, hyperparameters: h } = engine
  const { anatomy: a, parameters: p } = s
  const { masks, gate, net } = opened(engine, s)
  const { loss, flow, made } = lesson(engine, batch, s, net)
  const d = gathered(b, a, flow)
  const cost = auxiliary(b, h, s, masks)
  const back = b.kernels.gateBack({ weights: p.weights, wiring: s.wiring, ...masks, gate }, d.weights)
  return {
    losses: { task: loss, auxiliary: cost.loss },
    gradient: {
      weights: back.weights,
      synapses: b.add(back.synapses, cost.synapses),
      biases: d.biases,
      neurons: b.add(back.neurons, cost.neurons),
      scale: d.scale,
      shift: d.shift
    },
    running: statistics(b, s.running, made)
  }
}
