/** A run's network as a model: to predict with, or to go on from. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { State } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { DataCard } from '../estimators/data-card.js'
import { checkShapes } from '../estimators/on-backend.js'
import type { StoredModel } from '../estimators/predictor.js'
import { newestIntact, readCheckpoint } from './checkpoints.js'
import type { Experiment } from './experiment.js'
import { readCard, readConfig } from './run-folder.js'

/** Which of a run's networks is meant: by default that of its newest intact checkpoint. */
export interface NetworkChoice {
  /** That of an epoch of which there is a checkpoint. */
  readonly epoch?: number | undefined
  /** That of the lowest validation loss. */
  readonly best?: boolean
}

/** A network of a run, with the settings and the data card that it was trained with. */
export interface RunNetwork {
  readonly experiment: Experiment
  readonly card: DataCard
  readonly state: State<NdArray>
}

const stateOf = (folder: string, { epoch, best = false }: NetworkChoice): TE.TaskEither<Failure, State<NdArray>> =>
  attempt(async get => {
    if (epoch !== undefined) return get(readCheckpoint(folder, epoch))
    const { found } = await get(newestIntact(folder))
    const { epoch: last, progress } = found.clock
    return best && progress.bestEpoch !== last ? get(readCheckpoint(folder, progress.bestEpoch)) : found
  })

/** Loads a network of a run; the data are not needed for it. */
export const loadNetwork = (folder: string, choice: NetworkChoice = {}): TE.TaskEither<Failure, RunNetwork> =>
  attempt(async get => {
    const experiment = await get(readConfig(folder))
    const card = await get(readCard(folder))
    const state = await get(stateOf(folder, choice))
    return { experiment, card, state: settle(checkShapes(state, card, experiment.hyperparameters.steps, folder)) }
  })

/**
 * The model of a run's newest intact checkpoint, or of a given epoch's: `fitClassifier(x, y, { from: model })` goes on
 * from it, `classifierOf(backend, model)` predicts with it.
 */
export const storedModel = (folder: string, epoch?: number): TE.TaskEither<Failure, StoredModel> =>
  attempt(async get => {
    const { experiment, card, state } = await get(loadNetwork(folder, { epoch }))
    return { state, hyperparameters: experiment.hyperparameters, preparation: card.preparation, task: card.task }
  })
