/** MNIST's IDX files of bytes (LeCun): two zeros, type 8, the number of sides, each side as a big-endian word, then the bytes. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import { gunzip } from './compressed.js'

/** An array of bytes. */
export interface Idx {
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

/** Reads an IDX file, gzipped or not. */
export const readIdx = (file: Uint8Array, place: string): E.Either<Failure, Idx> => {
  if (file[0] === 0x1f && file[1] === 0x8b)
    return E.chain((plain: Uint8Array) => readIdx(plain, place))(gunzip(file, place))
  const wrong = (what: string): E.Either<Failure, never> =>
    E.left(failure('input', place, what, 'Copy or fetch the file anew'))
  const sides = file[3] ?? 0
  if (file.length < 8 || file[0] !== 0 || file[1] !== 0) return wrong('byte 0: not an IDX file')
  if (file[2] !== 8) return wrong(`byte 2: numbers of type ${file[2]}, where bytes (8) are wanted`)
  if (sides < 1 || sides > 4 || file.length < 4 + 4 * sides) return wrong(`byte 3: ${sides} sides`)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const shape = Array.from({ length: sides }, (_, i) => view.getUint32(4 + 4 * i))
  const at = 4 + 4 * sides
  if (shape.includes(0)) return wrong(`byte 4: ${shape.join(' x ')} is empty`)
  const count = shape.reduce((p, n) => p * n, 1)
  return count === file.length - at
    ? E.right({ shape, data: file.subarray(at) })
    : wrong(`byte ${at}: ${file.length - at} bytes where ${shape.join(' x ')} are announced`)
}
