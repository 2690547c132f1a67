/** Gzipped tables, of one member or many, with a bound on what they grow to. Node only. */
import { gunzipSync } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'

/** Most bytes that a gzipped table may grow to: honest text is packed to a tenth, and its cells take ten times its room. */
const mostText = (packed: number): number => Math.min(2 ** 31 - 1, 2 ** 23 + 24 * packed)

/** What a gzipped table holds; its checksums are checked. */
export const gunzipText = (bytes: Uint8Array, place: string): E.Either<Failure, Uint8Array> => {
  const most = mostText(bytes.length)
  try {
    return E.right(new Uint8Array(gunzipSync(bytes, { maxOutputLength: most })))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return E.left(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? failure(
            'input',
            place,
            `unpacked it has more than ${most} bytes, which a file of its size may grow to`,
            'Unpack it first, with gunzip'
          )
        : failure('input', place, `its gzip is damaged: ${message}`, 'Copy or fetch the file anew')
    )
  }
}
