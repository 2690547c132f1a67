/** A run's start: from a plan, or from where it was interrupted. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../backends/open.js'
import type { Engine } from '../core/life/engine.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { sprout } from '../core/life/seedling.js'
import type { State } from '../core/network/state.js'
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
import { openEngine } from './engine.js'
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
  { experiment, loaded }: Plan,
  folder: string,
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, Run> =>
  pipe(
    openEngine(experiment, environment),
    TE.chainFirst(() => freshFolder(folder)),
    TE.chainFirst(() => writeWhole(paths(folder).config, pretty(experiment))),
    TE.chainFirst(() => writeWhole(paths(folder).data, pretty(cardOf(loaded.dataset, loaded.fingerprint)))),
    TE.map((engine): Run => {
      const { dataset, remarks } = loaded
      const state = sprout(engine, dataset.features.length, dataset.task.outputs.length, experiment.seed)
      return { folder, experiment, dataset, engine, state, best: state, past: [], remarks }
    }),
    TE.chainFirst(({ state }) => writeCheckpoint(folder, state))
  )

/** The data set of a run, checked against the one it was begun with. */
const sameData = (
  folder: string,
  experiment: Experiment,
  environment: RunEnvironment
): TE.TaskEither<Failure, Loaded> =>
  pipe(
    load(experiment, experiment.seed, environment),
    TE.mapLeft(f => ({ ...f, cure: `${f.cure}; the run in ${folder} was begun with it` })),
    TE.bindTo('loaded'),
    TE.bind('card', () => readCard(folder)),
    TE.chainEitherK(({ loaded, card }) =>
      card.fingerprint === loaded.fingerprint
        ? E.right(loaded)
        : E.left(
            failure(
              'input',
              experiment.data,
              'the data are not those that the run was begun with',
              'Put the old data back, or train a new run'
            )
          )
    )
  )

/** A run from its newest sound checkpoint. */
export const reopen = (folder: string, environment: RunEnvironment = {}): TE.TaskEither<Failure, Run> =>
  pipe(
    readConfig(folder),
    TE.chainFirst(() => sweep(folder)),
    TE.map(experiment =>
      environment.backend === undefined ? experiment : { ...experiment, backend: environment.backend }
    ),
    TE.bindTo('experiment'),
    TE.bind('loaded', ({ experiment }) => sameData(folder, experiment, environment)),
    TE.bind('engine', ({ experiment }) => openEngine(experiment, environment)),
    TE.bind('newest', () => newestResumable(folder)),
    TE.chainFirstEitherK(({ newest, loaded, experiment }) =>
      checkShapes(newest.found.state, loaded.dataset, experiment.hyperparameters.steps, paths(folder).checkpoints)
    ),
    TE.bind('past', ({ newest }) => readTrajectory(folder, newest.found.state.epoch)),
    TE.map(({ newest: { found, damaged }, loaded, ...run }) => ({
      ...run,
      ...found,
      folder,
      dataset: loaded.dataset,
      remarks: [
        ...loaded.remarks,
        ...damaged.map(f => `${f.where}: ${f.what}; going on from epoch ${found.state.epoch}`)
      ]
    }))
  )
