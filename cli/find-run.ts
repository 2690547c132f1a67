/** Runs by path or by name: `digits-swift-s1-0a1b2c3d`, `runs/...`, `RUN@1200`. */
import { access } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { nearest } from '../codecs/nearest.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { runFoldersUnder } from '../experiments/list-runs.js'
import { paths } from '../experiments/run-folder.js'
import type { RunName } from '../experiments/run-name.js'
import { isFolder, meaningsOf } from '../experiments/run-name.js'

/** Whether a folder is that of a run, by its settings. */
const hasConfig = (folder: string): Promise<boolean> =>
  access(paths(folder).config).then(
    () => true,
    () => false
  )

/** Folders of the runs under a folder; if none is named, of those in `runs` and right here. */
export const runFolders = async (folder?: string): Promise<readonly string[]> => {
  if (folder !== undefined) return runFoldersUnder(folder)
  return [...new Set([...(await runFoldersUnder('runs')), ...(await runFoldersUnder('.', 1))])]
}

/** The runs of that name that lie elsewhere below this folder. */
const elsewhere = async (meanings: readonly RunName[]): Promise<readonly RunName[]> => {
  const all = await runFoldersUnder('.')
  return meanings.flatMap(meant =>
    all.filter(run => run.endsWith(`${sep}${meant.folder}`)).map(folder => ({ ...meant, folder }))
  )
}

/** Finds a run: by its path, by its name in `runs`, or by a name that one alone of the runs below this folder has. */
export const findRun = (argument: string): TE.TaskEither<Failure, RunName> =>
  attempt(async () => {
    const refuse = (what: string, cure: string): never => {
      throw new FailureError(failure('usage', `run ${argument}`, what, cure))
    }
    const meanings = meaningsOf(argument)
    const places = meanings.flatMap(meant => [meant, { ...meant, folder: join('runs', meant.folder) }])
    const folders: RunName[] = []
    for (const place of places) if (await isFolder(place.folder)) folders.push(place)
    for (const place of folders) if (await hasConfig(place.folder)) return place
    if (folders[0]) return folders[0]
    const [only, ...others] = await elsewhere(meanings)
    if (only && others.length > 0)
      return refuse(`${others.length + 1} runs are called so, the first of them ${only.folder}`, 'Give its path')
    if (only) return only
    const [, before] = /^(.+)@[^@\\/]*$/s.exec(argument) ?? []
    const runs = before === undefined ? [] : [before, join('runs', before)]
    for (const folder of runs)
      if (await hasConfig(folder))
        return refuse('that is no moment of the run', 'After @ stands an epoch or stage:NUMBER, as in RUN@1200')
    const known = (await runFolders()).map(run => run.replace(/^runs[\\/]/, ''))
    const near = nearest((meanings.at(-1) as RunName).folder.replace(/^runs[\\/]/, ''), known)
    return refuse('no such folder, here or in runs', near === undefined ? 'See sagp runs' : `Did you mean ${near}`)
  })
