/** Files that are either whole or not there: written aside, synced, renamed. Node only. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'

const cures: Readonly<Record<string, string>> = {
  ENOENT: 'Check the path',
  EACCES: 'Check who may read and write there',
  EPERM: 'Check who may read and write there',
  EISDIR: 'Name a file, not a folder',
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
    await syncFolder(dirname(path))
  }, fileFailure(path))

/** Reads a file of at most `most` bytes. */
export const readWhole = (path: string, most: number = 2 ** 30): TE.TaskEither<Failure, Uint8Array> =>
  TE.tryCatch(async () => {
    const handle = await open(path, 'r')
    try {
      const { size } = await handle.stat()
      if (size > most) throw new Error(`it has ${size} bytes, more than ${most}`)
    } finally {
      await handle.close()
    }
    return new Uint8Array(await readFile(path))
  }, fileFailure(path))

/** The same as text. */
export const readText = (path: string): TE.TaskEither<Failure, string> =>
  TE.map((bytes: Uint8Array) => new TextDecoder().decode(bytes))(readWhole(path))
