/** Public data sets from their sources to the data folder: downloaded, unpacked, checked. Node only. */
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import type { Remote, Source } from '../data/sources/source.js'
import type { Table } from '../data/table.js'
import { download } from './download.js'
import { fileFailure } from './files.js'
import type { Environment, Progress } from './environment.js'
import { dataFolder } from './environment.js'
import { dataFolderFiles } from './data-folder.js'
import { unpack } from './unpack.js'

/** How to fetch. */
export interface Fetching extends Environment {
  /** A place that has the files under their own names, instead of the sources. */
  readonly mirror?: string | undefined
  /** Fetches what is there already, too. */
  readonly force?: boolean
  /** Milliseconds before a broken download is tried again. */
  readonly patience?: number
}

/** What was done about one file. */
export interface Fetched {
  readonly path: string
  readonly what: 'fetched' | 'there already'
  /** What it was checked by, beside what its content must be. */
  readonly checked: 'size and MD5' | 'size' | 'nothing but its structure'
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  )

const checkedBy = ({ bytes, md5 }: Remote): Fetched['checked'] =>
  md5 !== undefined ? 'size and MD5' : bytes !== undefined ? 'size' : 'nothing but its structure'

const fetchOne = (folder: string, remote: Remote, how: Fetching): TE.TaskEither<Failure, Fetched> =>
  attempt(async get => {
    const { url, path, bytes, md5, unpack: archive } = remote
    const { mirror, force, patience, onProgress } = how
    const to = join(folder, ...path.split('/'))
    if (force !== true && (await exists(to)))
      return { path, what: 'there already', checked: 'nothing but its structure' }
    const name = url.split('/').at(-1) as string
    const from = mirror === undefined ? url : `${mirror.replace(/\/$/, '')}/${name}`
    const file = archive ? `${to}.${archive.kind}` : to
    const named = onProgress && ((p: Progress): void => onProgress({ ...p, what: `${name}, ${p.what}` }))
    await get(download({ url: from, path: file, bytes, md5, onProgress: named, patience }))
    if (archive) {
      await get(unpack(file, to, archive))
      await get(TE.tryCatch(() => rm(file), fileFailure(file)))
    }
    return { path, what: 'fetched', checked: checkedBy(remote) }
  })

/** Fetches a data set's files, then loads it: whatever it must hold is checked. */
export const fetchSource = (
  source: Source,
  how: Fetching = {}
): TE.TaskEither<Failure, { readonly files: readonly Fetched[]; readonly table: Table }> =>
  attempt(async get => {
    const files: Fetched[] = []
    for (const remote of source.remotes) files.push(await get(fetchOne(dataFolder(how.dataDir), remote, how)))
    return { files, table: await get(source.load(dataFolderFiles(source.name, how))) }
  })
