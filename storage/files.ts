/** Files that are either whole or not there: written aside, synced, renamed. Node only. */
import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { appendFile, mkdir, open, readlink, rename, stat, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'

const cures: Readonly<Record<string, string>> = {
  ENOENT: 'Check the path',
  EACCES: 'Check who may read and write there',
  EPERM: 'Check who may read and write there',
  EEXIST: 'Name a folder, not a file',
  EISDIR: 'Name a file, not a folder',
  ELOOP: 'Mend the link',
  EMFILE: 'Raise the limit on open files (ulimit -n), or close what holds them',
  ENAMETOOLONG: 'Give a shorter name',
  ENXIO: 'Name a file, not a socket',
  ENOTDIR: 'Name a folder, not a file',
  ENOSPC: 'Make room on the disk, then resume the run',
  EDQUOT: 'Make room on the disk, then resume the run',
  EROFS: 'Name a place that can be written to, with --out',
  EFBIG: 'Raise the limit on file sizes, then resume the run'
}

/** A failed file operation as a failure. */
export const fileFailure =
  (path: string) =>
  (error: unknown): Failure => {
    const { code = '', message } = error as NodeJS.ErrnoException
    return failure(
      'file',
      path,
      code === 'ENOENT' ? 'no such file or folder' : message,
      cures[code] ?? 'Check the file and the disk'
    )
  }

/** Makes what happened in a folder survive a loss of power. */
export const syncFolder = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Names of what a process has open, which no file beside them could replace. */
const OPEN = /^\/dev\/(std(in|out|err)|fd\/\d+)$|^\/proc\/[^/]+\/fd\/\d+$/

/** Where a write ends up: links are followed, those too that lead to nothing yet. */
const targetOf = async (path: string, links: number = 40): Promise<string> => {
  const to = OPEN.test(path) ? undefined : await readlink(path).catch(() => undefined)
  if (to === undefined) return path
  if (links === 0) throw new Error('it is a link to itself')
  return targetOf(resolve(dirname(path), to), links - 1)
}

/** Takes over mode and owner of the file that is to be replaced; the owner as far as one may. */
const likeOld = async (handle: FileHandle, { mode, uid, gid }: Stats): Promise<void> => {
  const made = await handle.stat()
  if (made.uid !== uid || made.gid !== gid) await handle.chown(uid, gid).catch(() => undefined)
  await handle.chmod(mode & 0o7777)
}

/**
 * Writes a file aside, syncs it, and renames it into place: whoever looks sees the old one or the new one, whole. A link
 * stays a link, a file that is replaced keeps its mode; into devices, pipes and the like it is written as they stand.
 */
export const writeWhole = (path: string, content: string | Uint8Array): TE.TaskEither<Failure, void> =>
  TE.tryCatch(async () => {
    const target = await targetOf(path)
    await mkdir(dirname(target), { recursive: true })
    const old = await stat(target).catch(() => undefined)
    if (old?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' })
    if (OPEN.test(target) || (old && !old.isFile())) return appendFile(target, content)
    const aside = `${target}.${randomBytes(6).toString('hex')}.part`
    try {
      const handle = await open(aside, 'wx')
      try {
        await handle.writeFile(content)
        if (old) await likeOld(handle, old)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(aside, target)
    } catch (error) {
      await unlink(aside).catch(() => undefined)
      throw error
    }
    await syncFolder(dirname(target))
  }, fileFailure(path))

/** What there is instead of a file, or undefined for a file. */
const otherThanFile = (stats: Stats): string | undefined => {
  if (stats.isFile()) return undefined
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

/** Opens a plain file to read. What is none is not waited for: a device never ends, a pipe never begins. */
const openPlain = async (path: string): Promise<E.Either<Failure, FileHandle>> => {
  // does not wait for who writes to a pipe; where there is no such flag, it counts as 0
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const other = otherThanFile(await handle.stat())
  if (other === undefined) return E.right(handle)
  await handle.close()
  return E.left(failure('file', path, `it is ${other}`, 'Name a file'))
}

/** A plain file that is open to be read: types of Node's own would ask everybody who compiles against us for them. */
export interface OpenFile {
  /** Bytes when it was opened. */
  readonly size: number
  /** Its first bytes, at most so many. */
  readonly head: (most: number) => Promise<Uint8Array>
  readonly all: () => Promise<Uint8Array>
}

const openFileOf = async (handle: FileHandle): Promise<OpenFile> => ({
  size: (await handle.stat()).size,
  head: async most => {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(most), 0, most, 0)
    return buffer.subarray(0, bytesRead)
  },
  all: async () => new Uint8Array(await handle.readFile())
})

/** Reads from a plain file, by what `use` does with it while it is open. */
export const readPlain =
  <A>(path: string, use: (file: OpenFile) => Promise<E.Either<Failure, A>>): TE.TaskEither<Failure, A> =>
  async () => {
    try {
      const opened = await openPlain(path)
      if (E.isLeft(opened)) return opened
      const handle = opened.right
      return await openFileOf(handle)
        .then(use)
        .finally(() => handle.close())
    } catch (error) {
      return E.left(fileFailure(path)(error))
    }
  }

/** Reads a plain file of at most `most` bytes. */
export const readWhole = (path: string, most: number = 2 ** 30): TE.TaskEither<Failure, Uint8Array> =>
  readPlain(path, async ({ size, all }) =>
    size > most
      ? E.left(failure('file', path, `it has ${size} bytes, more than ${most}`, 'Give a smaller file'))
      : E.right(await all())
  )

/** The same as text. */
export const readText = (path: string): TE.TaskEither<Failure, string> =>
  TE.map((bytes: Uint8Array) => new TextDecoder().decode(bytes))(readWhole(path))
