/** Damaged Parquet files, in the built thread: some make their reader run for ever. */
import { Worker } from 'node:worker_threads'
import * as fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import { decoderAnswers } from '../properties/codecs.js'
import { amount } from '../properties/fixed-seed.js'
import type { ParquetTask } from './parquet-thread.js'
import type { readParquetFile as Read } from './parquetfile.js'

const built = (name: string): URL => new URL(`../dist/storage/${name}.js`, import.meta.url)
const { readParquetFile } = (await import(built('parquetfile').href)) as { readonly readParquetFile: typeof Read }
const file = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'n', data: [1, 2.5, -3], type: 'DOUBLE' },
      { name: 's', data: ['x', undefined, 'z'], type: 'STRING' }
    ]
  })
)
const RUNS = amount('PARQUET_RUNS')
type Answer = Awaited<ReturnType<ReturnType<typeof Read>>>

/** Reads in a thread that is kept from file to file; what it comes to no end with, `readParquetFile` judges. */
const reader = (): ((bytes: Uint8Array) => Promise<Answer>) => {
  let thread: Worker | undefined
  let heard: (answer?: Answer) => void
  const started = (): Worker => {
    const t = new Worker(built('parquet-thread'), { resourceLimits: { maxOldGenerationSizeMb: 512 } })
    t.on('message', (answer: Answer) => heard(answer))
    t.on('error', () => heard())
    return t
  }
  return bytes =>
    new Promise(resolve => {
      const t = (thread ??= started())
      const alarm = setTimeout(() => heard(), 1000)
      heard = answer => {
        heard = () => undefined
        clearTimeout(alarm)
        if (answer) return resolve(answer)
        thread = undefined
        void t
          .terminate()
          .then(readParquetFile(bytes, 'f', 1000))
          .then(resolve)
      }
      t.postMessage({ bytes, place: 'f' } satisfies ParquetTask)
    })
}

test(`a Parquet file answers to ${RUNS} mutations, in bounded time`, async () => {
  expect(await readParquetFile(file, 'f')()).toMatchObject({ _tag: 'Right', right: { rows: 3 } })
  const read = reader()
  expect(await read(file)).toMatchObject({ _tag: 'Right', right: { rows: 3 } })
  await fc.assert(decoderAnswers(file, read), { numRuns: RUNS })
}, 3_600_000)
