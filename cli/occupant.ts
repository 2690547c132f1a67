/** Who lives in a folder already: nothing of anybody's is ever overwritten unasked. */
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import { stopping } from '../core/life/progress.js'
import type { Experiment } from '../experiments/experiment.js'
import { paths, readConfig } from '../experiments/run-folder.js'
import { newestSound } from '../experiments/checkpoints.js'

/** The same experiment unfinished or done, another run, files that are no run, or nobody. */
export type Occupant = 'same' | 'done' | 'other' | 'foreign' | 'none'

const names = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => [])

/** What a run that died at birth leaves behind: an empty folder of checkpoints, files not yet renamed. */
const leftover = async (folder: string, name: string): Promise<boolean> =>
  name.endsWith('.part') ||
  (name === basename(paths(folder).checkpoints) && (await names(paths(folder).checkpoints)).length === 0)

/** Who lives in `folder`, seen by an experiment that wants to move in. */
export const occupant =
  (folder: string, experiment: Experiment): TE.TaskEither<Failure, Occupant> =>
  async () => {
    const inside = await names(folder)
    if (!inside.includes(basename(paths(folder).config))) {
      const empty = await Promise.all(inside.map(name => leftover(folder, name)))
      return E.right(empty.every(Boolean) ? 'none' : 'foreign')
    }
    const config = await readConfig(folder)()
    if (E.isLeft(config)) return E.right('foreign')
    if (JSON.stringify(config.right) !== JSON.stringify(experiment)) return E.right('other')
    const newest = await newestSound(folder)()
    if (E.isLeft(newest)) return E.right('none')
    return E.right(stopping(experiment.hyperparameters, newest.right.found.clock).length > 0 ? 'done' : 'same')
  }
