/** Public data sets from their sources to the data folder: downloaded, unpacked, checked. Node only. */
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import type { Remote, Source } from '../data/sources/source.js'
import type { Table } from '../data/table.js'
import { download } from './download.js'
import { fileFailure } from './files.js'
import type { Environment } from './environment.js'
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

const fetchOne = (folder: string, remote: Remote, how: Fetching): TE.TaskEither<Failure, Fetched> => {
  const { url, path, bytes, md5, unpack: archive } = remote
  const name = url.split('/').at(-1) as string
  const from = how.mirror === undefined ? url : `${how.mirror.replace(/\/$/, '')}/${name}`
  const to = join(folder, ...path.split('/'))
  const file = archive ? `${to}.${archive.kind}` : to
  const { onProgress, patience } = how
  const tell =
    onProgress && ((p: Parameters<typeof onProgress>[0]): void => onProgress({ ...p, what: `${name}, ${p.what}` }))
  return pipe(
    TE.fromTask(() => exists(to)),
    TE.chain(there => {
      if (there && how.force !== true)
        return TE.right<Failure, Fetched>({ path, what: 'there already', checked: 'nothing but its structure' })
      return pipe(
        download({
          url: from,
          path: file,
          bytes,
          md5,
          onProgress: tell,
          ...(patience === undefined ? {} : { patience })
        }),
        TE.chain(() => (archive ? unpack(file, to, archive) : TE.right(undefined))),
        TE.chain(() => (archive ? TE.tryCatch(() => rm(file), fileFailure(file)) : TE.right(undefined))),
        TE.map((): Fetched => ({ path, what: 'fetched', checked: checkedBy(remote) }))
      )
    })
  )
}

/** Fetches a data set's files, then loads it: whatever it must hold is checked. */
export const fetchSource = (
  source: Source,
  how: Fetching = {}
): TE.TaskEither<Failure, { readonly files: readonly Fetched[]; readonly table: Table }> =>
  pipe(
    source.remotes,
    TE.traverseSeqArray(remote => fetchOne(dataFolder(how.dataDir), remote, how)),
    TE.bindTo('files'),
    TE.bind('table', () => source.load(dataFolderFiles(source.name, how)))
  )
