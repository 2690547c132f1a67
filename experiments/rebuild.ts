/**
 * Time travel: any epoch that a run has been through, from its checkpoint, or trained anew from the nearest one before it.
 * Nothing is written. What comes out is compared, epoch by epoch, with what the run wrote down of itself. Node only.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BackendName, Tensor } from '../backends/open.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Frame } from '../core/life/frame.js'
import { train } from '../core/life/train.js'
import type { State } from '../core/learning/state.js'
import { release, restore, snapshot } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'
import { dataOf, releaseData } from '../estimators/on-backend.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'
import { lineOf } from '../estimators/trajectory.js'
import { checkpointEpochs, readCheckpoint } from './checkpoints.js'
import { checkMoments, openEngine } from './engine.js'
import type { RunEnvironment } from './environment.js'
import type { Experiment } from './experiment.js'
import { rowWeights } from './row-weights.js'
import { paths, readConfig, readTrajectory } from './run-folder.js'
import { nameOf } from './run-name.js'
import { sameData } from './same-data.js'

/** Backends that give the same bits each time: an epoch of theirs can be trained once more. */
export const deterministicBackends: readonly BackendName[] = ['simd', 'wasm', 'reference']

/** A moment of a run. */
export interface Moment {
  readonly state: State<NdArray>
  /** The best state until then, where it came along. */
  readonly best?: State<NdArray>
  /** The epoch of the checkpoint from which it was rebuilt; left out of one that was read. */
  readonly from?: number
}

/** Epochs after `after` up to `upTo` that were trained under one number of epochs, on which a learning rate's course may depend. */
interface Stretch {
  readonly upTo: number
  readonly epochs: number
}

/** The stretches of a run up to an epoch; a run that was extended by an older sagp, which noted no moment, was over then. */
const stretchesOf = ({ hyperparameters, extended = [] }: Experiment, upTo: number): readonly Stretch[] => {
  const until = extended.map(({ at, from, to }) => ({ upTo: at ?? Math.min(from, to), epochs: from }))
  return [...until, { upTo, epochs: hyperparameters.epochs }]
}

/** What of an epoch must come out again: all that its line has, but the time that it took and the metrics made of its outputs. */
const traceOf = ({ epoch, living, open, synapses, births, deaths, losses }: TrajectoryLine): string =>
  JSON.stringify([epoch, living, open, synapses, births, deaths, losses.task, losses.auxiliary, losses.validation])

/** Trains from a state to an epoch, in memory; `seen` is shown each epoch, and may refuse. Gives the state, and the best where it came by. */
const replay = (
  experiment: Experiment,
  dataset: Dataset,
  start: State<NdArray>,
  epoch: number,
  environment: RunEnvironment,
  seen: (frame: Frame<Tensor>) => void
): TE.TaskEither<Failure, Pick<Moment, 'state' | 'best'>> =>
  attempt(async get => {
    let state = start
    let best: State<NdArray> | undefined
    for (const { upTo, epochs } of stretchesOf(experiment, epoch)) {
      const hyperparameters = { ...experiment.hyperparameters, epochs }
      const end = Math.min(upTo, epoch)
      if (state.clock.epoch >= end) continue
      const engine = await get(openEngine({ ...experiment, hyperparameters }, environment))
      settle(checkMoments(state, engine.optimiser, `epoch ${state.clock.epoch}`))
      const b = engine.backend
      const data = dataOf(b, hyperparameters, dataset, rowWeights(experiment, dataset))
      let kept: State<Tensor> | undefined
      try {
        for await (const frame of train(engine, data, restore(b, state))) {
          seen(frame)
          const { clock } = frame.state
          if (clock.progress.bestEpoch === clock.epoch) {
            if (kept) release(b, kept)
            kept = frame.keep()
          }
          // lets signals and other work in between two epochs
          await new Promise<void>(resolve => setImmediate(resolve))
          if (clock.epoch >= end || frame.events.some(({ _tag }) => _tag === 'Stopped' || _tag === 'Diverged')) {
            state = await snapshot(b, frame.state)
            break
          }
        }
        if (kept) best = await snapshot(b, kept)
      } finally {
        if (kept) release(b, kept)
        releaseData(b, data)
      }
    }
    return { state, ...(best?.clock.epoch === state.clock.progress.bestEpoch ? { best } : {}) }
  })

/** The newest intact checkpoint at or before an epoch. */
const nearest = (
  folder: string,
  epochs: readonly number[],
  epoch: number
): TE.TaskEither<Failure, State<NdArray> | undefined> =>
  attempt(async () => {
    for (const known of epochs.filter(e => e <= epoch).reverse()) {
      const read = await readCheckpoint(folder, known)()
      if (E.isRight(read)) return read.right
    }
    return undefined
  })

/**
 * The state of a run at an epoch: that of its checkpoint, or, where there is none, trained anew from the nearest one before it,
 * to the very bits. A moment that cannot be had is refused with the epochs that can: one that the run has not reached, one
 * before it was forked, one of a backend that does not give the same bits twice, or where the data are not to be had.
 */
export const stateAt = (
  folder: string,
  epoch: number,
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, Moment> =>
  attempt(async get => {
    const epochs = await get(checkpointEpochs(folder))
    const last = epochs.at(-1)
    if (last === undefined || epochs.includes(epoch)) return { state: await get(readCheckpoint(folder, epoch)) }
    const experiment = await get(readConfig(folder))
    const { backend, forked } = experiment
    const where = nameOf({ folder, epoch })
    const choose = `Choose one of ${epochs.join(', ')}`
    const refuse = (kind: Failure['kind'], what: string, cure: string = choose): never => {
      throw new FailureError(failure(kind, where, what, cure))
    }
    if (epoch > last) return refuse('usage', `the run has come to epoch ${last}, not further`, 'Choose one up to that')
    const parent = forked?.[0]
    if (parent && epoch < parent.epoch)
      return refuse(
        'usage',
        `the run was forked at epoch ${parent.epoch}: what came before is another's`,
        // of several forks in a row, the run whose own that epoch is
        `Name ${nameOf({ folder: (forked.find((_, i) => epoch >= (forked[i + 1]?.epoch ?? 0)) ?? parent).run, epoch })}`
      )
    if (!deterministicBackends.includes(backend))
      return refuse(
        'usage',
        `there is no checkpoint of that epoch, and ${backend} gives no bits twice to rebuild it by`
      )
    const start = await get(nearest(folder, epochs, epoch))
    if (start === undefined || start.clock.epoch < (parent?.epoch ?? 0))
      return refuse('file', 'no checkpoint before that epoch can be read', 'Choose a later epoch')
    const from = start.clock.epoch
    const asWell = (f: Failure): Failure => ({
      ...f,
      what: `${f.what} (epoch ${epoch} is rebuilt from them)`,
      cure: `${f.cure}; without them, c${choose.slice(1)}`
    })
    const { dataset } = await get(TE.mapLeft(asWell)(sameData(folder, experiment, environment)))
    const lines = new Map((await get(readTrajectory(folder, epoch))).map(line => [line.epoch, line]))
    const seen = (frame: Frame<Tensor>): void => {
      const made = lineOf(frame, {}, 0)
      const line = lines.get(made.epoch)
      if (line && traceOf(line) !== traceOf(made))
        refuse(
          'file',
          `epoch ${made.epoch} does not come out as ${paths(folder).trajectory} has it: another backend or another version of sagp trained it`
        )
      environment.onProgress?.({ what: `rebuilding ${where}`, done: made.epoch - from, total: epoch - from })
    }
    const made = await get(replay(experiment, dataset, start, epoch, environment, seen))
    if (made.state.clock.epoch < epoch) return refuse('file', `training ends at epoch ${made.state.clock.epoch}`)
    return { ...made, from }
  })
