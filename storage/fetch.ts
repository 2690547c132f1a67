/**
 * Public data sets from their sources to the data folder: downloaded, unpacked, checked. A file counts as there when it has
 * been checked: by size and MD5 where the source publishes them, else by loading what it is a part of. What is fetched
 * lies aside, as `*.new`, until it has been; then it takes the old one's place. Node only.
 */
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { FailureError } from '../core/port/failure.js'
import type { Remote, Shelf, Source } from '../data/sources/source.js'
import type { Table } from '../data/table.js'
import { claiming } from './claim.js'
import { download, md5Of } from './download.js'
import { fileFailure } from './files.js'
import type { Environment, Progress } from './environment.js'
import { dataFolder } from './environment.js'
import { dataFolderFiles, isAbsent } from './data-folder.js'
import { moveInto, unpack } from './unpack.js'

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

/** A source's files with what was done about each, and its table. */
export interface FetchedSource {
  readonly files: readonly Fetched[]
  readonly table: Table
}

/** Where a remote's files belong, where they wait until they are checked, and what is downloaded for it. */
interface Places {
  readonly final: string
  readonly aside: string
  readonly file: string
}

const placesOf = (folder: string, { path, unpack: archive }: Remote): Places => {
  const final = join(folder, ...path.split('/'))
  const aside = `${final}.new`
  return { final, aside, file: archive ? `${aside}.${archive.kind}` : aside }
}

const checkedBy = ({ bytes, md5 }: Remote): Fetched['checked'] =>
  md5 !== undefined ? 'size and MD5' : bytes !== undefined ? 'size' : 'nothing but its structure'

const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    s => s.size,
    () => undefined
  )

/** What a remote's files are, as far as can be told without loading them. An archive's own size says nothing of its files. */
const verdictOf = async ({ final }: Places, remote: Remote): Promise<'absent' | 'wrong' | Fetched['checked']> => {
  const { bytes, md5, unpack: archive } = remote
  const size = await sizeOf(final)
  if (size === undefined) return 'absent'
  if (archive) return 'nothing but its structure'
  const isWrong = (bytes !== undefined && size !== bytes) || (md5 !== undefined && (await md5Of(final)) !== md5)
  return isWrong ? 'wrong' : checkedBy(remote)
}

/** Leftovers of an unpacking that was killed, beside where it would have put its files; also those of releases before this one. */
const sweep = async ({ final }: Places): Promise<void> => {
  const name = basename(final)
  const rest = /^(\.new)?\.[0-9a-f]{12}\.part$/
  for (const left of await readdir(dirname(final)).catch(() => []))
    if (left.startsWith(name) && rest.test(left.slice(name.length)))
      await rm(join(dirname(final), left), { recursive: true, force: true })
}

/** Downloads and unpacks a remote's files aside. What an earlier call had downloaded whole is not downloaded again. */
const fetchAside = ({ aside, file }: Places, remote: Remote, how: Fetching): TE.TaskEither<Failure, void> =>
  attempt(async get => {
    const { url, bytes, md5, unpack: archive } = remote
    const { mirror, force, patience, onProgress } = how
    const name = url.split('/').at(-1) as string
    const from = mirror === undefined ? url : `${mirror.replace(/\/$/, '')}/${name}`
    const named = onProgress && ((p: Progress): void => onProgress({ ...p, what: `${name}, ${p.what}` }))
    if (force === true || (await sizeOf(file)) === undefined)
      await get(download({ url: from, path: file, bytes, md5, onProgress: named, patience }))
    if (archive) {
      await rm(aside, { recursive: true, force: true })
      const unpacked = await unpack(file, aside, archive)()
      if (E.isRight(unpacked) || unpacked.left.kind !== 'input') return settle(unpacked)
      await rm(file) // it would be unpacked again and again
      throw new FailureError({ ...unpacked.left, cure: 'It has been removed: fetch it again' })
    }
  })

/** A shelf on which the remotes that were fetched are read from aside. */
const withAside = (shelf: Shelf, fetched: readonly Remote[]): Shelf => {
  const at = (path: string): string => {
    const own = fetched.find(r => path === r.path || path.startsWith(`${r.path}/`))
    return own ? `${own.path}.new${path.slice(own.path.length)}` : path
  }
  return {
    read: path => shelf.read(at(path)),
    list: path => shelf.list(at(path)),
    sounds: (paths, rate) => shelf.sounds(paths.map(at), rate)
  }
}

/** What was fetched takes its place. */
const settleIn = ({ final, aside, file }: Places, { unpack: archive }: Remote): TE.TaskEither<Failure, void> =>
  TE.tryCatch(async () => {
    await (archive ? moveInto(aside, final) : rename(aside, final))
    await rm(file, { force: true })
  }, fileFailure(final))

/** Gives up what was fetched and found to be something else. */
const giveUp = async ({ aside, file }: Places): Promise<void> => {
  for (const path of [aside, file]) await rm(path, { recursive: true, force: true })
}

/** One of a source's files: where it lies, and what it is found to be. */
interface Found {
  readonly remote: Remote
  readonly places: Places
  readonly verdict: 'absent' | 'wrong' | Fetched['checked']
}

const isMissing = ({ verdict }: Found): boolean => verdict === 'absent' || verdict === 'wrong'

/** What of a source is there, and, if that loads, its table. */
const thereOf = (
  source: Source,
  how: Fetching
): TE.TaskEither<Failure, readonly [readonly Found[], Table | undefined]> =>
  attempt(async () => {
    const found: Found[] = []
    for (const remote of source.remotes) {
      const places = placesOf(dataFolder(how.dataDir), remote)
      found.push({ remote, places, verdict: await verdictOf(places, remote) })
    }
    if (found.some(each => how.force === true || isMissing(each))) return [found, undefined]
    const loaded = await source.load(dataFolderFiles(source.name, how))()
    if (E.isRight(loaded)) return [found, loaded.right]
    // a disk that fails is no reason to fetch; what is cut or something else is
    return loaded.left.kind === 'input' || isAbsent(loaded.left) ? [found, undefined] : settle(loaded)
  })

/** Fetches files aside, loads the data set with them, and only then puts them into place. */
const fetchWanted = (source: Source, wanted: readonly Found[], how: Fetching): TE.TaskEither<Failure, Table> =>
  attempt(async get => {
    for (const { places } of wanted) await sweep(places)
    for (const { places, remote } of wanted) await get(fetchAside(places, remote, how))
    const remotes = wanted.map(({ remote }) => remote)
    const loaded = await source.load(withAside(dataFolderFiles(source.name, how), remotes))()
    if (E.isLeft(loaded)) for (const { places } of wanted) await giveUp(places)
    const table = settle(loaded)
    for (const { places, remote } of wanted) await get(settleIn(places, remote))
    return table
  })

/** Fetches a data set's files that are not there or not right, then loads it: whatever it must hold is checked. */
export const fetchSource = (source: Source, how: Fetching = {}): TE.TaskEither<Failure, FetchedSource> =>
  attempt(async get => {
    const [found, known] = await get(thereOf(source, how))
    const done = (wanted: readonly Found[]): readonly Fetched[] =>
      found.map(each => {
        const what = wanted.includes(each) ? 'fetched' : 'there already'
        // what is there of an archive is its files: its size and MD5 were of use when it came
        const isFiles = each.remote.unpack !== undefined && what === 'there already'
        return { path: each.remote.path, what, checked: isFiles ? 'nothing but its structure' : checkedBy(each.remote) }
      })
    if (known) return { files: done([]), table: known }
    const isWanted = found.some(isMissing) ? isMissing : (f: Found) => f.verdict === 'nothing but its structure'
    const wanted = how.force === true ? found : found.filter(isWanted)
    const [top] = (source.remotes[0]?.path ?? source.name).split('/') // what sources share, they fetch one at a time
    const claim = join(dataFolder(how.dataDir), `${top}.fetching`)
    return { files: done(wanted), table: await get(claiming(claim, fetchWanted(source, wanted, how))) }
  })
