/** Damaged Parquet files, in the built thread: some make their reader run for ever. */
import * as fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import { decoderAnswers } from '../properties/codecs.js'
import { amount } from '../properties/fixed-seed.js'
import type { readParquetFile as Read } from './parquetfile.js'

const { readParquetFile } = (await import(new URL('../dist/storage/parquetfile.js', import.meta.url).href)) as {
  readonly readParquetFile: typeof Read
}
const file = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'n', data: [1, 2.5, -3], type: 'DOUBLE' },
      { name: 's', data: ['x', undefined, 'z'], type: 'STRING' }
    ]
  })
)

test('a Parquet file answers whatever is done to its bytes, in bounded time', async () => {
  expect(await readParquetFile(file, 'f')()).toMatchObject({ _tag: 'Right', right: { rows: 3 } })
  await fc.assert(
    decoderAnswers(file, bytes => readParquetFile(bytes, 'f', 1000)()),
    { numRuns: amount('PARQUET_RUNS') }
  )
}, 3_600_000)
