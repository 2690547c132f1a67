/** A run's start: from a plan, or from where it was interrupted. Node only. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../backends/open.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Engine } from '../core/life/engine.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { initialState } from '../core/learning/initial-state.js'
import type { State } from '../core/learning/state.js'
import type { Dataset } from '../data/dataset.js'
import type { Experiment } from './experiment.js'
import { writeWhole } from '../storage/files.js'
import { freshFolder, paths, pretty, readCard, readConfig, readTrajectory, sweep } from './run-folder.js'
import { newestResumable, writeCheckpoint } from './checkpoints.js'
import type { Loaded } from './load.js'
import { load } from './load.js'
import { cardOf } from '../estimators/data-card.js'
import type { RunEnvironment } from './environment.js'
import type { Plan } from './plan.js'
import { checkShapes } from '../estimators/on-backend.js'
import { checkMoments, openEngine } from './engine.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'

/** A run that is ready to go on. */
export interface Run {
  readonly folder: string
  readonly experiment: Experiment
  readonly dataset: Dataset
  readonly engine: Engine<Tensor>
  readonly state: State<NdArray>
  /** The state of the lowest validation loss so far. */
  readonly best: State<NdArray>
  readonly past: readonly TrajectoryLine[]
  /** What is worth saying before it starts. */
  readonly remarks: readonly string[]
}

/**
 * A run from its first epoch. Settings and data card are written at once, the first checkpoint too; an earlier run in the
 * folder is replaced.
 */
export const begin = (
  { experiment, loaded: { dataset, fingerprint, remarks } }: Plan,
  folder: string,
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, Run> =>
  attempt(async get => {
    const engine = await get(openEngine(experiment, environment))
    await get(freshFolder(folder))
    await get(writeWhole(paths(folder).config, pretty(experiment)))
    await get(writeWhole(paths(folder).data, pretty(cardOf(dataset, fingerprint))))
    const state = initialState(engine, dataset.features.length, dataset.task.outputs.length, experiment.seed)
    await get(writeCheckpoint(folder, state))
    return { folder, experiment, dataset, engine, state, best: state, past: [], remarks }
  })

/** The data set of a run, checked against the one it was begun with. */
const sameData = (
  folder: string,
  experiment: Experiment,
  environment: RunEnvironment
): TE.TaskEither<Failure, Loaded> =>
  attempt(async get => {
    const loading = load(experiment, experiment.seed, environment, { loss: experiment.hyperparameters.loss })
    const begunWith = (f: Failure): Failure => ({ ...f, cure: `${f.cure}; the run in ${folder} was begun with it` })
    const loaded = await get(TE.mapLeft(begunWith)(loading))
    const card = await get(readCard(folder))
    if (card.fingerprint === loaded.fingerprint) return loaded
    const what = 'the data are not those that the run was begun with'
    throw new FailureError(failure('input', experiment.data, what, 'Put the old data back, or train a new run'))
  })

/** A run from its newest intact checkpoint. */
export const reopen = (folder: string, environment: RunEnvironment = {}): TE.TaskEither<Failure, Run> =>
  attempt(async get => {
    const stored = await get(readConfig(folder))
    await get(sweep(folder))
    const experiment = environment.backend === undefined ? stored : { ...stored, backend: environment.backend }
    const { dataset, remarks } = await get(sameData(folder, experiment, environment))
    const engine = await get(openEngine(experiment, environment))
    const { found, damaged } = await get(newestResumable(folder))
    const { state, best } = found
    settle(checkShapes(state, dataset, experiment.hyperparameters.steps, paths(folder).checkpoints))
    settle(checkMoments(state, engine.optimiser, paths(folder).checkpoints))
    const { epoch } = state.clock
    const past = await get(readTrajectory(folder, epoch))
    const from = `${folder}: from epoch ${epoch}`
    const harm = damaged.map(f => `${f.where}: ${f.what}; going on from epoch ${epoch}`)
    return { folder, experiment, dataset, engine, state, best, past, remarks: [from, ...remarks, ...harm] }
  })
