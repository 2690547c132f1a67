/** What a folder holds before a run is written there: nothing of anybody's is ever overwritten unasked. Node only. */
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { FailureError } from '../core/port/failure.js'
import { fileFailure } from '../storage/files.js'
import { endOf } from './named.js'
import type { Experiment } from './experiment.js'
import { begunAs } from './experiment.js'
import { isLeftover, paths, readConfig } from './run-folder.js'
import { checkpointEpochs, newestIntact } from './checkpoints.js'

/**
 * The same run unfinished, finished, or with none of its checkpoints readable; another run; files that are no run; or nothing
 * that anybody could go on with.
 */
export type FolderStatus = 'unfinished' | 'finished' | 'unreadable' | 'another run' | 'no run' | 'empty'

/** Names of what lies in a folder; none if there is no such folder. */
export const namesIn = (folder: string): TE.TaskEither<Failure, readonly string[]> =>
  TE.tryCatch(
    () =>
      readdir(folder).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
        throw error
      }),
    fileFailure(folder)
  )

/** What a run that crashed before its first epoch leaves behind, and what sagp itself keeps there while it works. */
const ownNames = (folder: string): readonly string[] => {
  const { lock, beginning, checkpoints } = paths(folder)
  return [lock, beginning, checkpoints].map(path => basename(path))
}

/** What a folder holds, seen by an experiment. */
export const folderStatus = (folder: string, experiment: Experiment): TE.TaskEither<Failure, FolderStatus> =>
  attempt(async get => {
    const inside = await get(namesIn(folder))
    if (!inside.includes(basename(paths(folder).config))) {
      const foreign = inside.some(name => !isLeftover(name) && !ownNames(folder).includes(name))
      const saved = inside.includes('checkpoints') ? await get(namesIn(paths(folder).checkpoints)) : []
      return foreign || saved.some(name => !isLeftover(name)) ? 'no run' : 'empty'
    }
    const config = await readConfig(folder)()
    if (E.isLeft(config)) {
      if (config.left.kind === 'file') throw new FailureError(config.left)
      return 'no run'
    }
    if (JSON.stringify(begunAs(config.right)) !== JSON.stringify(experiment)) return 'another run'
    const newest = await newestIntact(folder)()
    if (E.isLeft(newest)) return (await get(checkpointEpochs(folder))).length > 0 ? 'unreadable' : 'empty'
    return endOf(config.right, newest.right.found.clock) !== undefined ? 'finished' : 'unfinished'
  })
