/**
 * Parquet files in a thread of their own, with bounds on its time and memory: the format lets a few bytes stand for any number
 * of values, and its reader believes them. Node only.
 */
import { Worker } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { Sheet } from '../data/sheet.js'
import type { ParquetTask } from './parquet-thread.js'

const MIB = 2 ** 20

/** Milliseconds that a file of a size may take: a sound one takes a hundredth of it. */
const patienceFor = (bytes: number): number => 8_000 + (bytes / MIB) * 2_000

/** Reads a Parquet file, within `milliseconds`. */
export const readParquetFile =
  (bytes: Uint8Array, place: string, milliseconds: number = patienceFor(bytes.length)): TE.TaskEither<Failure, Sheet> =>
  () =>
    new Promise(resolve => {
      const thread = new Worker(new URL('./parquet-thread.js', import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: Math.ceil(512 + (100 * bytes.length) / MIB) }
      })
      const end = (sheet: E.Either<Failure, Sheet>): void => {
        clearTimeout(alarm)
        void thread.terminate()
        resolve(sheet)
      }
      const wrong = (what: string): void =>
        end(E.left(failure('input', place, what, 'It is damaged: write it anew, or give it as CSV')))
      const alarm = setTimeout(() => wrong(`its reader came to no end in ${milliseconds / 1000} s`), milliseconds)
      thread.on('message', end)
      thread.on('error', error => wrong(`its reader gave up: ${error.message}`))
      thread.postMessage({ bytes, place } satisfies ParquetTask)
    })
