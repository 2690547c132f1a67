/** Loss and gradient of one update: masks, forward, task and auxiliary loss, backward. */
import type { Anatomy } from '../network/anatomy.js'
import type { Backend } from '../port/backend.js'
import type { BlockGradients } from '../network/backward.js'
import { backward, joinBlocks } from '../network/backward.js'
import type { Batch } from './batches.js'
import type { Compute } from '../network/compute.js'
import type { Network, Trace } from '../network/forward.js'
import { forward, network } from '../network/forward.js'
import type { Normalised } from '../port/normalisation.js'
import { runningAfter } from '../port/normalisation.js'
import type { Parameters } from '../network/parameters.js'
import type { StepResiduals } from '../network/regime.js'
import { training } from '../network/regime.js'
import type { Masks } from '../network/sampling.js'
import { auxiliary, sample } from '../network/sampling.js'
import type { State } from '../network/state.js'
import type { Running } from '../port/normalisation.js'

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

/** Masks drawn for an update, the factor of each weight, and the network that they leave. */
export interface SampledNetwork<T> {
  readonly masks: Masks<T>
  readonly gate: T
  readonly net: Network<T>
}

const sampleNetwork = <T>({ backend: b, hyperparameters: h }: Compute<T>, s: State<T>): SampledNetwork<T> => {
  const masks = sample(b, h, s)
  const gate = b.kernels.gate(masks.synapses.hard, s.wiring, masks.neurons.hard)
  return { masks, gate, net: network(b, s.anatomy, b.mul(s.parameters.weights, gate), s.parameters.biases) }
}

const forwardPass = <T>({ backend: b, hyperparameters: h }: Compute<T>, s: State<T>, net: Network<T>) => {
  const { anatomy: a, parameters: p } = s
  const regime = training(b, h, a, p, { seed: s.seed, epoch: s.epoch, update: s.updates })
  return ({ x, rows }: Batch<T>) => forward(b, h, a, net, regime(rows), x)
}

/** A training pass: the masks drawn, the factor of each weight, the network, and what it gave. */
export interface Pass<T> extends SampledNetwork<T> {
  readonly trace: Trace<T, StepResiduals<T>>
}

/** The forward half of an update: masks and dropout of the state's next update on a batch. */
export const trainingPass = <T>(compute: Compute<T>, batch: Batch<T>, s: State<T>): Pass<T> => {
  const open = sampleNetwork(compute, s)
  return { ...open, trace: forwardPass(compute, s, open.net)(batch) }
}

/** Rows that go through the network together: all of them where one depends on the others, else what stays in reach. */
const microBatchRows = <T>({ backend: b, hyperparameters: h }: Compute<T>, a: Anatomy, rows: number): number => {
  if (b.cacheElements === undefined || h.batchNorm) return rows
  const perRow = 2 * a.inputs + 3 * a.outputs + (4 * h.steps - 3) * a.hidden.length
  return Math.max(32, Math.floor(b.cacheElements / perRow))
}

const rowsOf = <T>(b: Backend<T>, { x, y, weights, rows }: Batch<T>, from: number, count: number): Batch<T> => {
  const part = (t: T): T => b.slice(t, [from, 0], [count, b.shape(t)[1]])
  return { x: part(x), y: part(y), weights: part(weights), rows: rows.slice(from, from + count) }
}

/** What a batch, or its part so far, taught. */
interface BatchGradient<T> {
  readonly loss: T
  readonly flow: BlockGradients<T>
  readonly made: readonly Normalised<T>[]
}

const flowing = <T>({ norm, ...blocks }: BlockGradients<T>): readonly T[] => [
  ...Object.values(blocks),
  ...Object.values(norm ?? {})
]

/** Forward, loss and backward over a batch, portion by portion; sums run over the portions in their order. */
const accumulate = <T>(compute: Compute<T>, batch: Batch<T>, s: State<T>, net: Network<T>): BatchGradient<T> => {
  const { backend: b, hyperparameters: h } = compute
  const rows = batch.rows.length
  const pass = forwardPass(compute, s, net)
  const learn = (part: Batch<T>, before: BatchGradient<T> | undefined): BatchGradient<T> => {
    const trace = pass(part)
    const { loss, gradient } = b.kernels.taskLoss(h.loss, trace.z, part.y, part.weights)
    return {
      loss: before ? b.add(before.loss, loss) : loss,
      flow: backward(b, s.anatomy, net, s.parameters.scale, trace, gradient, h.outputBias, before?.flow),
      made: trace.hiddenSteps.flatMap(({ residuals: { norm } }) => (norm ? [norm] : []))
    }
  }
  const size = microBatchRows(compute, s.anatomy, rows)
  if (size >= rows) return learn(batch, undefined)
  let sum: BatchGradient<T> | undefined
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
  return sum as BatchGradient<T>
}

/** The gradient of task plus auxiliary loss at a state. */
export const gradients = <T>(compute: Compute<T>, batch: Batch<T>, s: State<T>): Gradients<T> => {
  const { backend: b, hyperparameters: h } = compute
  const { anatomy: a, parameters: p } = s
  const { masks, gate, net } = sampleNetwork(compute, s)
  const { loss, flow, made } = accumulate(compute, batch, s, net)
  const d = joinBlocks(b, a, flow)
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
    running: runningAfter(b, s.running, made)
  }
}
