/** A backend, an engine and a data set on it: what training and evaluation of an experiment need. */
import type { OpenOptions, Tensor } from '../backends/open.js'
import { open } from '../backends/open.js'
import type { Backend } from '../core/backend.js'
import type { Samples } from '../core/batches.js'
import type { Engine } from '../core/engine.js'
import { engine } from '../core/engine.js'
import type { Failure } from '../core/failure.js'
import { failure } from '../core/failure.js'
import type { NdArray } from '../core/ndarray.js'
import type { State } from '../core/state.js'
import type { Data } from '../core/train.js'
import type { Dataset, Part } from '../data/dataset.js'
import { paperRule } from '../rules/paper.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Experiment } from './experiment.js'

/** An engine on an open backend. */
export const openEngine = (
  { backend, hyperparameters }: Pick<Experiment, 'backend' | 'hyperparameters'>,
  options: OpenOptions = {}
): TE.TaskEither<Failure, Engine<Tensor>> =>
  pipe(
    open(backend, options),
    TE.map(b => engine(b, hyperparameters, paperRule(hyperparameters)))
  )

/** A part of a data set on a backend. The caller owns its tensors. */
export const samplesOf = <T>(b: Backend<T>, part: Part, weights?: readonly number[]): Samples<T> => ({
  x: b.constant(part.x),
  y: b.constant(part.y),
  weights: weights ?? part.rows.map(() => 1)
})

/** Training and, if there are any rows, validation data on a backend. */
export const dataOf = <T>(b: Backend<T>, d: Dataset, weights?: readonly number[]): Data<T> => ({
  training: samplesOf(b, d.training, weights),
  ...(d.validation.rows.length > 0 ? { validation: samplesOf(b, d.validation) } : {})
})

/** A state must have as many inputs and outputs as the data have features and outputs, and one norm row a step. */
export const fits = (
  state: State<NdArray>,
  d: Pick<Dataset, 'features' | 'task' | 'name'>,
  steps: number,
  where: string
): E.Either<Failure, State<NdArray>> => {
  const wrong = (what: string): E.Either<Failure, never> =>
    E.left(failure('file', where, what, 'Use the data and settings that the run was made with'))
  const { inputs, outputs } = state.anatomy
  if (inputs !== d.features.length)
    return wrong(`the state has ${inputs} inputs, ${d.name} has ${d.features.length} features`)
  if (outputs !== d.task.outputs.length)
    return wrong(`the state has ${outputs} outputs, ${d.name} wants ${d.task.outputs.length}`)
  return state.running.mean.shape[0] === steps - 1
    ? E.right(state)
    : wrong(`the state was made for ${state.running.mean.shape[0] + 1} steps, the config says ${steps}`)
}
