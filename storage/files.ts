/** Files that are either whole or not there: written aside, synced, renamed. Node only. */
import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { constants } from 'node:fs'
import { mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'

const cures: Readonly<Record<string, string>> = {
  ENOENT: 'Check the path',
  EACCES: 'Check who may read and write there',
  EPERM: 'Check who may read and write there',
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

const sync = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes a file aside, syncs it, and renames it into place: whoever looks sees the old one or the new one, whole. */
export const writeWhole = (path: string, content: string | Uint8Array): TE.TaskEither<Failure, void> =>
  TE.tryCatch(async () => {
    await mkdir(dirname(path), { recursive: true })
    const aside = `${path}.${randomBytes(6).toString('hex')}.part`
    try {
      const handle = await open(aside, 'wx')
      try {
        await handle.writeFile(content)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(aside, path)
    } catch (error) {
      await unlink(aside).catch(() => undefined)
      throw error
    }
    await sync(dirname(path))
  }, fileFailure(path))

/** What there is instead of a file, or undefined for a file. */
const otherThanFile = (stats: Stats): string | undefined => {
  if (stats.isFile()) return undefined
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

/** Reads a file of at most `most` bytes. What is no plain file is not waited for: a device never ends, a pipe never begins. */
export const readWhole =
  (path: string, most: number = 2 ** 30): TE.TaskEither<Failure, Uint8Array> =>
  async () => {
    try {
      // does not wait for who writes to a pipe; where there is no such flag, it counts as 0
      const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
      try {
        const stats = await handle.stat()
        const other = otherThanFile(stats)
        if (other !== undefined) return E.left(failure('file', path, `it is ${other}`, 'Name a file'))
        if (stats.size > most)
          return E.left(failure('file', path, `it has ${stats.size} bytes, more than ${most}`, 'Give a smaller file'))
        return E.right(new Uint8Array(await handle.readFile()))
      } finally {
        await handle.close()
      }
    } catch (error) {
      return E.left(fileFailure(path)(error))
    }
  }

/** The same as text. */
export const readText = (path: string): TE.TaskEither<Failure, string> =>
  TE.map((bytes: Uint8Array) => new TextDecoder().decode(bytes))(readWhole(path))
