/** Runs by path or by name: `digits-swift-s1-0a1b2c3d`, `runs/...`, `RUN@1200`. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { nearest } from '../codecs/nearest.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { runFoldersUnder } from '../experiments/list-runs.js'

/** A run's folder, and the epoch that was asked for, if any. */
export interface RunName {
  readonly folder: string
  readonly epoch?: number
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    s => s.isDirectory(),
    () => false
  )

/** Folders of the runs under a folder; if none is named, of those in `runs` and right here. */
export const runFolders = async (folder?: string): Promise<readonly string[]> => {
  if (folder !== undefined) return runFoldersUnder(folder)
  return [...new Set([...(await runFoldersUnder('runs')), ...(await runFoldersUnder('.', 1))])]
}

/** Finds a run. */
export const findRun =
  (argument: string): TE.TaskEither<Failure, RunName> =>
  async () => {
    const [, name = argument, epoch] = /^(.*?)(?:@(\d+))?$/.exec(argument) ?? []
    for (const folder of [name, join('runs', name)]) {
      if (await isFolder(folder)) return E.right(epoch === undefined ? { folder } : { folder, epoch: Number(epoch) })
    }
    const known = (await runFolders()).map(run => run.replace(/^runs[\\/]/, ''))
    const near = nearest(name.replace(/^runs[\\/]/, ''), known)
    return E.left(
      failure(
        'usage',
        `run ${name}`,
        'no such folder, here or in runs',
        near === undefined ? 'See sagp runs' : `Did you mean ${near}`
      )
    )
  }
