/** Training a run to its end: every epoch shown, everything saved on the way. Node only. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../backends/open.js'
import type { Get } from '../codecs/attempt.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { Event } from '../core/life/frame.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Clock, State } from '../core/learning/state.js'
import type { Ending } from '../core/learning/trainable.js'
import { stageOver } from '../core/life/stage.js'
import { restore, snapshot, tensors } from '../core/learning/state.js'
import { train } from '../core/life/train.js'
import { watchedMetricsOf } from '../estimators/evaluation.js'
import { anyStage } from '../models/stages.js'
import type { Experiment } from './experiment.js'
import type { Progress } from '../storage/environment.js'
import { fileFailure } from '../storage/files.js'
import { paths, readTrajectory, writeTrajectory } from './run-folder.js'
import { checkpointEpochs, readCheckpoint, removeCheckpoints, writeCheckpoint } from './checkpoints.js'
import { openDescent } from './descent.js'
import type { Run } from './run.js'
import { dataOf, releaseData } from '../estimators/on-backend.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'
import { lineOf } from '../estimators/trajectory.js'
import { rowWeights } from './row-weights.js'
import { keptEpochs, stageNetworks } from './stage-networks.js'

/** Every so many epochs a checkpoint is kept for good, for later comparison. */
const MILESTONE = 1000

/** How a run ended. */
export interface RunResult {
  readonly why: Ending | 'interrupted' | 'diverged'
  readonly state: State<NdArray>
  readonly best: State<NdArray>
  readonly trajectory: readonly TrajectoryLine[]
  /** Seconds of this session, loading left out. */
  readonly seconds: number
}

/** Who looks on: all of it may be left out. */
export interface RunObserver {
  /** Is shown every epoch; the run waits for what it promises. */
  readonly epoch?: (line: TrajectoryLine) => void | Promise<void>
  /** Is asked after every epoch whether the run is to end there. */
  readonly interrupted?: () => boolean
  /** Is told that training is over, however it went. */
  readonly ended?: () => void
  /** Is told how far the report is, which may take many seconds. */
  readonly reporting?: ((progress: Progress) => void) | undefined
}

/** How often a run is saved. */
export interface CheckpointPolicy {
  /** Seconds between two checkpoints. */
  readonly checkpointSeconds: number
}

/** A save: the epoch, and the best until then, without which nobody could go on from it. */
interface Save {
  readonly epoch: number
  readonly best: number
}

const saveOf = ({ clock: { epoch, progress } }: State<unknown>): Save => ({ epoch, best: progress.bestEpoch })

/**
 * Which checkpoints no longer serve: all but milestones, those of stages that are over, what a fork began with, and the last
 * two saves, so that one damaged file never hurts.
 */
const superseded = (
  epochs: readonly number[],
  saves: readonly Save[],
  ofStages: ReadonlySet<number>,
  inherited: number
): readonly number[] =>
  epochs.filter(
    epoch =>
      epoch % MILESTONE !== 0 &&
      epoch > inherited &&
      !ofStages.has(epoch) &&
      !saves.some(save => save.epoch === epoch || save.best === epoch)
  )

/** Why a run ends, if it does by what has happened. */
const reasonOf = (events: readonly Event[]): RunResult['why'] | undefined => {
  const event = events.find(e => e._tag === 'Stopped' || e._tag === 'Diverged')
  return event?._tag === 'Stopped' ? event.why : event && 'diverged'
}

const trainOn = async (get: Get, run: Run, observer: RunObserver, policy: CheckpointPolicy): Promise<RunResult> => {
  const { folder, engine, dataset } = run
  const b = engine.backend
  const writer = await get(writeTrajectory(folder, run.past))
  const data = dataOf(b, run.experiment.hyperparameters, dataset, rowWeights(run.experiment, dataset))
  const watchedMetrics = watchedMetricsOf(dataset, dataset.validation.truth)
  let best: State<Tensor> = restore(b, run.best)
  let saves: readonly Save[] = [saveOf(run.state)]
  let last: State<NdArray> = run.state
  const { hyperparameters, stages, forked } = run.experiment
  const inherited = forked?.[0]?.epoch ?? 0
  const schedule = stages.map(anyStage)
  const networks = await get(stageNetworks(folder, run.experiment, run.state.clock.epoch))
  const ofStages = new Set(keptEpochs(networks))
  const descent = await get(openDescent(run, networks))
  /** Writes a state down; `end` is its clock, if the state that came of training is not to be gone on with. */
  const save = async (state: State<Tensor>, isOver: boolean, end?: Clock): Promise<void> => {
    await get(TE.tryCatch(writer.flush, fileFailure(paths(folder).trajectory)))
    const save = saveOf(state)
    const bestIsSaved = save.best === save.epoch || saves.some(({ best: epoch }) => epoch === save.best)
    if (!bestIsSaved) await get(writeCheckpoint(folder, await snapshot(b, best), run.identity))
    last = { ...(await snapshot(b, state)), ...(end ? { clock: end } : {}) }
    await get(writeCheckpoint(folder, last, run.identity))
    saves = [...saves.slice(-1), save]
    if (isOver) [save.epoch, save.best].forEach(epoch => ofStages.add(epoch))
    const over = superseded(await get(checkpointEpochs(folder)), saves, ofStages, inherited)
    await get(removeCheckpoints(folder, over))
  }
  const start = performance.now()
  let tick = start
  let savedAt = start
  let why: RunResult['why'] = engine.ending(run.state.clock) ?? 'epochs' // of a finished run
  try {
    for await (const frame of train(engine, data, restore(b, run.state))) {
      const { state } = frame
      const end = reasonOf(frame.events)
      const now = performance.now()
      if (end !== 'diverged') {
        const metrics = frame.validation ? watchedMetrics(frame.validation.outputs) : {}
        const line = lineOf(frame, metrics, now - tick)
        writer.add(line)
        await observer.epoch?.(line)
        if (state.clock.progress.bestEpoch === state.clock.epoch) {
          b.release(tensors(best))
          best = frame.keep()
        }
      }
      tick = now
      // lets signals and other work in between two epochs
      await new Promise<void>(resolve => setImmediate(resolve))
      const isOver = end !== 'diverged' && stageOver(hyperparameters, schedule, state.clock)
      const found = isOver ? await descent?.(state.clock, best) : undefined
      const stop = found ? 'target' : (end ?? (observer.interrupted?.() ? 'interrupted' : undefined))
      const due = now - savedAt >= policy.checkpointSeconds * 1000 || state.clock.epoch % MILESTONE === 0
      if (stop !== undefined || isOver || due) {
        await save(state, isOver, found)
        savedAt = performance.now()
      }
      if (found) {
        b.release(tensors(best))
        best = restore(b, await get(readCheckpoint(folder, found.progress.bestEpoch)))
      }
      if (stop !== undefined) {
        why = stop
        break
      }
    }
    const seconds = (performance.now() - start) / 1000
    // read back: a long run's lines do not gather in memory
    const trajectory = await get(readTrajectory(folder, last.clock.epoch))
    return { why, state: last, best: await snapshot(b, best), trajectory, seconds }
  } finally {
    b.release(tensors(best))
    releaseData(b, data)
    await writer.close().catch(() => undefined)
  }
}

/** Trains a run to its end, or until the observer interrupts it, and keeps its lock. Whatever is written is whole. */
export const trainLocked = (
  run: Run,
  observer: RunObserver = {},
  policy: CheckpointPolicy = { checkpointSeconds: 5 }
): TE.TaskEither<Failure, RunResult> =>
  attempt(get => trainOn(get, run, observer, policy).finally(() => observer.ended?.()))

/** The same, after which the folder is free for others. */
export const trainRun = (
  run: Run,
  observer?: RunObserver,
  policy?: CheckpointPolicy
): TE.TaskEither<Failure, RunResult> =>
  attempt(get => get(trainLocked(run, observer, policy)).finally(() => run.lock?.release()))

/** The failure of a run whose loss is no longer finite. */
export const diverged = ({ hyperparameters: h }: Experiment, epoch: number): Failure =>
  failure(
    'diverged',
    `epoch ${epoch + 1}`,
    `the loss is no longer finite; the state of epoch ${epoch} is kept`,
    `Lower --learning-rate (now ${h.learningRate})${h.clipNorm === 0 ? ', or clip the gradient with --clip-norm 1' : ''}`
  )
