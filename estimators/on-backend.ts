/** A backend, an engine and a data set on it: what training and evaluation of an experiment need. */
import * as E from 'fp-ts/lib/Either.js'
import type { Samples } from '../core/learning/batches.js'
import { sampleTensors, stream as streamOf } from '../core/learning/batches.js'
import type { Data } from '../core/life/train.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { State } from '../core/learning/state.js'
import type { Backend } from '../core/port/backend.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { Dataset, Part } from '../data/dataset.js'

/** Bytes of inputs that lie on a backend even if they are wanted in mini-batches only. */
const RESIDENT = 2 ** 28
/** Bytes of tensors that a run may want; the memory of WebAssembly ends at 2^32. */
const MOST_BYTES = 3 * 2 ** 30
/** Arrays that an update holds at once for each weight: values, moments, masks, noise, gradients. */
const PER_WEIGHT = 20

const inputBytes = (rows: number, { features }: Pick<Dataset, 'features'>): number => 4 * rows * features.length

/** Whether training inputs come batch by batch from the host. */
const streamed = (h: Pick<Hyperparameters, 'batchSize'>, d: Dataset): boolean =>
  h.batchSize > 0 && h.batchSize < d.training.rows.length && inputBytes(d.training.rows.length, d) > RESIDENT

/** Refuses hyperparameters under which a data set would not fit into memory, with the number and the cure. */
export const checkMemory = (h: Hyperparameters, d: Dataset): E.Either<Failure, Hyperparameters> => {
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`
  const { features, task, training, validation } = d
  const rows = (streamed(h, d) ? 2 * h.batchSize : training.rows.length) + validation.rows.length
  const data = inputBytes(rows, d)
  const weights = 4 * PER_WEIGHT * (features.length + h.maxHidden) * (task.outputs.length + h.maxHidden)
  const wrong = (flag: string, what: string, cure: string): E.Either<Failure, never> =>
    E.left(failure('usage', flag, what, cure))
  if (weights > MOST_BYTES) {
    const what = `the synapses of ${features.length} inputs and ${h.maxHidden} neurons may take ${gib(weights)}, more than ${gib(MOST_BYTES)}`
    return wrong('--max-hidden', what, 'Lower it, or give fewer columns')
  }
  if (data + weights > MOST_BYTES) {
    const what = `${rows} rows of ${features.length} inputs take ${gib(data)} at once, more than the ${gib(MOST_BYTES - weights)} that are left`
    return wrong('--batch-size', what, 'Train in mini-batches, of 256 rows say, or give fewer rows')
  }
  return E.right(h)
}

/** A part of a data set on a backend. The caller owns its tensors. */
const samplesOf = <T>(b: Backend<T>, part: Part, stream: boolean, weights?: readonly number[]): Samples<T> => ({
  x: stream ? streamOf(part.inputs) : b.constant(part.inputs()),
  y: b.constant(part.y),
  weights: weights ?? range(part.rows.length).map(() => 1)
})

/** Training and, if there are any rows, validation data on a backend. */
export const dataOf = <T>(
  b: Backend<T>,
  h: Pick<Hyperparameters, 'batchSize'>,
  d: Dataset,
  weights?: readonly number[]
): Data<T> => ({
  training: samplesOf(b, d.training, streamed(h, d), weights),
  ...(d.validation.rows.length > 0 ? { validation: samplesOf(b, d.validation, false) } : {})
})

/** Gives up what `dataOf` put on a backend. */
export const releaseData = <T>(b: Backend<T>, { training, validation }: Data<T>): void => {
  for (const samples of validation ? [training, validation] : [training]) b.release(sampleTensors(samples))
}

/** Refuses a state that is not of the data: it must have as many inputs and outputs as the data have features and outputs, and one norm row a step. */
export const checkShapes = (
  state: State<NdArray>,
  d: Pick<Dataset, 'features' | 'task' | 'name'>,
  steps: number,
  where: string
): E.Either<Failure, State<NdArray>> => {
  const wrong = (what: string): E.Either<Failure, never> =>
    E.left(failure('file', where, what, 'Use the data and settings that the run was made with'))
  const { inputs, outputs } = state.model.facts
  if (inputs !== d.features.length)
    return wrong(`the state has ${inputs} inputs, ${d.name} has ${d.features.length} features`)
  if (outputs !== d.task.outputs.length)
    return wrong(`the state has ${outputs} outputs, ${d.name} wants ${d.task.outputs.length}`)
  return state.model.buffers.mean.shape[0] === steps - 1
    ? E.right(state)
    : wrong(`the state was made for ${state.model.buffers.mean.shape[0] + 1} steps, the config says ${steps}`)
}
