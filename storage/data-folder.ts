/** A folder of data sets, as sources want to see it. Node only. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import type { Shelf } from '../data/sources/source.js'
import { fileFailure, readWhole } from './files.js'
import { soundFeatures } from './sound-features.js'
import type { Environment } from './environment.js'
import { dataFolder } from './environment.js'

/** Whether a file is not there, rather than damaged or forbidden. */
export const isAbsent = ({ what }: Failure): boolean => what === 'no such file or folder'

/** The files of a source in the data folder; what is not there is told with the ways to get it. */
export const dataFolderFiles = (name: string, { dataDir, onProgress }: Environment): Shelf => {
  const folder = dataFolder(dataDir)
  const pathOf = (path: string): string => join(folder, ...path.split('/'))
  const orFetch = (f: Failure): Failure =>
    isAbsent(f)
      ? {
          ...f,
          cure: `Fetch it with sagp data fetch ${name}, or name the folder that has it with --data-dir or SAGP_DATA_DIR`
        }
      : f
  return {
    read: path => pipe(readWhole(pathOf(path)), TE.mapLeft(orFetch)),
    list: path =>
      pipe(
        TE.tryCatch(async () => (await readdir(pathOf(path))).sort(), fileFailure(pathOf(path))),
        TE.mapLeft(orFetch)
      ),
    sounds: (paths, rate) =>
      pipe(
        soundFeatures(paths.map(pathOf), { rate, frames: false, onProgress }),
        TE.map(({ x }) => x),
        TE.mapLeft(orFetch)
      )
  }
}
