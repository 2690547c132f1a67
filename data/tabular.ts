/** Anybody's own table: which column is to be learned, how rows are divided, what the others mean. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { described, encode, featureNames, indicators, learnEncoding } from './encoding.js'
import { tableRemarks } from './remarks.js'
import type { Column, Sheet } from './sheet.js'
import { columnNamed } from './sheet.js'
import type { Division, Split } from './split.js'
import { divided } from './split.js'
import { divisionBy } from './split-column.js'
import type { Table, Target } from './table.js'
import type { TaskChoice } from './target.js'
import { targetOf } from './target.js'

/** How a table is to be read. */
export interface Reading {
  /** Target columns; none is the last column. */
  readonly target: readonly string[]
  readonly task: TaskChoice
  /** Column that says of each row to which part it belongs; none is a split by seed. */
  readonly split: string
  /** Columns that are words even where they look like numbers. */
  readonly categorical: readonly string[]
  /** Columns to leave out. */
  readonly ignore: readonly string[]
}

/** Every column read as it looks, the last one the target. */
export const plainReading: Reading = { target: [], task: 'auto', split: '', categorical: [], ignore: [] }

/** A table, and what is worth saying of how it was made. */
export interface TableMade {
  readonly table: Table
  readonly remarks: readonly string[]
  /** How its rows are divided, if the table was made by what the training rows teach: another division would not do. */
  readonly split?: Split
}

const named = (sheet: Sheet, names: readonly string[], flag: string): E.Either<Failure, readonly Column[]> => {
  const absent = names.find(name => !columnNamed(sheet, name))
  const known = sheet.columns.map(c => c.name)
  const shown = `${known.slice(0, 20).join(', ')}${known.length > 20 ? ', ...' : ''}`
  return absent === undefined
    ? E.right(names.map(name => columnNamed(sheet, name) as Column))
    : E.left(failure('usage', flag, `${sheet.place} has no column ${absent}`, `Name one of ${shown}`))
}

/** How the rows are divided: by a column, or by seed. */
const divisionOf = (sheet: Sheet, { split }: Reading, { kind }: Target): E.Either<Failure, Division> => {
  if (split === '') return E.right({ kind: kind === 'classes' ? 'stratified' : 'random' })
  const found = named(sheet, [split], '--split')
  return E.isLeft(found) ? found : divisionBy(found.right[0] as Column, sheet.place)
}

/** A sheet as a table: targets, split, then the encoding that the training rows teach. */
export const tabular = (sheet: Sheet, reading: Reading, seed: number): E.Either<Failure, TableMade> => {
  const { place, rows } = sheet
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
  const others = sheet.columns.map(c => c.name).filter(name => name !== reading.split)
  const targets = reading.target.length > 0 ? reading.target : others.slice(-1)
  const columns = named(sheet, targets, '--target')
  if (E.isLeft(columns)) return columns
  const words = named(sheet, reading.categorical, '--categorical')
  if (E.isLeft(words)) return words
  const ignored = named(sheet, reading.ignore, '--ignore')
  if (E.isLeft(ignored)) return ignored
  const target = targetOf(columns.right, reading.task, place)
  if (E.isLeft(target)) return target
  const division = divisionOf(sheet, reading, target.right)
  if (E.isLeft(division)) return division
  const split = divided(division.right, rows, target.right.kind === 'classes' ? target.right.values : [], seed)
  if (split.training.length === 0) return wrong('no rows are left for training', 'Give more rows')
  const features = others.filter(name => !targets.includes(name) && !reading.ignore.includes(name))
  const learned = learnEncoding(sheet, features, split.training, reading.categorical)
  if (E.isLeft(learned)) return learned
  const { encoding, leftOut } = learned.right
  const encoded = encode(encoding, sheet)
  if (E.isLeft(encoded)) return encoded
  if (encoding.length === 0)
    return wrong('every feature is the same in all rows, or of no use', 'Give features that vary')
  const table: Table = {
    name: place,
    features: featureNames(encoding),
    x: encoded.right.x,
    target: target.right,
    targets,
    scale: { kind: 'standard', except: indicators(encoding) },
    division: division.right,
    encoding
  }
  return E.right({ table, split, remarks: tableRemarks(leftOut, encoded.right.remarks, described(encoding)) })
}
