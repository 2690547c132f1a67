/** Features of many sound files, on all processors, cached by what the files hold and how they are extracted. Node only. */
import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Rate } from '../data/audio/features.js'
import { FEATURES, VERSION } from '../data/audio/features.js'
import { readNpz, writeNpz } from '../data/formats/npy.js'
import { readWhole, writeWhole } from './files.js'
import type { Extracted, ExtractionTask } from './sound-worker.js'
import type { Progress } from './environment.js'
import { cacheFolder } from './environment.js'

/** How features are extracted. */
export interface Extraction {
  readonly rate: Rate
  /** Every frame, or means over time. */
  readonly frames: boolean
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Features of sounds one after the other. */
export interface Sounds {
  /** `[rows, FEATURES]` */
  readonly x: NdArray
  /** Row at which each file starts, and one more. */
  readonly starts: readonly number[]
}

/** What the features depend on, as a name. */
const nameOf = (paths: readonly string[], { rate, frames }: Extraction): TE.TaskEither<Failure, string> =>
  attempt(async get => {
    const hash = createHash('sha256').update(JSON.stringify([VERSION, rate, frames]))
    for (const path of paths) {
      const content = createHash('sha256').update(await get(readWhole(path)))
      hash.update(JSON.stringify([basename(path), content.digest('hex')]))
    }
    return hash.digest('hex').slice(0, 32)
  })

const joined = (parts: readonly Float32Array[]): Sounds => {
  const starts = [0]
  for (const part of parts) starts.push((starts.at(-1) as number) + part.length / FEATURES)
  const data = new Float32Array((starts.at(-1) as number) * FEATURES)
  parts.forEach((part, i) => data.set(part, (starts[i] as number) * FEATURES))
  return { x: { shape: [starts.at(-1) as number, FEATURES], data }, starts }
}

/** Extracts the features of all files, each worker taking the next one when it is done. */
const extract =
  (paths: readonly string[], { rate, frames, onProgress }: Extraction): TE.TaskEither<Failure, Sounds> =>
  () =>
    new Promise(resolve => {
      const parts: Float32Array[] = []
      let [next, done] = [0, 0]
      const workers = Array.from(
        { length: Math.min(availableParallelism(), paths.length) },
        () => new Worker(new URL('./sound-worker.js', import.meta.url))
      )
      const end = (result: E.Either<Failure, Sounds>): void => {
        for (const worker of workers) void worker.terminate()
        resolve(result)
      }
      const feed = (worker: Worker): void => {
        const index = next++
        const path = paths[index]
        if (path !== undefined) worker.postMessage({ index, path, rate, frames } satisfies ExtractionTask)
      }
      for (const worker of workers) {
        worker.on('message', (extracted: Extracted) => {
          if ('wrong' in extracted) return end(E.left(extracted.wrong))
          parts[extracted.index] = extracted.data
          done += 1
          onProgress?.({ what: 'sounds heard', done, total: paths.length })
          return done === paths.length ? end(E.right(joined(parts))) : feed(worker)
        })
        worker.on('error', error => end(E.left(failure('file', 'a sound worker', error.message, 'Try again'))))
        feed(worker)
      }
    })

const cached = (path: string): TE.TaskEither<Failure, Sounds> =>
  attempt(async get => {
    const arrays = settle(readNpz(await get(readWhole(path)), path, ['X', 'starts']))
    const [x, starts] = [arrays.get('X'), arrays.get('starts')]
    const rows = starts?.data.at(-1)
    const fits = x?.data instanceof Float32Array && x.shape[1] === FEATURES && x.shape[0] === rows
    if (fits && starts && typeof rows === 'number')
      return { x: { shape: [rows, FEATURES], data: x.data }, starts: [...starts.data] as number[] }
    throw new FailureError(failure('file', path, 'not features', 'Delete it'))
  })

const cache = (path: string, { x, starts }: Sounds): TE.TaskEither<Failure, void> =>
  writeWhole(
    path,
    writeNpz({
      X: { shape: [...x.shape], data: x.data as Float32Array },
      starts: { shape: [starts.length], data: Float64Array.from(starts) }
    })
  )

/** Features of sound files: from the cache if the same files went through the same extraction before. */
export const soundFeatures = (paths: readonly string[], how: Extraction): TE.TaskEither<Failure, Sounds> =>
  attempt(async get => {
    if (paths.length === 0) return joined([])
    const path = join(cacheFolder(), 'features', `${await get(nameOf(paths, how))}.npz`)
    const earlier = await cached(path)()
    if (E.isRight(earlier)) return earlier.right
    const sounds = await get(extract(paths, how))
    await cache(path, sounds)() // a cache that cannot be written costs time, not the result
    return sounds
  })
