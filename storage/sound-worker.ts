/** A worker thread that turns sound files into features: a file in, its frames or their means out. Node only. */
import { parentPort } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import type { Rate } from '../data/audio/features.js'
import { meanFrame, soundFrames } from '../data/audio/features.js'
import { readWav } from '../data/formats/wav.js'
import { readWhole } from './files.js'

/** One file's task. */
export interface ExtractionTask {
  readonly index: number
  readonly path: string
  readonly rate: Rate
  readonly frames: boolean
}

/** Its answer: the features row by row, or what is wrong with the file. */
export type Extracted =
  { readonly index: number; readonly data: Float32Array } | { readonly index: number; readonly wrong: Failure }

parentPort?.on('message', ({ index, path, rate, frames }: ExtractionTask) => {
  void readWhole(path)().then(bytes => {
    const sound = E.chain((file: Uint8Array) => readWav(file, path))(bytes)
    if (E.isLeft(sound)) return parentPort?.postMessage({ index, wrong: sound.left } satisfies Extracted)
    const all = soundFrames(sound.right, rate)
    const data = (frames ? all : meanFrame(all)).data as Float32Array<ArrayBuffer>
    return parentPort?.postMessage({ index, data } satisfies Extracted, [data.buffer])
  })
})
