/** From a source's name to a data set that is ready for training. Node only: it may read files. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import { littleEndian, joinBytes, sha256, utf8 } from '../codecs/bytes.js'
import { hint } from '../codecs/nearest.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { arraysTable } from '../data/arrays.js'
import type { Loss } from '../core/port/objective.js'
import type { Dataset } from '../data/dataset.js'
import { prepare, scaleOf } from '../data/dataset.js'
import type { Matrix } from '../data/matrix.js'
import { isSparse } from '../data/matrix.js'
import { sourceNamed, sourceNames } from '../data/sources/index.js'
import type { Table } from '../data/table.js'
import { splitOf } from '../data/table.js'
import type { TableMade } from '../data/tabular.js'
import { tabular } from '../data/tabular.js'
import type { Source } from './experiment.js'
import type { RunEnvironment } from './environment.js'
import { dataFolderFiles } from '../storage/data-folder.js'
import { isTableFile, readTableFile } from '../storage/tablefile.js'

/** A data set with what is worth saying about it. */
export interface Loaded {
  /** What it turned out to be: where only a known subset is there, that one's name. */
  readonly name: string
  readonly dataset: Dataset
  /** SHA-256 of names, features and targets before any preparation. */
  readonly fingerprint: string
  readonly remarks: readonly string[]
}

/** A public data set, or a file's table. */
export const tableOf = (
  source: Source,
  seed: number,
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, TableMade> => {
  const published = sourceNamed(source.data)
  if (published) {
    const subset = ({ name }: Table): string =>
      `only the files of its subset ${name} are there: this is ${name}, not ${published.name}`
    return pipe(
      published.load(dataFolderFiles(published.name, environment)),
      TE.map(table => ({ table, remarks: table.name === published.name ? [] : [subset(table)] }))
    )
  }
  if (!isTableFile(source.data)) {
    return TE.left(
      failure(
        'usage',
        `data ${source.data}`,
        'no such data set',
        `${hint(source.data, sourceNames)}, or a file by its path: .csv, .tsv, .parquet, .jsonl or .npz`
      )
    )
  }
  return pipe(
    readTableFile(source.data),
    TE.chainEitherK(file =>
      file.kind === 'sheet' ? tabular(file.sheet, source, seed) : arraysTable(file.arrays, source.data, source)
    )
  )
}

const bytesOf = (x: Matrix): readonly Uint8Array[] => {
  if (!isSparse(x)) return [x.data instanceof Uint8Array ? x.data : littleEndian(x.data)]
  const places = [x.starts, x.columns].map(a => littleEndian(Float64Array.from(a)))
  return [...places, littleEndian(x.values)]
}

const fingerprintOf = async ({ features, x, target }: Table): Promise<string> => {
  const values = 'shape' in target.values ? target.values.data : Float64Array.from(target.values)
  return sha256(
    joinBytes([utf8(JSON.stringify([features, target.kind, target.names])), ...bytesOf(x), littleEndian(values)])
  )
}

/** Loads, checks, splits and scales; numbers as the loss wants them, which is the usual one if left out. */
export const load = (
  source: Source,
  seed: number,
  environment: RunEnvironment = {},
  loss?: Loss
): TE.TaskEither<Failure, Loaded> =>
  attempt(async get => {
    const { table, remarks, split } = await get(tableOf(source, seed, environment))
    const dataset = settle(prepare(table, split ?? splitOf(table, seed), { targets: scaleOf(loss) }))
    const name = sourceNamed(source.data) ? table.name : source.data
    return { name, dataset, fingerprint: await fingerprintOf(table), remarks }
  })
