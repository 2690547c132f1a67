/**
 * The beginning of a run where an earlier one may lie: made aside, whole, then swapped in. What lay there goes only when
 * settings, data card and first checkpoint of the new run are on the disk; whoever dies during the swap leaves a folder
 * `beginning`, and the next holder of the lock goes on with the swap. Node only.
 */
import * as TE from 'fp-ts/lib/TaskEither.js'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { fileFailure, syncFolder } from '../storage/files.js'
import { paths } from './run-folder.js'

/** Whether a file or a folder is there. */
export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  )

/** Whether a run was begun in a folder, but not yet swapped in. */
export const hasBeginning = (folder: string): Promise<boolean> => isThere(paths(folder).beginning)

/** Swaps in what was begun, if anything was. For the holder of the folder's lock. */
export const finishBeginning = (folder: string): TE.TaskEither<Failure, void> =>
  TE.tryCatch(async () => {
    const [from, to] = [paths(paths(folder).beginning), paths(folder)]
    if (!(await hasBeginning(folder))) return
    // data.json moves first: while it is there, whatever lies in the folder is the old run's
    for (const old of [to.summary, to.report, ...((await isThere(from.data)) ? [to.input, to.trajectory] : [])])
      await rm(old, { force: true })
    if (await isThere(from.checkpoints)) await rm(to.checkpoints, { force: true, recursive: true })
    for (const part of ['data', 'input', 'trajectory', 'checkpoints', 'config'] as const)
      if (await isThere(from[part])) await rename(from[part], to[part])
    await syncFolder(folder)
    await rm(paths(folder).beginning, { recursive: true })
  }, fileFailure(folder))

/** Begins a run in a folder: `write` writes settings, data card and first checkpoint into the folder that it is given. */
export const beginAside = (
  folder: string,
  write: (aside: string) => TE.TaskEither<Failure, void>
): TE.TaskEither<Failure, void> =>
  attempt(async get => {
    const { beginning } = paths(folder)
    const aside = `${beginning}.part`
    const here = <A>(work: () => Promise<A>): Promise<A> => get(TE.tryCatch(work, fileFailure(folder)))
    await here(() => rm(aside, { force: true, recursive: true }))
    await here(() => mkdir(join(paths(aside).checkpoints), { recursive: true }))
    await get(write(aside))
    await here(() => rename(aside, beginning))
    await here(() => syncFolder(folder))
    await get(finishBeginning(folder))
  })
