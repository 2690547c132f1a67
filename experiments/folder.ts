/** A run's folder: what lies where, and how it is read and written. Node only. */
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { decodeCheckpoint, encodeCheckpoint } from '../codecs/checkpoint.js'
import { parse } from '../codecs/strict.js'
import type { Failure } from '../core/failure.js'
import { failure } from '../core/failure.js'
import type { NdArray } from '../core/ndarray.js'
import type { State } from '../core/state.js'
import type { Experiment } from './experiment.js'
import { ExperimentCodec } from './experiment.js'
import { fileFailure, readText, readWhole, writeWhole } from './files.js'
import type { DataCard } from './model.js'
import { DataCardCodec } from './model.js'
import type { TrajectoryLine } from './trajectory.js'
import { TrajectoryCodec } from './trajectory.js'

/** Paths inside a run's folder. */
export interface Paths {
  readonly config: string
  readonly data: string
  readonly trajectory: string
  readonly checkpoints: string
  readonly summary: string
  readonly report: string
}

/** Where everything lies in a run's folder. */
export const paths = (folder: string): Paths => ({
  config: join(folder, 'config.json'),
  data: join(folder, 'data.json'),
  trajectory: join(folder, 'trajectory.jsonl'),
  checkpoints: join(folder, 'checkpoints'),
  summary: join(folder, 'summary.json'),
  report: join(folder, 'report.html')
})

const checkpointPath = (folder: string, epoch: number): string =>
  join(paths(folder).checkpoints, `${String(epoch).padStart(6, '0')}.sagp`)

/** JSON for people: two spaces, a last line break. */
export const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Epochs of which there is a checkpoint, ascending. */
export const checkpointEpochs = (folder: string): TE.TaskEither<Failure, readonly number[]> =>
  TE.tryCatch(
    async () =>
      (await readdir(paths(folder).checkpoints))
        .flatMap(name => /^(\d{1,10})\.sagp$/.exec(name)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => a - b),
    fileFailure(paths(folder).checkpoints)
  )

/** Writes the checkpoint of a state. */
export const writeCheckpoint = (folder: string, state: State<NdArray>): TE.TaskEither<Failure, void> =>
  pipe(
    TE.fromTask(() => encodeCheckpoint(state)),
    TE.chain(bytes => writeWhole(checkpointPath(folder, state.epoch), bytes))
  )

/** Reads the checkpoint of an epoch. */
export const readCheckpoint = (folder: string, epoch: number): TE.TaskEither<Failure, State<NdArray>> => {
  const path = checkpointPath(folder, epoch)
  return pipe(
    checkpointEpochs(folder),
    TE.chainEitherK(epochs =>
      epochs.includes(epoch)
        ? E.right(path)
        : E.left(
            failure(
              'usage',
              `${folder}@${epoch}`,
              'there is no checkpoint of that epoch',
              `Choose one of ${epochs.join(', ')}`
            )
          )
    ),
    TE.chain(found => readWhole(found)),
    TE.chain(bytes => () => decodeCheckpoint(bytes, path)),
    TE.chainEitherK(state =>
      state.epoch === epoch
        ? E.right(state)
        : E.left(failure('file', path, `it holds epoch ${state.epoch}`, 'Rename it'))
    )
  )
}

/** Removes the checkpoints of some epochs; those already gone are as good as removed. */
export const removeCheckpoints = (folder: string, epochs: readonly number[]): TE.TaskEither<Failure, void> =>
  TE.tryCatch(
    async () => {
      for (const epoch of epochs) await rm(checkpointPath(folder, epoch), { force: true })
    },
    fileFailure(paths(folder).checkpoints)
  )

/** A sound checkpoint, with what was wrong with newer ones. */
export interface Sound<A> {
  readonly found: A
  readonly damaged: readonly Failure[]
}

/** What `read` makes of the newest epoch for which it succeeds. */
const newestOf = <A>(
  folder: string,
  read: (epoch: number) => TE.TaskEither<Failure, A>
): TE.TaskEither<Failure, Sound<A>> =>
  pipe(
    checkpointEpochs(folder),
    TE.chain(epochs => async () => {
      const damaged: Failure[] = []
      for (const epoch of [...epochs].reverse()) {
        const made = await read(epoch)()
        if (E.isRight(made)) return E.right({ found: made.right, damaged })
        damaged.push(made.left)
      }
      const [first] = damaged
      return E.left(first ?? failure('file', paths(folder).checkpoints, 'the run has no checkpoint', 'Train again'))
    })
  )

/** The newest sound state of a run. */
export const newestSound = (folder: string): TE.TaskEither<Failure, Sound<State<NdArray>>> =>
  newestOf(folder, epoch => readCheckpoint(folder, epoch))

/** A state to go on from, and the state of the lowest monitored loss until then. */
export interface Resumable {
  readonly state: State<NdArray>
  readonly best: State<NdArray>
}

/** The newest sound state of a run whose best state is sound too. */
export const newestResumable = (folder: string): TE.TaskEither<Failure, Sound<Resumable>> =>
  newestOf(folder, epoch =>
    pipe(
      readCheckpoint(folder, epoch),
      TE.bindTo('state'),
      TE.bind('best', ({ state }) => {
        const { bestEpoch } = state.progress
        return bestEpoch === epoch ? TE.right(state) : readCheckpoint(folder, bestEpoch)
      })
    )
  )

/** The settings of a run. */
export const readConfig = (folder: string): TE.TaskEither<Failure, Experiment> =>
  pipe(
    readText(paths(folder).config),
    TE.mapLeft(f => ({ ...f, cure: `${folder} is not a run's folder; see sagp runs` })),
    TE.chainEitherK(parse(ExperimentCodec, paths(folder).config))
  )

/** What a run knows of its data. */
export const readCard = (folder: string): TE.TaskEither<Failure, DataCard> =>
  pipe(readText(paths(folder).data), TE.chainEitherK(parse(DataCardCodec, paths(folder).data)))

/**
 * The trajectory up to an epoch. Lines beyond it are ignored, torn ones among them; a damaged or missing line before it
 * is a failure.
 */
export const readTrajectory = (folder: string, upTo: number): TE.TaskEither<Failure, readonly TrajectoryLine[]> => {
  const path = paths(folder).trajectory
  const wrong = (place: string, what: string): Failure => failure('file', place, what, 'Train again')
  return pipe(
    upTo === 0 ? TE.right('') : readText(path), // before the first epoch there is no such file
    TE.chainEitherK((text): E.Either<Failure, readonly TrajectoryLine[]> => {
      const lines: TrajectoryLine[] = []
      for (const raw of text.split('\n').slice(0, upTo)) {
        const epoch = lines.length + 1
        if (raw === '')
          return E.left(wrong(path, `it ends at epoch ${epoch - 1}, before the checkpoint of epoch ${upTo}`))
        const line = parse(TrajectoryCodec, `${path}, line ${epoch}`)(raw)
        if (E.isLeft(line)) return line
        if (line.right.epoch !== epoch) {
          return E.left(wrong(`${path}, line ${epoch}`, `epoch ${line.right.epoch} stands where ${epoch} should`))
        }
        lines.push(line.right)
      }
      return E.right(lines)
    })
  )
}

/** A trajectory being written: lines gather in memory until `flush` has them on the disk. */
export interface TrajectoryWriter {
  readonly add: (line: TrajectoryLine) => void
  readonly flush: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens the trajectory for writing after the given lines, which replace what was there. */
export const writeTrajectory = (
  folder: string,
  past: readonly TrajectoryLine[]
): TE.TaskEither<Failure, TrajectoryWriter> =>
  pipe(
    writeWhole(paths(folder).trajectory, past.map(line => `${JSON.stringify(line)}\n`).join('')),
    TE.chain(() =>
      TE.tryCatch(
        async (): Promise<TrajectoryWriter> => {
          const handle = await open(paths(folder).trajectory, 'a')
          let pending: string[] = []
          const flush = async (): Promise<void> => {
            if (pending.length === 0) return
            const text = pending.join('')
            pending = []
            await handle.writeFile(text)
            await handle.datasync()
          }
          return {
            add: line => void pending.push(`${JSON.stringify(line)}\n`),
            flush,
            close: () => flush().finally(() => handle.close())
          }
        },
        fileFailure(paths(folder).trajectory)
      )
    )
  )

/** Makes a run's folder without anything of an earlier life. */
export const freshFolder = (folder: string): TE.TaskEither<Failure, void> =>
  TE.tryCatch(async () => {
    await mkdir(folder, { recursive: true })
    const { config, ...rest } = paths(folder)
    for (const path of Object.values(rest)) await rm(path, { force: true, recursive: true })
    await mkdir(paths(folder).checkpoints, { recursive: true })
  }, fileFailure(folder))

/** Removes what crashed writes left behind. */
export const sweep = (folder: string): TE.TaskEither<Failure, void> =>
  TE.tryCatch(async () => {
    for (const place of [folder, paths(folder).checkpoints]) {
      for (const name of await readdir(place)) {
        if (/\.[0-9a-f]{12}\.part$/.test(name)) await rm(join(place, name), { force: true })
      }
    }
  }, fileFailure(folder))
