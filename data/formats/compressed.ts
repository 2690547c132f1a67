/** Deflated files, read with a bound on what they may grow to: a byte of deflate makes at most 1,032. */
import * as E from 'fp-ts/lib/Either.js'
import { gunzipSync, unzipSync, zipSync } from 'fflate'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'

/** Most bytes that a deflated byte can stand for. */
export const DEFLATE_RATIO = 1032
/** Most bytes of one array in the JavaScript engines that there are. */
const MOST_BYTES = 2 ** 32

const attempt = <A>(f: () => A, place: string): E.Either<Failure, A> =>
  E.tryCatch(f, error => failure('input', place, (error as Error).message, 'Copy or fetch the file anew'))

/** The files of a zip archive that are wanted. */
export const unarchive = (
  bytes: Uint8Array,
  place: string,
  wanted: (name: string) => boolean
): E.Either<Failure, ReadonlyMap<string, Uint8Array>> =>
  attempt(() => {
    let total = 0
    const files = unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        if (!wanted(name)) return false
        const most = compression === 0 ? size : size * DEFLATE_RATIO + 64
        total += originalSize
        if (originalSize > most || size > bytes.length || total > MOST_BYTES)
          throw new Error(`${name}: ${originalSize} bytes cannot come of ${size}`)
        return true
      }
    })
    return new Map(Object.entries(files))
  }, place)

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
export const gunzip = (bytes: Uint8Array, place: string): E.Either<Failure, Uint8Array> =>
  attempt(() => {
    if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new Error('byte 0: not a gzip file')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const size = view.getUint32(bytes.length - 4, true)
    if (size > bytes.length * DEFLATE_RATIO)
      throw new Error(`byte ${bytes.length - 4}: ${size} bytes cannot come of ${bytes.length}`)
    const content = gunzipSync(bytes)
    if (content.length !== size || crc32(content) !== view.getUint32(bytes.length - 8, true))
      throw new Error('its content does not match its checksum')
    return content
  }, place)
