/** Opening a planned run where its folder may hold something already. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { RunEnvironment } from './environment.js'
import { newestIntact } from './checkpoints.js'
import { folderStatus } from './folder-status.js'
import type { Plan } from './plan.js'
import type { Run } from './run.js'
import { begin, reopen } from './run.js'

/**
 * Begins a planned run, or goes on with it where the folder holds it unfinished. Whatever else the folder holds is refused:
 * files that are no run always, another run, or one whose checkpoints cannot be read, unless `fresh` starts over.
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
    const status = await get(folderStatus(folder, plan.experiment))
    if (status === 'no run') return refuse('it holds files that are no run', 'Name a new or an empty folder')
    if (status === 'another run' && !fresh)
      return refuse('it holds another run', 'Name another folder, or replace it with --fresh')
    if (status === 'unreadable' && !fresh) {
      const unreadable = await newestIntact(folder)()
      if (E.isLeft(unreadable))
        throw new FailureError({ ...unreadable.left, cure: `${unreadable.left.cure} (--fresh starts over)` })
    }
    if (status !== 'unfinished' || fresh) return get(begin(plan, folder, environment))
    const run = await get(reopen(folder, environment))
    const found = `${folder} holds the same run, unfinished: going on (--fresh starts over)`
    return { ...run, remarks: [found, ...run.remarks] }
  })
