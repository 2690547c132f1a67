/** From a source's name to a data set that is ready for training. Node only: it may read files. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { littleEndian, joinBytes, sha256, utf8 } from '../codecs/bytes.js'
import { hint } from '../codecs/nearest.js'
import type { Failure } from '../core/failure.js'
import { failure } from '../core/failure.js'
import { readTable } from '../data/csv.js'
import type { Dataset } from '../data/dataset.js'
import { prepare } from '../data/dataset.js'
import { digits } from '../data/digits.js'
import { randomSplit, stratifiedSplit } from '../data/split.js'
import type { Table } from '../data/table.js'
import type { Source } from './experiment.js'
import { readText } from './files.js'

/** Names of the embedded data sets. */
export const embedded = ['digits'] as const

/** A data set with what is worth saying about it. */
export interface Loaded {
  readonly dataset: Dataset
  /** SHA-256 of names, features and targets before any preparation. */
  readonly fingerprint: string
  readonly remarks: readonly string[]
}

const isFile = (name: string): boolean => /\.(csv|tsv|txt)$/i.test(name) || /[\\/]/.test(name)

const tableOf = (
  source: Source
): TE.TaskEither<Failure, { readonly table: Table; readonly constant: readonly string[] }> => {
  if (source.data === 'digits') return TE.right({ table: digits(), constant: [] })
  if (!isFile(source.data)) {
    return TE.left(
      failure(
        'usage',
        `data ${source.data}`,
        'no such data set',
        `${hint(source.data, embedded)}, or a CSV file by its path`
      )
    )
  }
  return pipe(
    readText(source.data),
    TE.chainEitherK(csv => readTable(csv, source.data, { targets: source.target, task: source.task }))
  )
}

const fingerprintOf = async ({ features, x, target }: Table): Promise<string> => {
  const values = 'shape' in target.values ? target.values.data : Float64Array.from(target.values)
  return sha256(
    joinBytes([utf8(JSON.stringify([features, target.kind, target.names])), littleEndian(x.data), littleEndian(values)])
  )
}

/** Digits at random, tables of classes stratified: 60 : 20 : 20 by seed. */
const splitOf = ({ name, x, target }: Table, seed: number): ReturnType<typeof randomSplit> =>
  target.kind === 'classes' && name !== 'digits' ? stratifiedSplit(target.values, seed) : randomSplit(x.shape[0], seed)

/** Loads, checks, splits and scales. */
export const load = (source: Source, seed: number): TE.TaskEither<Failure, Loaded> =>
  pipe(
    tableOf(source),
    TE.chain(
      ({ table, constant }) =>
        async () =>
          pipe(
            prepare(table, splitOf(table, seed)),
            E.map(dataset => ({
              dataset,
              remarks:
                constant.length === 0
                  ? []
                  : [`left out ${constant.length} constant column(s): ${constant.slice(0, 10).join(', ')}`]
            })),
            E.match(
              fault => Promise.resolve(E.left(fault)),
              async made => E.right({ ...made, fingerprint: await fingerprintOf(table) })
            )
          )
    )
  )
