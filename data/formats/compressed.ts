/** Deflated files, read with bounds on what they may grow to and checked by their CRC: a byte of deflate makes at most 1,032. */
import * as E from 'fp-ts/lib/Either.js'
import { gunzipSync, inflateSync, zipSync } from 'fflate'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import { mostUnpacked } from './bounds.js'
import type { Entry } from './zip.js'
import { entriesOf } from './zip.js'

/** Most bytes that a deflated byte can stand for. */
export const DEFLATE_RATIO = 1032

const attempt = <A>(f: () => A, place: string): E.Either<Failure, A> =>
  E.tryCatch(f, error => failure('input', place, (error as Error).message, 'Copy or fetch the file anew'))

const tooMuch = (place: string, size: number, most: number): E.Either<Failure, never> =>
  E.left(
    failure(
      'input',
      place,
      `unpacked it has ${size} bytes, more than the ${most} that a file of its size may grow to`,
      'Save it uncompressed (numpy.savez), or as a sparse matrix with scipy.sparse.save_npz'
    )
  )

const contentOf = (bytes: Uint8Array, { name, method, start, size, unpacked, crc }: Entry): Uint8Array => {
  const packed = bytes.subarray(start, start + size)
  if (method === 0 && size !== unpacked) throw new Error(`${name}: ${unpacked} bytes cannot come of ${size}`)
  const content = method === 0 ? packed : inflateSync(packed, { out: new Uint8Array(unpacked) })
  if (content.length !== unpacked || crc32(content) !== crc)
    throw new Error(`${name}: its content does not match its checksum`)
  return content
}

/** The files of a zip archive that are wanted. */
export const unarchive = (
  bytes: Uint8Array,
  place: string,
  wanted: (name: string) => boolean
): E.Either<Failure, ReadonlyMap<string, Uint8Array>> => {
  const entries = attempt(() => {
    const found = entriesOf(bytes).filter(({ name }) => wanted(name))
    for (const { name, size, unpacked } of found)
      if (unpacked > size * DEFLATE_RATIO + 64) throw new Error(`${name}: ${unpacked} bytes cannot come of ${size}`)
    return found
  }, place)
  if (E.isLeft(entries)) return entries
  const total = entries.right.reduce((sum, { unpacked }) => sum + unpacked, 0)
  const most = mostUnpacked(bytes.length)
  return total > most
    ? tooMuch(place, total, most)
    : attempt(() => {
        const files = new Map<string, Uint8Array>()
        for (const entry of entries.right) {
          if (files.has(entry.name)) throw new Error(`two of its files are called ${entry.name}`)
          files.set(entry.name, contentOf(bytes, entry))
        }
        return files
      }, place)
}

/** Files as a zip archive; the same files give the same bytes. */
export const archive = (files: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipSync(files, { level: 6, mtime: '1980-01-02T00:00:00Z' })

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/** CRC-32 as gzip and zip have it.
 * @example crc32(new TextEncoder().encode('123456789')) // => 0xcbf43926
 */
export const crc32 = (bytes: Uint8Array): number => {
  let c = 0xffffffff
  for (let i = 0; i < bytes.length; i++) c = (crcTable[(c ^ (bytes[i] as number)) & 255] as number) ^ (c >>> 8)
  return ~c >>> 0
}

/** What a gzip file holds, checked by its length and CRC. */
export const gunzip = (bytes: Uint8Array, place: string): E.Either<Failure, Uint8Array> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = bytes.length < 18 ? 0 : view.getUint32(bytes.length - 4, true)
  const most = mostUnpacked(bytes.length)
  return size > most && size <= bytes.length * DEFLATE_RATIO
    ? tooMuch(place, size, most)
    : attempt(() => {
        if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new Error('byte 0: not a gzip file')
        if (size > bytes.length * DEFLATE_RATIO)
          throw new Error(`byte ${bytes.length - 4}: ${size} bytes cannot come of ${bytes.length}`)
        const content = gunzipSync(bytes)
        if (content.length !== size || crc32(content) !== view.getUint32(bytes.length - 8, true))
          throw new Error('its content does not match its checksum')
        return content
      }, place)
}
