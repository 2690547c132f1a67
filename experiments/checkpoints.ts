/** The checkpoints of a run: which there are, and how they are written, read and removed. Node only. */
import type { Dirent } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { attempt, settle } from '../codecs/attempt.js'
import { clockIn, decodeCheckpoint, encodeCheckpoint } from '../codecs/checkpoint.js'
import { perceptronCodec } from '../codecs/model-codec.js'
import type { Clock, State } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { fileFailure, readPlain, readWhole, writeWhole } from '../storage/files.js'
import { paths, readSettings } from './run-folder.js'
import { stateFault } from './soundness.js'

/** Where the checkpoint of an epoch lies. */
export const checkpointPath = (folder: string, epoch: number): string =>
  join(paths(folder).checkpoints, `${String(epoch).padStart(6, '0')}.sagp`)

const noneYet = (error: unknown): Dirent[] => {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
  throw error
}

/** Epochs of which there is a checkpoint, ascending. */
export const checkpointEpochs = (folder: string): TE.TaskEither<Failure, readonly number[]> =>
  TE.tryCatch(
    async () =>
      (await readdir(paths(folder).checkpoints, { withFileTypes: true }).catch(noneYet))
        .flatMap(entry => (entry.isDirectory() ? [] : (/^(\d{6,10})\.sagp$/.exec(entry.name)?.[1] ?? [])))
        .map(Number)
        .sort((a, b) => a - b),
    fileFailure(paths(folder).checkpoints)
  )

/** The first line of a file. */
const firstLine = (path: string): TE.TaskEither<Failure, Uint8Array> =>
  readPlain(path, async ({ head }) => {
    for (let size = 2 ** 16; ; size *= 8) {
      const bytes = await head(size)
      if (bytes.length < size || bytes.includes(10) || size >= 2 ** 25) return E.right(bytes)
    }
  })

/** The clock of an epoch's checkpoint, which stands at its head; whatever else it holds is not looked at. */
export const clockAt = (folder: string, epoch: number): TE.TaskEither<Failure, Clock> =>
  attempt(async get => {
    const path = checkpointPath(folder, epoch)
    return settle(clockIn(await get(firstLine(path)), path))
  })

/** Writes the checkpoint of a state of the run of that identity. */
export const writeCheckpoint = (
  folder: string,
  state: State<NdArray>,
  identity: string
): TE.TaskEither<Failure, void> =>
  pipe(
    TE.fromTask(() => encodeCheckpoint(perceptronCodec, state, identity)),
    TE.chain(bytes => writeWhole(checkpointPath(folder, state.clock.epoch), bytes))
  )

/** Reads the checkpoint of an epoch, which must be one of this run, and sound. */
export const readCheckpoint = (folder: string, epoch: number): TE.TaskEither<Failure, State<NdArray>> =>
  attempt(async get => {
    const path = checkpointPath(folder, epoch)
    const epochs = await get(checkpointEpochs(folder))
    if (!epochs.includes(epoch)) {
      const cure = epochs.length === 0 ? 'Train again' : `Choose one of ${epochs.join(', ')}`
      throw new FailureError(failure('usage', `${folder}@${epoch}`, 'there is no checkpoint of that epoch', cure))
    }
    const { experiment, identity } = await get(readSettings(folder))
    const runs = [identity, ...(experiment.extended ?? []).map(({ was }) => was)]
    const state = settle(await decodeCheckpoint(perceptronCodec, await get(readWhole(path)), path, runs))
    const fault = state.clock.epoch === epoch ? stateFault(state, experiment) : `it holds epoch ${state.clock.epoch}`
    if (fault === undefined) return state
    throw new FailureError(failure('file', path, fault, 'Remove it: it is none of this run'))
  })

/** Removes the checkpoints of some epochs; those already gone are as good as removed. */
export const removeCheckpoints = (folder: string, epochs: readonly number[]): TE.TaskEither<Failure, void> =>
  TE.tryCatch(
    async () => {
      for (const epoch of epochs) await rm(checkpointPath(folder, epoch), { force: true })
    },
    fileFailure(paths(folder).checkpoints)
  )

/** What was read of the newest intact checkpoint, with what was wrong with newer ones. */
export interface Intact<A> {
  readonly found: A
  readonly damaged: readonly Failure[]
}

/** Times that checkpoints may change under a reader before it gives up. */
const MOST_CHANGES = 100

/** What `read` makes of the newest epoch for which it succeeds; if a training changes the checkpoints meanwhile, of the newest then. */
const newestOf = <A>(
  folder: string,
  read: (epoch: number) => TE.TaskEither<Failure, A>,
  changes: number = 0
): TE.TaskEither<Failure, Intact<A>> =>
  attempt(async get => {
    const epochs = await get(checkpointEpochs(folder))
    const damaged: Failure[] = []
    for (const epoch of [...epochs].reverse()) {
      const found = await read(epoch)()
      if (E.isRight(found)) return { found: found.right, damaged }
      damaged.push(found.left)
      const changed = (await get(checkpointEpochs(folder))).join() !== epochs.join()
      if (changed && changes < MOST_CHANGES) return get(newestOf(folder, read, changes + 1))
    }
    const none = failure('file', paths(folder).checkpoints, 'the run has no checkpoint', 'Train again')
    throw new FailureError(damaged[0] ?? none)
  })

/** The newest intact state of a run. */
export const newestIntact = (folder: string): TE.TaskEither<Failure, Intact<State<NdArray>>> =>
  newestOf(folder, epoch => readCheckpoint(folder, epoch))

/** A state to go on from, and the state of the lowest monitored loss until then. */
export interface Resumable {
  readonly state: State<NdArray>
  readonly best: State<NdArray>
}

/** The newest intact state of a run whose best state is intact too. */
export const newestResumable = (folder: string): TE.TaskEither<Failure, Intact<Resumable>> =>
  newestOf(folder, epoch =>
    attempt(async get => {
      const state = await get(readCheckpoint(folder, epoch))
      const { bestEpoch } = state.clock.progress
      return { state, best: bestEpoch === epoch ? state : await get(readCheckpoint(folder, bestEpoch)) }
    })
  )
