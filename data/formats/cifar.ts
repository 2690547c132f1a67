/** CIFAR-10's binary version (Krizhevsky): records of a label and 3,072 bytes, the red, green and blue plane of 32 by 32. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'

/** Bytes of an image. */
export const PIXELS = 3072
const RECORD = PIXELS + 1

/** Images of a batch, each red plane first, and their labels. */
export interface Cifar {
  readonly images: Uint8Array
  readonly labels: Uint8Array
}

/** Reads a batch. */
export const readCifar = (file: Uint8Array, place: string): E.Either<Failure, Cifar> => {
  const wrong = (what: string): E.Either<Failure, never> =>
    E.left(failure('input', place, what, 'Copy or fetch the file anew'))
  const count = file.length / RECORD
  if (count === 0 || !Number.isInteger(count)) return wrong(`${file.length} bytes are no whole records of ${RECORD}`)
  const images = new Uint8Array(count * PIXELS)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const label = file[i * RECORD] as number
    if (label > 9) return wrong(`byte ${i * RECORD}: label ${label} is none of 0 to 9`)
    labels[i] = label
    images.set(file.subarray(i * RECORD + 1, (i + 1) * RECORD), i * PIXELS)
  }
  return E.right({ images, labels })
}
