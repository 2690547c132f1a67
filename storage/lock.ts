/**
 * A lock: a file that says which process works in a folder, so that no second one does. Node only.
 *
 * Why no two hold it at once. The file appears whole, by a hard link that fails where one is, so that of many takers of a
 * free lock one gets it. A lock whose process is gone stays where it is until somebody replaces it, and only the holder of
 * a second lock, named after the first one's id, may do that: having it, a taker looks once more whether the old lock is
 * still there, and renames its own over it. Whoever comes late with the same old lock in mind either finds the second lock
 * held, or gets it when its holder is done, and then no longer finds the old lock: it loses. Ids are never used twice. A
 * taker that dies on the way leaves a second lock behind, which is taken over by the same rule.
 */
import { randomBytes } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import { link, lstat, mkdir, readFile, readlink, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Codec } from '../codecs/strict.js'
import { parse, record, text, whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { fileFailure } from './files.js'

/** Who holds a lock. What a system does not tell is ''. */
export interface Holder {
  readonly host: string
  /** Tells machines of one name apart. */
  readonly machine: string
  /** Tells the starts of a machine apart. */
  readonly boot: string
  /** Which processes see each other by number: those of one container. */
  readonly container: string
  readonly process: number
  /** When the process started, in ticks of the machine: numbers of processes are used again. */
  readonly started: string
  readonly id: string
}

/** A lock that is held. */
export interface Lock {
  /** Gives it up; a second time does nothing. The end of the process does the same, unless by kill -9. */
  readonly release: () => Promise<void>
}

const holderCodec: Codec<Holder> = record<Holder>('a lock', {
  host: text(),
  machine: text(),
  boot: text(),
  container: text(),
  process: whole(1),
  started: text(),
  id: text(12)
})

const orNothing = (reading: Promise<string>): Promise<string> => reading.then(s => s.trim()).catch(() => '')

/** State and start of a process, as Linux tells them: fields 3 and 22 of its stat, counted behind its name. */
const processFields = async (pid: number): Promise<{ readonly state: string; readonly started: string }> => {
  const fields = (await orNothing(readFile(`/proc/${pid}/stat`, 'utf8'))).replace(/^.*\) /s, '').split(' ')
  return { state: fields[0] ?? '', started: fields[19] ?? '' }
}

const thisProcess = async (): Promise<Holder> => ({
  host: hostname(),
  machine: await orNothing(readFile('/etc/machine-id', 'utf8')),
  boot: await orNothing(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
  container: await orNothing(readlink('/proc/self/ns/pid')),
  process: process.pid,
  started: (await processFields(process.pid)).started,
  id: randomBytes(6).toString('hex')
})

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Whether a holder is known to be gone: only a process of this very host can be. */
const gone = async (holder: Holder, here: Holder): Promise<boolean> => {
  if (holder.host !== here.host || holder.machine !== here.machine) return false
  if (holder.boot !== here.boot) return true
  if (holder.container !== here.container) return false
  if (!exists(holder.process)) return true
  const { state, started } = await processFields(holder.process)
  return state === 'Z' || (started !== '' && holder.started !== '' && started !== holder.started)
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''

/** Writes a file aside, and gives its path to `use`. */
const aside = async <A>(path: string, holder: Holder, use: (aside: string) => Promise<A>): Promise<A> => {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`
  await writeFile(part, `${JSON.stringify(holder)}\n`, { flag: 'wx' })
  try {
    return await use(part)
  } finally {
    await unlink(part).catch(() => undefined)
  }
}

/** Makes the lock's file, if there is none. */
const place = (path: string, holder: Holder): Promise<boolean> =>
  aside(path, holder, async part => {
    try {
      await link(part, path)
    } catch (error) {
      if (['EEXIST', 'ENOENT'].includes(codeOf(error))) return false // ENOENT: the holder swept `part` away
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error))) throw error
      // a disk without hard links
      return writeFile(path, `${JSON.stringify(holder)}\n`, { flag: 'wx' }).then(
        () => true,
        (refused: unknown) => codeOf(refused) !== 'EEXIST' && Promise.reject(refused as Error)
      )
    }
    return true
  })

const unreadable = (path: string): Failure =>
  failure(
    'file',
    path,
    'it is a lock, but does not say whose',
    'If no sagp works in this folder, delete the file, then try again'
  )

/** Most bytes of a lock's file, which has a few hundred. */
const MOST_BYTES = 2 ** 16

/** What one reads of a file, unless there is none. */
const ifThere = <A>(reading: Promise<A>): Promise<A | undefined> =>
  reading.catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })

/** Who has written the lock's file, if there is one. A pipe would never end, a link to nothing would be taken for none. */
const read = async (path: string): Promise<Holder | undefined> => {
  const there = await ifThere(lstat(path))
  if (there && !(there.isFile() && there.size <= MOST_BYTES)) throw new FailureError(unreadable(path))
  const json = await ifThere(readFile(path, 'utf8'))
  const made = json === undefined ? E.right(undefined) : parse(holderCodec, path)(json)
  if (E.isLeft(made)) throw new FailureError(unreadable(path))
  return made.right
}

/** Takes a lock for `me`; gives who holds it instead, if somebody does. */
const take = async (path: string, me: Holder): Promise<Holder | undefined> => {
  for (;;) {
    if (await place(path, me)) return undefined
    const found = await read(path)
    if (found === undefined) continue // given up meanwhile
    if (!(await gone(found, me))) return found
    const second = `${path}.${found.id}`
    const rival = await take(second, me)
    if (rival) return rival
    try {
      if ((await read(path))?.id === found.id) {
        await aside(path, me, part => rename(part, path))
        return undefined
      }
    } finally {
      await unlink(second).catch(() => undefined)
    }
  }
}

const heldBy = async (path: string, { host, process: pid }: Holder, here: Holder): Promise<Failure> => {
  const since = await stat(path).then(
    ({ mtime }) => ` since ${mtime.toISOString().replace(/T(.*)\..*/, ' $1 UTC')}`,
    () => '' // given up meanwhile
  )
  const cure =
    host === here.host
      ? `Wait until it is done, or end it (if it is no sagp any more, delete ${path})`
      : `Wait until it is done (if that process is known to be gone, delete ${path})`
  return failure('file', dirname(path), `process ${pid} on ${host} works there${since}`, cure)
}

/** A failure of one's own as it is, any other as that of a file. */
const asFailure =
  (path: string) =>
  (error: unknown): Failure =>
    error instanceof FailureError ? error.failure : fileFailure(path)(error)

const mine = new Set<string>()
const releaseAll = (): void => {
  for (const path of mine) {
    try {
      unlinkSync(path)
    } catch {
      // somebody was faster; a lock whose process is gone stops nobody
    }
  }
}

/** Takes a lock, or says who holds it; the folder of its file is made. */
export const takeLock = (path: string): TE.TaskEither<Failure, Lock> =>
  attempt(async get => {
    const me = await thisProcess()
    const taking = async (): Promise<Holder | undefined> => {
      await mkdir(dirname(path), { recursive: true })
      return take(path, me)
    }
    const rival = await get(TE.tryCatch(taking, asFailure(path)))
    if (rival) throw new FailureError(await heldBy(path, rival, me))
    if (mine.size === 0) process.on('exit', releaseAll)
    mine.add(path)
    return {
      release: async () => {
        if (!mine.delete(path)) return
        if (mine.size === 0) process.off('exit', releaseAll)
        await unlink(path).catch(() => undefined)
      }
    }
  })

/** Who holds a lock, if anybody does who is not known to be gone. */
export const lockHolder = (path: string): TE.TaskEither<Failure, Holder | undefined> =>
  TE.tryCatch(async () => {
    const found = await read(path)
    return found && !(await gone(found, await thisProcess())) ? found : undefined
  }, asFailure(path))
