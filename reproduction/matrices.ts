/** The matrices that a network sees, for others to learn from: same rows, same encoding, same division. Node only. */
import { join } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { joinBytes, littleEndian, sha256 } from '../codecs/bytes.js'
import type { Failure } from '../core/port/failure.js'
import type { Dataset, Part } from '../data/dataset.js'
import { largest } from '../reports/metrics.js'
import { writeWhole } from '../storage/files.js'

/** Inputs of a part, then what is to be answered: the number of the class, or numbers in their own units. Float64. */
const bytesOf = ({ task }: Dataset, { inputs, truth }: Part): Uint8Array => {
  const answers = task.kind === 'classes' ? Float64Array.from(largest(truth)) : Float64Array.from(truth.data)
  return joinBytes([littleEndian(Float64Array.from(inputs().data)), littleEndian(answers)])
}

const partsOf = ({ training, validation, test }: Dataset): readonly Part[] => [training, validation, test]

/** Matrices of a data set in a row: training, validation, test. */
const matricesOf = (d: Dataset): Uint8Array => joinBytes(partsOf(d).map(part => bytesOf(d, part)))

/** SHA-256 of them: two who learn from the same have the same. */
export const matricesDigest = (d: Dataset): Promise<string> => sha256(matricesOf(d))

/** Writes them as `NAME.SEED.f64`, little-endian numbers, and `NAME.SEED.json`, which tells their shapes. */
export const exportMatrices = (folder: string, table: string, seed: number, d: Dataset): TE.TaskEither<Failure, void> =>
  attempt(async get => {
    const bytes = matricesOf(d)
    const header = {
      table,
      seed,
      matrices: await sha256(bytes),
      kind: d.task.kind,
      rows: partsOf(d).map(({ rows }) => rows.length),
      inputs: d.features.length,
      outputs: d.task.outputs.length
    }
    await get(writeWhole(join(folder, `${table}.${seed}.f64`), bytes))
    await get(writeWhole(join(folder, `${table}.${seed}.json`), `${JSON.stringify(header)}\n`))
  })
