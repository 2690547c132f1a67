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

/** Bytes of inputs as Float32. */
export const inputBytes = (rows: number, { features }: Pick<Dataset, 'features'>): number => 4 * rows * features.length

/** Whether training inputs come batch by batch from the host. */
export const streamed = (h: Pick<Hyperparameters, 'batchSize'>, d: Dataset): boolean =>
  h.batchSize > 0 && h.batchSize < d.training.rows.length && inputBytes(d.training.rows.length, d) > RESIDENT

/** A part of a data set on a backend. The caller owns its tensors. */
const samplesOf = <T>(b: Backend<T>, part: Part, stream: boolean, weights?: readonly number[]): Samples<T> => ({
  x: stream ? streamOf(part.inputs) : b.constant(part.inputs()),
  y: b.constant(part.y),
  weights: weights ?? range(part.rows.length).map(() => 1)
})

/** Weights of rows by part, in the order of the part's rows; 1 for each where they are left out. */
export interface PartWeights {
  readonly training?: readonly number[] | undefined
  readonly validation?: readonly number[] | undefined
}

/** Training and, if there are any rows, validation data on a backend. */
export const dataOf = <T>(
  b: Backend<T>,
  h: Pick<Hyperparameters, 'batchSize'>,
  d: Dataset,
  weights: PartWeights = {}
): Data<T> => ({
  training: samplesOf(b, d.training, streamed(h, d), weights.training),
  ...(d.validation.rows.length > 0 ? { validation: samplesOf(b, d.validation, false, weights.validation) } : {})
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
