/** Loss and gradient of one update of any layer: what it samples, forward, task loss, backward, in parts of the batch. */
import type { Layer, LayerGradient, Sums, UpdateId } from '../network/layer.js'
import { sumTensors } from '../network/layer.js'
import type { Kind, Model } from '../network/model.js'
import type { Compute } from '../network/compute.js'
import type { Backend } from '../port/backend.js'
import { filled } from '../port/ndarray.js'
import type { Batch } from './batches.js'

/** The losses of an update [1, 1], before it, under its masks. */
export interface Losses<T> {
  readonly task: T
  readonly auxiliary: T
}

/** What an update is made of. */
export interface Gradients<T, K extends Kind> extends Pick<LayerGradient<T, K>, 'gradient' | 'buffers'> {
  readonly losses: Losses<T>
}

/** Rows that go through a layer together: all of them where one depends on the others, else what fits the cache. */
const rowsTogether = <T>(
  { microBatchRows }: Backend<T>,
  numbersPerRow: number,
  byLists: boolean,
  rows: number
): number =>
  microBatchRows === undefined || numbersPerRow === Infinity ? rows : microBatchRows(numbersPerRow, byLists)

const rowsOf = <T>(b: Backend<T>, { x, y, weights, rows }: Batch<T>, from: number, count: number): Batch<T> => {
  const part = (t: T): T => b.slice(t, [from, 0], [count, b.shape(t)[1]])
  return { x: part(x), y: part(y), weights: part(weights), rows: rows.slice(from, from + count), own: [] }
}

/** What a batch, or its parts so far, taught. */
interface BatchGradient<T, G> {
  readonly loss: T
  readonly sums: G
}

/** Forward, loss and backward over a batch, micro-batch by micro-batch; sums run over them in their order. */
const accumulate = <T, K extends Kind, S, R, G extends Sums<T>>(
  { backend: b, hyperparameters: h }: Compute<T>,
  layer: Layer<T, K, S, R, G>,
  model: Model<T, K>,
  sampled: S,
  batch: Batch<T>
): BatchGradient<T, G> => {
  const onMicroBatch = (
    { x, y, weights, rows }: Batch<T>,
    before: BatchGradient<T, G> | undefined
  ): BatchGradient<T, G> => {
    const { y: z, residuals } = layer.forward(sampled, x, rows)
    const { loss, gradient } = b.kernels.taskLoss(h.loss, z, y, weights)
    const { sums } = layer.backward(sampled, residuals, gradient, false, before?.sums)
    return { loss: before ? b.add(before.loss, loss) : loss, sums }
  }
  const rows = batch.rows.length
  const size = rowsTogether(b, layer.numbersPerRow(model), layer.byLists === true, rows)
  if (size >= rows) return onMicroBatch(batch, undefined)
  let sum: BatchGradient<T, G> | undefined
  for (let from = 0; from < rows; from += size) {
    const before = sum
    const next = b.scope(
      () => onMicroBatch(rowsOf(b, batch, from, Math.min(size, rows - from)), before),
      ({ loss, sums }) => [loss, ...sumTensors(sums)]
    )
    const kept = new Set(sumTensors(next.sums))
    if (before) b.release([before.loss, ...sumTensors(before.sums).filter(t => !kept.has(t))])
    sum = next
  }
  return sum as BatchGradient<T, G>
}

/** The gradient of task plus auxiliary loss of a model at an update. */
export const gradients = <T, K extends Kind, S, R, G extends Sums<T>>(
  compute: Compute<T>,
  layer: Layer<T, K, S, R, G>,
  model: Model<T, K>,
  at: UpdateId,
  batch: Batch<T>
): Gradients<T, K> => {
  const sampled = layer.sample(model, at)
  const { loss, sums } = accumulate(compute, layer, model, sampled, batch)
  const { gradient, buffers, auxiliary } = layer.gradient(sampled, sums)
  return {
    losses: { task: loss, auxiliary: auxiliary ?? compute.backend.constant(filled([1, 1])) },
    gradient,
    buffers
  }
}
