/** Archives into folders: only the files that are wanted, nothing outside the folder, aside first. Node only. */
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { parseTar } from 'nanotar'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { Remote } from '../data/sources/source.js'
import { fileFailure } from './files.js'
import { Unfit } from './unfit.js'
import { eachZipped } from './unzip.js'

const [MOST_FILES, MOST_BYTES] = [100_000, 2 ** 32] as const

/** A name's path below the archive's first folder. @throws for names that lead elsewhere */
const inside = (name: string): string => {
  const parts = name.split('/')
  const hostile = /[\\\0:]/.test(name) || name.startsWith('/') || parts.includes('..')
  if (hostile) throw new Unfit(`a file called ${JSON.stringify(name.slice(0, 80))} leads out of its folder`)
  return parts.slice(1).join('/')
}

/** Writes files below a folder, within bounds. */
const writer = (folder: string): ((path: string, content: Uint8Array) => void) => {
  let [files, bytes] = [0, 0]
  return (path, content) => {
    files += 1
    bytes += content.length
    if (files > MOST_FILES) throw new Unfit(`it holds more than ${MOST_FILES} files`)
    if (bytes > MOST_BYTES) throw new Unfit(`it holds more than ${MOST_BYTES} bytes`)
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    const handle = openSync(join(folder, path), 'wx')
    try {
      for (let written = 0; written < content.length;) written += writeSync(handle, content, written)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  }
}

const unzip = (archive: string, folder: string, wanted: RegExp): Promise<void> => {
  const write = writer(folder)
  eachZipped(archive, ({ name, bytes }) => {
    const path = inside(name)
    if (wanted.test(path)) write(path, bytes())
  })
  return Promise.resolve()
}

const untar = async (archive: string, folder: string, wanted: RegExp): Promise<void> => {
  const write = writer(folder)
  const plain = gunzipSync(await readFile(archive), { maxOutputLength: 2 ** 30 })
  for (const entry of parseTar(new Uint8Array(plain))) {
    const path = inside(entry.name)
    if (wanted.test(path) && entry.type === 'file') write(path, entry.data ?? new Uint8Array(0))
  }
}

/** Moves what lies in a folder to another one; what has the same name there is replaced. */
export const moveInto = async (from: string, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(from)) {
    await rm(join(folder, name), { recursive: true, force: true })
    await rename(join(from, name), join(folder, name))
  }
  await rm(from, { recursive: true })
}

/** Unpacks an archive to a folder; files of the same names there are replaced. */
export const unpack =
  (archive: string, folder: string, { kind, wanted }: NonNullable<Remote['unpack']>): TE.TaskEither<Failure, void> =>
  async () => {
    const aside = `${folder}.${randomBytes(6).toString('hex')}.part`
    try {
      await mkdir(aside, { recursive: true })
      await (kind === 'zip' ? unzip : untar)(archive, aside, wanted)
      if ((await readdir(aside)).length === 0) throw new Unfit('it holds none of the files that are wanted')
      await moveInto(aside, folder)
      return E.right(undefined)
    } catch (error) {
      const { code, message } = error as Partial<NodeJS.ErrnoException>
      const ofDisk = typeof code === 'string' && code.startsWith('E') && !code.startsWith('ERR')
      return E.left(
        ofDisk
          ? fileFailure(folder)(error)
          : failure('input', archive, message ?? 'it is damaged', 'Delete it, then fetch it anew')
      )
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
  }
