/** A run: from an experiment, or from where it was interrupted, to its last epoch, everything saved on the way. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../backends/open.js'
import type { Engine } from '../core/engine.js'
import type { Failure } from '../core/failure.js'
import { failure, FailureError } from '../core/failure.js'
import type { Frame } from '../core/frame.js'
import type { NdArray } from '../core/ndarray.js'
import { sprout } from '../core/seedling.js'
import type { State } from '../core/state.js'
import { restore, snapshot, tensors } from '../core/state.js'
import { train } from '../core/train.js'
import type { Dataset } from '../data/dataset.js'
import { metricsOf } from './appraisal.js'
import type { Experiment } from './experiment.js'
import { fileFailure, writeWhole } from './files.js'
import {
  checkpointEpochs,
  freshFolder,
  newestSound,
  paths,
  pretty,
  readCard,
  readCheckpoint,
  readConfig,
  readTrajectory,
  removeCheckpoints,
  sweep,
  writeCheckpoint,
  writeTrajectory
} from './folder.js'
import type { Loaded } from './load.js'
import { load } from './load.js'
import { cardOf } from './model.js'
import type { Plan } from './plan.js'
import { dataOf, fits, openEngine } from './session.js'
import type { TrajectoryLine } from './trajectory.js'
import { lineOf } from './trajectory.js'

/** Every so many epochs a checkpoint is kept for good, for later comparison. */
const MILESTONE = 1000

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

/** How a run ended. */
export interface Ending {
  readonly why: 'epochs' | 'patience' | 'stable' | 'interrupted' | 'diverged'
  readonly state: State<NdArray>
  readonly best: State<NdArray>
  readonly trajectory: readonly TrajectoryLine[]
  /** Seconds of this session, loading left out. */
  readonly seconds: number
}

/** Who looks on: is shown every epoch, and may ask for an end. */
export interface Watcher {
  readonly epoch: (line: TrajectoryLine) => void
  readonly interrupted: () => boolean
}

/** Seconds between two checkpoints. */
export interface Pace {
  readonly checkpointSeconds: number
}

/** A run from its first epoch. Settings and data card are written at once, the first checkpoint too. */
export const begin = ({ experiment, loaded }: Plan, folder: string): TE.TaskEither<Failure, Run> =>
  pipe(
    openEngine(experiment),
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
const sameData = (folder: string, experiment: Experiment): TE.TaskEither<Failure, Loaded> =>
  pipe(
    load(experiment, experiment.seed),
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
export const reopen = (folder: string): TE.TaskEither<Failure, Run> =>
  pipe(
    readConfig(folder),
    TE.chainFirst(() => sweep(folder)),
    TE.bindTo('experiment'),
    TE.bind('loaded', ({ experiment }) => sameData(folder, experiment)),
    TE.bind('engine', ({ experiment }) => openEngine(experiment)),
    TE.bind('found', () => newestSound(folder)),
    TE.chainFirstEitherK(({ found, loaded, experiment }) =>
      fits(found.state, loaded.dataset, experiment.hyperparameters.steps, paths(folder).checkpoints)
    ),
    TE.bind('past', ({ found }) =>
      found.state.epoch === 0 ? TE.right([]) : readTrajectory(folder, found.state.epoch)
    ),
    TE.bind('best', ({ found }) => {
      const { bestEpoch } = found.state.progress
      return bestEpoch === found.state.epoch ? TE.right(found.state) : readCheckpoint(folder, bestEpoch)
    }),
    TE.map(({ found, loaded, ...run }) => ({
      ...run,
      folder,
      dataset: loaded.dataset,
      state: found.state,
      remarks: [
        ...loaded.remarks,
        ...found.damaged.map(f => `${f.where}: ${f.what}; going on from epoch ${found.state.epoch}`)
      ]
    }))
  )

/** Which checkpoints no longer serve: all but milestones, the best, and the newest two. */
const superseded = (epochs: readonly number[], best: number): readonly number[] =>
  epochs.filter((epoch, i) => epoch % MILESTONE !== 0 && epoch !== best && i < epochs.length - 2)

const endingOf = (frame: Frame<unknown> | undefined): Ending['why'] | undefined => {
  const event = frame?.events.find(e => e._tag === 'Stopped' || e._tag === 'Diverged')
  return event?._tag === 'Stopped' ? event.why : event && 'diverged'
}

const attempt = async <A>(te: TE.TaskEither<Failure, A>): Promise<A> => {
  const made = await te()
  if (E.isLeft(made)) throw new FailureError(made.left)
  return made.right
}

const follow = async (run: Run, watcher: Watcher, pace: Pace): Promise<Ending> => {
  const { folder, engine, dataset } = run
  const b = engine.backend
  const writer = await attempt(writeTrajectory(folder, run.past))
  const trajectory = [...run.past]
  const data = dataOf(b, dataset)
  let best: State<Tensor> = restore(b, run.best)
  let savedBest = run.state.progress.bestEpoch
  let last: State<NdArray> = run.state
  const save = async (state: State<Tensor>): Promise<void> => {
    await attempt(TE.tryCatch(writer.flush, fileFailure(paths(folder).trajectory)))
    const { bestEpoch } = state.progress
    if (savedBest !== bestEpoch && bestEpoch !== state.epoch)
      await attempt(writeCheckpoint(folder, await snapshot(b, best)))
    savedBest = bestEpoch
    last = await snapshot(b, state)
    await attempt(writeCheckpoint(folder, last))
    await attempt(removeCheckpoints(folder, superseded(await attempt(checkpointEpochs(folder)), bestEpoch)))
  }
  const start = performance.now()
  let tick = start
  let savedAt = start
  let why: Ending['why'] = 'epochs'
  try {
    for await (const frame of train(engine, data, restore(b, run.state))) {
      const { state } = frame
      const ending = endingOf(frame)
      const now = performance.now()
      if (ending !== 'diverged') {
        const metrics = frame.validation ? metricsOf(dataset, frame.validation.outputs, dataset.validation.y) : {}
        const line = lineOf(frame, metrics, now - tick)
        trajectory.push(line)
        writer.add(line)
        watcher.epoch(line)
        if (state.progress.bestEpoch === state.epoch) {
          b.release(tensors(best))
          best = frame.keep()
        }
      }
      tick = now
      // lets signals and other work in between two epochs
      await new Promise<void>(resolve => setImmediate(resolve))
      const stop = ending ?? (watcher.interrupted() ? 'interrupted' : undefined)
      const due = now - savedAt >= pace.checkpointSeconds * 1000 || state.epoch % MILESTONE === 0
      if (stop !== undefined || due) {
        await save(state)
        savedAt = performance.now()
      }
      if (stop !== undefined) {
        why = stop
        break
      }
    }
    return { why, state: last, best: await snapshot(b, best), trajectory, seconds: (performance.now() - start) / 1000 }
  } finally {
    b.release([
      ...tensors(best),
      data.training.x,
      data.training.y,
      ...(data.validation ? [data.validation.x, data.validation.y] : [])
    ])
    await writer.close().catch(() => undefined)
  }
}

/** Trains a run to its end, or until the watcher interrupts it. Whatever is written is whole. */
export const pursue = (
  run: Run,
  watcher: Watcher,
  pace: Pace = { checkpointSeconds: 5 }
): TE.TaskEither<Failure, Ending> =>
  TE.tryCatch(
    () => follow(run, watcher, pace),
    error => {
      if (error instanceof FailureError) return error.failure
      throw error
    }
  )

/** The failure of a run whose loss is no longer finite. */
export const diverged = ({ hyperparameters: h }: Experiment, epoch: number): Failure =>
  failure(
    'diverged',
    `epoch ${epoch + 1}`,
    `the loss is no longer finite; the state of epoch ${epoch} is kept`,
    `Lower --learning-rate (now ${h.learningRate})${h.clipNorm === 0 ? ', or clip the gradient with --clip-norm 1' : ''}`
  )
