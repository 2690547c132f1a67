/** A run's start: from a plan, or from where it was interrupted. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { rmdir } from 'node:fs/promises'
import type { Tensor } from '../backends/open.js'
import type { Get } from '../codecs/attempt.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Codec } from '../codecs/strict.js'
import { parse } from '../codecs/strict.js'
import type { Engine } from '../core/life/engine.js'
import type { Failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { initialState } from '../core/learning/initial-state.js'
import { stateOf } from '../core/learning/trainable.js'
import type { State } from '../core/learning/state.js'
import type { Dataset } from '../data/dataset.js'
import type { TableProfile } from '../data/profile.js'
import type { Experiment } from './experiment.js'
import { ExperimentCodec } from './experiment.js'
import { writeWhole } from '../storage/files.js'
import type { Lock } from '../storage/lock.js'
import { takeLock } from '../storage/lock.js'
import {
  paths,
  pretty,
  readConfig,
  readSettings,
  readTrajectory,
  sweep,
  trajectoryGap,
  writeTrajectory
} from './run-folder.js'
import { beginAside, finishBeginning, hasBeginning, isThere } from './run-start.js'
import { newestResumable, writeCheckpoint } from './checkpoints.js'
import type { Length } from './extend.js'
import { extend } from './extend.js'
import { cardOf, DataCardCodec } from '../estimators/data-card.js'
import type { RunEnvironment } from './environment.js'
import type { Plan } from './plan.js'
import { sameData } from './same-data.js'
import { checkShapes } from '../estimators/on-backend.js'
import { checkMoments, openEngine } from './engine.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'

/** A run that is ready to go on. */
export interface Run {
  readonly folder: string
  readonly experiment: Experiment
  /** That of its settings, for its checkpoints. */
  readonly identity: string
  readonly dataset: Dataset
  readonly engine: Engine<Tensor, unknown>
  readonly state: State<NdArray>
  /** The state of the lowest validation loss so far. */
  readonly best: State<NdArray>
  readonly past: readonly TrajectoryLine[]
  /** What is worth saying before it starts. */
  readonly remarks: readonly string[]
  /** What a table of one's own was taken for. */
  readonly profile?: TableProfile | undefined
  /** That of its folder: who trains it gives it up. A run that is only looked at has none. */
  readonly lock?: Lock
}

/** Opens a run by steps that hold the lock of its folder; what a crash left there is put in order first. */
export const underLock = (
  folder: string,
  steps: (get: Get) => Promise<Omit<Run, 'lock'>>
): TE.TaskEither<Failure, Run> =>
  attempt(async get => {
    const isNew = !(await isThere(folder))
    const lock = await get(takeLock(paths(folder).lock))
    try {
      await get(finishBeginning(folder))
      await get(sweep(folder))
      return { ...(await steps(get)), lock }
    } catch (error) {
      await lock.release()
      if (isNew) await rmdir(folder).catch(() => undefined) // if nothing was written into it
      throw error
    }
  })

/** What is written of a run can be read again: its codecs have bounds that a table may break. */
const readable = <A>(codec: Codec<A>, value: A, where: string): void => {
  const long = (f: Failure): Failure => ({
    ...f,
    kind: 'input',
    cure: 'Shorten it in the data, or leave the column out'
  })
  settle(E.mapLeft(long)(parse(codec, where)(JSON.stringify(value))))
}

/** Another run's network at the beginning of a training: its weights and masks under a new clock and a new optimiser. */
const begunFrom = (engine: Engine<Tensor, unknown>, { model }: State<NdArray>, seed: number): State<NdArray> => {
  const facts = { ...model.facts, bornAt: model.facts.bornAt.map(() => 0) }
  return stateOf(engine, { ...model, facts }, seed)
}

/** The same in a folder whose lock is held. */
export const beginLocked = async (
  get: Get,
  { experiment, loaded: { dataset, fingerprint, remarks, profile }, start, fork }: Plan,
  folder: string,
  environment: RunEnvironment
): Promise<Run> => {
  const card = cardOf(dataset, fingerprint)
  readable(ExperimentCodec, experiment, experiment.data)
  readable(DataCardCodec, card, experiment.data)
  const engine = await get(openEngine(experiment, environment))
  const begun = (): State<NdArray> =>
    start
      ? begunFrom(engine, start, experiment.seed)
      : initialState(engine, dataset.features.length, dataset.task.outputs.length, experiment.seed)
  const state = fork ? settle(checkMoments(fork.state, engine.optimiser, folder)) : begun()
  const { best = state, kept = [], past = [], input = environment.input } = fork ?? {}
  const write = (aside: string): TE.TaskEither<Failure, void> =>
    attempt(async get => {
      await get(writeWhole(paths(aside).config, pretty(experiment)))
      await get(writeWhole(paths(aside).data, pretty(card)))
      if (experiment.input !== '' && input) await get(writeWhole(paths(aside).input, input))
      const { identity } = await get(readSettings(aside))
      for (const saved of new Set([...kept, best, state])) await get(writeCheckpoint(aside, saved, identity))
      if (past.length > 0) await (await get(writeTrajectory(aside, past))).close()
    })
  await get(beginAside(folder, write))
  const { identity } = await get(readSettings(folder))
  return { folder, experiment, identity, dataset, engine, state, best, past, remarks, profile }
}

/**
 * A run from its first epoch. Settings and data card are written at once, the first checkpoint too; an earlier run in the
 * folder is replaced once they are.
 */
export const begin = (plan: Plan, folder: string, environment: RunEnvironment = {}): TE.TaskEither<Failure, Run> =>
  underLock(folder, get => beginLocked(get, plan, folder, environment))

/** A run as it lies in its folder, to be looked at: without the lock, and beside a training of it. */
export const readRun = (folder: string, environment: RunEnvironment = {}): TE.TaskEither<Failure, Run> =>
  attempt(async get => {
    const { experiment: stored, identity } = await get(readSettings(folder))
    const experiment = environment.backend === undefined ? stored : { ...stored, backend: environment.backend }
    const { dataset, remarks, profile } = await get(sameData(folder, experiment, environment))
    const engine = await get(openEngine(experiment, environment))
    const { found, damaged } = await get(newestResumable(folder))
    const { state, best } = found
    settle(checkShapes(state, dataset, experiment.hyperparameters.steps, paths(folder).checkpoints))
    settle(checkMoments(state, engine.optimiser, paths(folder).checkpoints))
    const { epoch } = state.clock
    const past = await get(readTrajectory(folder, epoch))
    const harm = damaged.map(f => `${f.where}: ${f.what}; going on from epoch ${epoch}`)
    const said = [`${folder}: from epoch ${epoch}`, ...remarks, ...harm, ...trajectoryGap(folder, past, epoch)]
    return { folder, experiment, identity, dataset, engine, state, best, past, remarks: said, profile }
  })

/** A run from its newest intact checkpoint, to be trained on; to another number of epochs, if one is given. */
export const reopen = (
  folder: string,
  environment: RunEnvironment = {},
  length?: Length
): TE.TaskEither<Failure, Run> =>
  attempt(async get => {
    if (!(await hasBeginning(folder))) await get(readConfig(folder)) // no lock where there is no run
    const steps = async (get: Get): Promise<Run> => {
      const remarks = length ? await get(extend(folder, length)) : []
      const run = await get(readRun(folder, environment))
      return { ...run, remarks: [...remarks, ...run.remarks] }
    }
    return get(underLock(folder, steps))
  })
