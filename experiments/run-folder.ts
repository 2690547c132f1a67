/** A run's folder: what lies where, and how it is read and written. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { access, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { attempt, settle } from '../codecs/attempt.js'
import { canonicalJson, sha256, utf8 } from '../codecs/bytes.js'
import { parse } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { Experiment } from './experiment.js'
import { ExperimentCodec } from './experiment.js'
import { fileFailure, readText, writeWhole } from '../storage/files.js'
import type { DataCard } from '../estimators/data-card.js'
import { DataCardCodec } from '../estimators/data-card.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'
import { TrajectoryCodec } from '../estimators/trajectory-codec.js'

/** Paths inside a run's folder. */
export interface Paths {
  readonly config: string
  readonly data: string
  readonly trajectory: string
  readonly checkpoints: string
  readonly summary: string
  readonly report: string
  /** Where what is exported lies, if nobody names another place. */
  readonly exports: string
  /** An imported network: a folder that has it has nothing else. */
  readonly network: string
  /** What the stages have come to, and the picture of it. */
  readonly path: string
  readonly pathPicture: string
  /** What came by standard input, if the data did. */
  readonly input: string
  /** Of whoever trains the run. */
  readonly lock: string
  /** A run that is to replace what lies there. */
  readonly beginning: string
}

/** Where everything lies in a run's folder. */
export const paths = (folder: string): Paths => ({
  config: join(folder, 'config.json'),
  data: join(folder, 'data.json'),
  trajectory: join(folder, 'trajectory.jsonl'),
  checkpoints: join(folder, 'checkpoints'),
  summary: join(folder, 'summary.json'),
  report: join(folder, 'report.html'),
  exports: join(folder, 'exports'),
  network: join(folder, 'network.json'),
  path: join(folder, 'path.json'),
  pathPicture: join(folder, 'path.svg'),
  input: join(folder, 'input'),
  lock: join(folder, 'lock'),
  beginning: join(folder, 'beginning')
})

/** Whether a file's name is that of something never finished: a write, a beginning, a lock being taken over. */
export const isLeftover = (name: string): boolean =>
  /\.[0-9a-f]{12}\.part$|^beginning\.part$|^lock(\.[0-9a-f]{12})+$/.test(name)

/** JSON for people: two spaces, a last line break. */
export const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** A run's settings with what they are known by. */
export interface Settings {
  readonly experiment: Experiment
  /** The first half of a SHA-256 of config.json: new checkpoints carry it. */
  readonly identity: string
}

/** Why a folder has no settings, if it has none: it is no run's, or that of an imported network. */
const noRun = async (folder: string, fault: Failure): Promise<Failure> => {
  if (fault.what !== 'no such file or folder') return fault
  const imported = await access(paths(folder).network).then(
    () => true,
    () => false
  )
  if (!imported) return { ...fault, cure: `${folder} is not a run's folder; see sagp runs` }
  const what = 'it is an imported network, without the masks, moments and data of a run'
  return failure('usage', folder, what, 'Predict, evaluate, inspect, card and export take it; all else needs a run')
}

/** The settings of a run, with their identity. */
export const readSettings = (folder: string): TE.TaskEither<Failure, Settings> =>
  attempt(async () => {
    const { config } = paths(folder)
    const read = await readText(config)()
    if (E.isLeft(read)) throw new FailureError(await noRun(folder, read.left))
    const text = read.right
    const experiment = settle(parse(ExperimentCodec, config)(text))
    const identity = (await sha256(utf8(canonicalJson(JSON.parse(text))))).slice(0, 32)
    return { experiment, identity }
  })

/** The settings of a run. */
export const readConfig = (folder: string): TE.TaskEither<Failure, Experiment> =>
  TE.map(({ experiment }: Settings) => experiment)(readSettings(folder))

/** What a run knows of its data. */
export const readCard = (folder: string): TE.TaskEither<Failure, DataCard> =>
  pipe(readText(paths(folder).data), TE.chainEitherK(parse(DataCardCodec, paths(folder).data)))

/**
 * The trajectory up to an epoch, as far as it can be read: it tells of a run, but nothing hangs on it. Damaged lines and
 * lines beyond that epoch are left out; of two lines of an epoch the later one counts.
 */
export const readTrajectory = (folder: string, upTo: number): TE.TaskEither<Failure, readonly TrajectoryLine[]> =>
  attempt(async get => {
    const path = paths(folder).trajectory
    const none = (f: Failure): TE.TaskEither<Failure, string> =>
      f.what === 'no such file or folder' ? TE.right('') : TE.left(f)
    const found = new Map<number, TrajectoryLine>()
    for (const raw of (await get(TE.orElse(none)(readText(path)))).split('\n')) {
      const line = parse(TrajectoryCodec, path)(raw)
      if (E.isRight(line) && line.right.epoch <= upTo) found.set(line.right.epoch, line.right)
    }
    return [...found.values()].sort((a, b) => a.epoch - b.epoch)
  })

/** What is missing of a trajectory up to an epoch, in words, if anything is. */
export const trajectoryGap = (folder: string, lines: readonly TrajectoryLine[], upTo: number): readonly string[] => {
  if (lines.length === upTo) return []
  const first = lines.findIndex(({ epoch }, i) => epoch !== i + 1)
  const missing = `${upTo - lines.length} of ${upTo} epochs are missing or damaged, the first of them ${first < 0 ? lines.length + 1 : first + 1}`
  return [`${paths(folder).trajectory}: ${missing}; the network is not touched by that, but curves lack them`]
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
  attempt(async get => {
    const path = paths(folder).trajectory
    const textOf = (line: TrajectoryLine): string => `${JSON.stringify(line)}\n`
    await get(writeWhole(path, past.map(textOf).join('')))
    const handle = await get(TE.tryCatch(() => open(path, 'a'), fileFailure(path)))
    let pending: string[] = []
    const flush = async (): Promise<void> => {
      if (pending.length === 0) return
      const text = pending.join('')
      pending = []
      await handle.writeFile(text)
      await handle.datasync()
    }
    return {
      add: line => void pending.push(textOf(line)),
      flush,
      close: () => flush().finally(() => handle.close())
    }
  })

/** Removes what crashed writes and takers of the lock left behind. For the holder of the lock. */
export const sweep = (folder: string): TE.TaskEither<Failure, void> =>
  TE.tryCatch(async () => {
    for (const place of [folder, paths(folder).checkpoints]) {
      const names = await readdir(place).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
        throw error
      })
      for (const name of names)
        if (isLeftover(name)) await rm(join(place, name), { force: true, recursive: name === 'beginning.part' })
    }
  }, fileFailure(folder))
