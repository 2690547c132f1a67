/** Archives into folders: only the files that are wanted, nothing outside the folder, aside first. Node only. */
import { randomBytes } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { Unzip, UnzipInflate } from 'fflate'
import { parseTar } from 'nanotar'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { Remote } from '../data/sources/source.js'
import { fileFailure } from './files.js'

const [MOST_FILES, MOST_BYTES] = [100_000, 2 ** 32] as const

/** What an archive's own fault is, as opposed to the disk's. */
class Unfit extends Error {}

/** A name's path below the archive's first folder. @throws for names that lead elsewhere */
const inside = (name: string): string => {
  const parts = name.split('/')
  const hostile = /[\\\0:]/.test(name) || name.startsWith('/') || parts.includes('..')
  if (hostile) throw new Unfit(`a file called ${JSON.stringify(name.slice(0, 80))} leads out of its folder`)
  return parts.slice(1).join('/')
}

/** Writes files below a folder, within bounds. */
const writer = (
  folder: string
): { readonly file: (path: string) => { write: (chunk: Uint8Array) => void; end: () => void } } => {
  let [files, bytes] = [0, 0]
  return {
    file: path => {
      if (++files > MOST_FILES) throw new Unfit(`it holds more than ${MOST_FILES} files`)
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      const handle = openSync(join(folder, path), 'wx')
      return {
        write: chunk => {
          bytes += chunk.length
          if (bytes > MOST_BYTES) throw new Unfit(`it holds more than ${MOST_BYTES} bytes`)
          for (let written = 0; written < chunk.length;) written += writeSync(handle, chunk, written)
        },
        end: () => {
          fsyncSync(handle)
          closeSync(handle)
        }
      }
    }
  }
}

const unzip = async (archive: string, folder: string, wanted: RegExp): Promise<void> => {
  const { file } = writer(folder)
  let open = 0
  const reader = new Unzip(entry => {
    const path = inside(entry.name)
    if (!wanted.test(path)) return
    const out = file(path)
    open += 1
    entry.ondata = (error, chunk, last) => {
      const wrong = error as Error | null
      if (wrong) throw new Unfit(`${entry.name}: ${wrong.message}`)
      out.write(chunk)
      if (!last) return
      out.end()
      open -= 1
    }
    entry.start()
  })
  reader.register(UnzipInflate)
  for await (const chunk of createReadStream(archive) as AsyncIterable<Buffer>)
    reader.push(new Uint8Array(chunk), false)
  reader.push(new Uint8Array(0), true)
  if (open > 0) throw new Unfit('it ends within a file')
}

const untar = async (archive: string, folder: string, wanted: RegExp): Promise<void> => {
  const { file } = writer(folder)
  const plain = gunzipSync(await readFile(archive), { maxOutputLength: 2 ** 30 })
  for (const entry of parseTar(new Uint8Array(plain))) {
    const path = inside(entry.name)
    if (!wanted.test(path) || entry.type !== 'file') continue
    const out = file(path)
    out.write(entry.data ?? new Uint8Array(0))
    out.end()
  }
}

/** Unpacks an archive to a folder; files of the same names there are replaced. */
export const unpack =
  (archive: string, folder: string, { kind, wanted }: NonNullable<Remote['unpack']>): TE.TaskEither<Failure, void> =>
  async () => {
    const aside = `${folder}.${randomBytes(6).toString('hex')}.part`
    try {
      await mkdir(aside, { recursive: true })
      await (kind === 'zip' ? unzip : untar)(archive, aside, wanted)
      const unpacked = await readdir(aside)
      if (unpacked.length === 0) throw new Unfit('it holds none of the files that are wanted')
      await mkdir(folder, { recursive: true })
      for (const name of unpacked) {
        await rm(join(folder, name), { recursive: true, force: true })
        await rename(join(aside, name), join(folder, name))
      }
      return E.right(undefined)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const ofDisk = !(error instanceof Unfit) && code?.startsWith('E') === true && !code.startsWith('ERR')
      return E.left(
        ofDisk ? fileFailure(folder)(error) : failure('input', archive, message, 'Delete it, then fetch it anew')
      )
    } finally {
      await rm(aside, { recursive: true, force: true })
    }
  }
