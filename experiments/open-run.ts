/** Opening a planned run where its folder may hold something already. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Get } from '../codecs/attempt.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { RunEnvironment } from './environment.js'
import { newestIntact } from './checkpoints.js'
import type { FolderStatus } from './folder-status.js'
import { folderStatus } from './folder-status.js'
import type { Plan } from './plan.js'
import type { Run } from './run.js'
import { beginLocked, readRun, underLock } from './run.js'

/**
 * Begins a planned run, or goes on with it where the folder holds it; a finished one is opened as it ended. Whatever else the
 * folder holds is refused: files that are no run always, another run, or one whose checkpoints cannot be read, unless `fresh`
 * starts over.
 */
export const openRun = (
  plan: Plan,
  folder: string,
  environment: RunEnvironment = {},
  fresh: boolean = false
): TE.TaskEither<Failure, Run> =>
  attempt(async get => {
    const refuse = (what: string, cure: string): never => {
      throw new FailureError(failure('usage', `--out ${folder}`, what, cure))
    }
    const status = async (): Promise<FolderStatus> => {
      const found = await get(folderStatus(folder, plan.experiment))
      return found === 'no run' ? refuse('it holds files that are no run', 'Name a new or an empty folder') : found
    }
    const steps = async (get: Get): Promise<Run> => {
      const found = await status()
      if (found === 'another run' && !fresh)
        return refuse('it holds another run', 'Name another folder, or replace it with --fresh')
      if (found === 'unreadable' && !fresh) {
        const unreadable = await newestIntact(folder)()
        if (E.isLeft(unreadable))
          throw new FailureError({ ...unreadable.left, cure: `${unreadable.left.cure} (--fresh starts over)` })
      }
      if (fresh || (found !== 'unfinished' && found !== 'finished')) return beginLocked(get, plan, folder, environment)
      const run = await get(readRun(folder, environment))
      const what = found === 'finished' ? 'finished: there is nothing left to train' : 'unfinished: going on'
      return { ...run, remarks: [`${folder} holds the same run, ${what} (--fresh starts over)`, ...run.remarks] }
    }
    await status() // no lock among files that are no run
    return get(underLock(folder, steps))
  })
