/** What a folder holds before a run is written there: nothing of anybody's is ever overwritten unasked. Node only. */
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import { stopping } from '../core/life/progress.js'
import type { Experiment } from './experiment.js'
import { paths, readConfig } from './run-folder.js'
import { checkpointEpochs, newestIntact } from './checkpoints.js'

/**
 * The same run unfinished, finished, or with none of its checkpoints readable; another run; files that are no run; or nothing
 * that anybody could go on with.
 */
export type FolderStatus = 'unfinished' | 'finished' | 'unreadable' | 'another run' | 'no run' | 'empty'

const names = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => [])

/** What a run that crashed before its first epoch leaves behind: an empty folder of checkpoints, files not yet renamed. */
const leftover = async (folder: string, name: string): Promise<boolean> =>
  name.endsWith('.part') ||
  (name === basename(paths(folder).checkpoints) && (await names(paths(folder).checkpoints)).length === 0)

/** What a folder holds, seen by an experiment. */
export const folderStatus =
  (folder: string, experiment: Experiment): TE.TaskEither<Failure, FolderStatus> =>
  async () => {
    const inside = await names(folder)
    if (!inside.includes(basename(paths(folder).config))) {
      const leftovers = await Promise.all(inside.map(name => leftover(folder, name)))
      return E.right(leftovers.every(Boolean) ? 'empty' : 'no run')
    }
    const config = await readConfig(folder)()
    if (E.isLeft(config)) return E.right('no run')
    if (JSON.stringify(config.right) !== JSON.stringify(experiment)) return E.right('another run')
    const newest = await newestIntact(folder)()
    if (E.isLeft(newest)) {
      const epochs = await checkpointEpochs(folder)()
      return E.right(E.isRight(epochs) && epochs.right.length > 0 ? 'unreadable' : 'empty')
    }
    const ended = stopping(experiment.hyperparameters, newest.right.found.clock).length > 0
    return E.right(ended ? 'finished' : 'unfinished')
  }
