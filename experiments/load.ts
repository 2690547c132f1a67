/** From a source's name to a data set that is ready for training. Node only: it may read files. */
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import { littleEndian, joinBytes, sha256, utf8 } from '../codecs/bytes.js'
import { hint } from '../codecs/nearest.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { arraysTable } from '../data/arrays-table.js'
import type { Loss } from '../core/port/objective.js'
import type { Dataset } from '../data/dataset.js'
import { prepare, scaleOf } from '../data/dataset.js'
import type { Matrix } from '../data/matrix.js'
import { isSparse } from '../data/matrix.js'
import { splitBy } from '../data/division.js'
import type { TableProfile } from '../data/profile.js'
import type { Reading } from '../data/reading.js'
import { plainReading } from '../data/reading.js'
import { sourceNamed, sourceNames } from '../data/sources/index.js'
import type { Source as PublishedSource } from '../data/sources/source.js'
import type { Table } from '../data/table.js'
import { splitOf } from '../data/table.js'
import type { TableMade } from '../data/tabular.js'
import { tabular } from '../data/tabular.js'
import type { Source } from './experiment.js'
import type { DataCard } from '../estimators/data-card.js'
import type { RunEnvironment } from './environment.js'
import { dataFolderFiles } from '../storage/data-folder.js'
import { isTableFile, readTableBytes, readTableFile } from '../storage/tablefile.js'

/** A data set with what is worth saying about it. */
export interface Loaded {
  /** What it turned out to be: where only a known subset is there, that one's name. */
  readonly name: string
  readonly dataset: Dataset
  /** SHA-256 of names, features, targets and weights before any preparation. */
  readonly fingerprint: string
  readonly remarks: readonly string[]
  /** What each column was taken for, where the table is somebody's own. */
  readonly profile?: TableProfile
}

/** What of a reading tells of columns, which public data sets and archives have none of. */
const ofColumns: readonly (readonly [flag: string, field: keyof Reading])[] = [
  ['--target', 'target'],
  ['--task', 'task'],
  ['--split', 'split'],
  ['--time', 'time'],
  ['--group', 'group'],
  ['--weights', 'weights'],
  ['--categorical', 'categorical'],
  ['--numeric', 'numeric'],
  ['--ignore', 'ignore'],
  ['--date', 'dates'],
  ['--missing', 'missing'],
  ['--decimal', 'decimal'],
  ['--delimiter', 'delimiter'],
  ['--encoding', 'encoding'],
  ['--drop-bad-targets', 'dropBadTargets']
]

const refuse = (where: string, what: string, cure: string): never => {
  throw new FailureError(failure('usage', where, what, cure))
}

/** A public data set, divided as its source says unless somebody wants it otherwise. */
const publishedTable = (
  published: PublishedSource,
  source: Source,
  seed: number,
  environment: RunEnvironment
): TE.TaskEither<Failure, TableMade> =>
  attempt(async get => {
    const { name } = published
    const odd = ofColumns.find(([, field]) => JSON.stringify(source[field]) !== JSON.stringify(plainReading[field]))
    if (odd) refuse(odd[0], `${name} is a public data set, whose columns are known`, 'Leave it out')
    if (source.files.length > 0) refuse('data', `${name} is no file that others could follow`, 'Name files only')
    const table = environment.tables?.get(name) ?? (await get(published.load(dataFolderFiles(name, environment))))
    environment.tables?.set(name, table)
    const remarks =
      table.name === name
        ? []
        : [`only the files of its subset ${table.name} are there: this is ${table.name}, not ${name}`]
    const scaled: Table =
      source.scale === ''
        ? table
        : { ...table, scale: source.scale === 'none' ? { kind: 'none' } : { kind: source.scale, except: [] } }
    if (source.folds === 0 && source.splitSeed === null) return { table: scaled, remarks }
    if (source.folds === 0) return { table: scaled, remarks, split: splitOf(table, source.splitSeed ?? seed) }
    const classes = table.target.kind === 'classes' ? table.target.values : undefined
    const rows = table.x.shape[0]
    const unnamed = (column: string, flag: string): E.Either<Failure, never> =>
      E.left(failure('usage', flag, `${name} has no column ${column}`, 'Leave it out'))
    const split = settle(
      splitBy(source, seed, { place: name, rows, classes, column: unnamed, hints: () => ({ marks: [] }) })
    )
    return { table: scaled, remarks, split }
  })

/** What a run that another one starts from knows: how columns become features, and what is learned. */
export type Known = Pick<DataCard, 'features' | 'task' | 'targets' | 'preparation'>

/** A file's table, or several files' with the same columns. */
const ownTable = (
  source: Source,
  seed: number,
  { input }: RunEnvironment,
  known: Known | undefined
): TE.TaskEither<Failure, TableMade> =>
  attempt(async get => {
    const reading = {
      delimiter: source.delimiter === '' ? undefined : source.delimiter,
      encoding: source.encoding === '' ? undefined : source.encoding
    }
    const standard = source.data === '-'
    if (standard && input === undefined) refuse('data -', 'nothing was read from standard input', 'Send a table there')
    const file = await get(
      standard
        ? readTableBytes(input as Uint8Array, STANDARD_INPUT, reading)
        : readTableFile([source.data, ...source.files], reading)
    )
    const place = standard ? STANDARD_INPUT : source.data
    if (file.kind === 'sheet') return settle(tabular(file.sheet, source, seed, known))
    return settle(arraysTable(file.arrays, place, source, seed))
  })

/** What standard input is called in messages. */
const STANDARD_INPUT = 'standard input'

/** A public data set, or a file's table. */
export const tableOf = (
  source: Source,
  seed: number,
  environment: RunEnvironment = {},
  known?: Known
): TE.TaskEither<Failure, TableMade> => {
  const published = sourceNamed(source.data)
  if (published) return publishedTable(published, source, seed, environment)
  if (source.data === '-' || isTableFile(source.data)) return ownTable(source, seed, environment, known)
  return TE.left(
    failure(
      'usage',
      `data ${source.data}`,
      'no such data set',
      `${hint(source.data, sourceNames)}, or a file by its path: .csv, .tsv, .parquet, .jsonl, .json or .npz, or - for standard input`
    )
  )
}

const bytesOf = (x: Matrix): readonly Uint8Array[] => {
  if (!isSparse(x)) return [x.data instanceof Uint8Array ? x.data : littleEndian(x.data)]
  const places = [x.starts, x.columns].map(a => littleEndian(Float64Array.from(a)))
  return [...places, littleEndian(x.values)]
}

const digestOf = async ({ features, x, target, weights }: Table): Promise<string> => {
  const values = 'shape' in target.values ? target.values.data : Float64Array.from(target.values)
  const weighed = weights ? [littleEndian(Float64Array.from(weights))] : []
  return sha256(
    joinBytes([
      utf8(JSON.stringify([features, target.kind, target.names])),
      ...bytesOf(x),
      littleEndian(values),
      ...weighed
    ])
  )
}

const fingerprints = new WeakMap<Table, Promise<string>>()

/** SHA-256 of what is learned from: of a table that is kept, once. */
const fingerprintOf = (table: Table): Promise<string> => {
  const known = fingerprints.get(table) ?? digestOf(table)
  fingerprints.set(table, known)
  return known
}

/** A table in the terms of a run that is gone on from: its features, and its classes in their order. */
const follow = (table: Table, { features, task }: Known, from: string): Table => {
  const { target } = table
  const wrong = (what: string, cure: string): never => refuse(`--from ${from}`, what, cure)
  if (target.kind !== task.kind)
    return wrong(`it learned ${task.kind}, these are ${target.kind}`, `Say --task ${task.kind}`)
  const lacking = features.find((name, j) => table.features[j] !== name)
  if (lacking !== undefined || table.features.length !== features.length) {
    const what = `it has ${features.length} inputs, these are ${table.features.length}${lacking === undefined ? '' : `; the first that differs is ${lacking}`}`
    return wrong(what, 'Give the same columns')
  }
  if (target.kind !== 'classes') {
    const same = target.names.join('\n') === task.outputs.join('\n')
    return same ? table : wrong(`it learned ${task.outputs.join(', ')}`, 'Name the same targets')
  }
  const places = new Map(task.outputs.map((name, i) => [name, i]))
  const strange = target.names.find(name => !places.has(name))
  if (strange !== undefined) return wrong(`it does not know the class ${strange}`, 'Train a new run')
  const values = target.values.map(v => places.get(target.names[v] as string) as number)
  return { ...table, target: { kind: 'classes', names: task.outputs, values } }
}

/** How a data set is loaded beside its reading. */
export interface Loading {
  /** What numbers are scaled for; the usual loss if left out. */
  readonly loss?: Loss | undefined
  /** What a run that this one starts from knows, and its name. */
  readonly known?: Known | undefined
  readonly from?: string | undefined
}

/** Loads, checks, splits and scales; numbers as the loss wants them, which is the usual one if left out. */
export const load = (
  source: Source,
  seed: number,
  environment: RunEnvironment = {},
  { loss, known, from = '' }: Loading = {}
): TE.TaskEither<Failure, Loaded> =>
  attempt(async get => {
    const { table: own, remarks, split, profile } = await get(tableOf(source, seed, environment, known))
    const table = known ? follow(own, known, from) : own
    const options = { targets: scaleOf(loss), ...(known ? { known: known.preparation } : {}) }
    const dataset = settle(prepare(table, split ?? splitOf(table, seed), options))
    const name = sourceNamed(source.data) ? table.name : source.data
    return { name, dataset, fingerprint: await fingerprintOf(table), remarks, ...(profile ? { profile } : {}) }
  })
