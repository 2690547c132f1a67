/** A run's folder: what lies where, and how it is read and written. Node only. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { attempt, settle } from '../codecs/attempt.js'
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

/** JSON for people: two spaces, a last line break. */
export const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

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
export const readTrajectory = (folder: string, upTo: number): TE.TaskEither<Failure, readonly TrajectoryLine[]> =>
  attempt(async get => {
    const path = paths(folder).trajectory
    const refuse = (place: string, what: string): never => {
      throw new FailureError(failure('file', place, what, 'Train again'))
    }
    const text = upTo === 0 ? '' : await get(readText(path)) // before the first epoch there is no such file
    const lines: TrajectoryLine[] = []
    for (const raw of text.split('\n').slice(0, upTo)) {
      const epoch = lines.length + 1
      const place = `${path}, line ${epoch}`
      if (raw === '') return refuse(path, `it ends at epoch ${epoch - 1}, before the checkpoint of epoch ${upTo}`)
      const line = settle(parse(TrajectoryCodec, place)(raw))
      if (line.epoch !== epoch) return refuse(place, `epoch ${line.epoch} stands where ${epoch} should`)
      lines.push(line)
    }
    return lines
  })

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

/** Makes a run's folder without anything of an earlier run. */
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
