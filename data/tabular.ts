/** Anybody's own table: which column is to be learnt, how rows are divided, what the others mean. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { Encoding } from './encoding.js'
import { described, encode, featureNames, indicators, learnEncoding } from './encoding.js'
import type { Column, Sheet } from './sheet.js'
import { columnNamed, isMissing } from './sheet.js'
import type { Division, Split } from './split.js'
import { divided, splitOfParts } from './split.js'
import type { Table, Target } from './table.js'

/** How a target is to be read; `auto` looks at its cells. */
export type TaskChoice = 'auto' | Target['kind']

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

const inferred = (columns: readonly Column[]): Target['kind'] => {
  if (columns.length > 1) {
    return columns.every(({ text }) => text.every(c => c === '0' || c === '1')) ? 'labels' : 'numbers'
  }
  const text = columns[0]?.text ?? []
  if (text.some(c => !Number.isFinite(Number(c)) || c === '')) return 'classes'
  const distinct = new Set(text)
  return text.every(c => Number.isInteger(Number(c))) && distinct.size <= Math.max(2, Math.min(50, text.length / 4))
    ? 'classes'
    : 'numbers'
}

const byNumberOrName = (a: string, b: string): number =>
  Number.isFinite(Number(a)) && Number.isFinite(Number(b)) ? Number(a) - Number(b) : a < b ? -1 : 1

/** Target columns as numbers, every cell of them. `[rows, columns]` */
const numbersOf = (
  columns: readonly Column[],
  place: string
): E.Either<Failure, Extract<Target, { kind: 'numbers' }>['values']> => {
  const rows = columns[0]?.text.length ?? 0
  const data = new Float32Array(rows * columns.length)
  for (const [j, { name, text }] of columns.entries()) {
    for (const [i, cell] of text.entries()) {
      const value = cell === '' ? NaN : Number(cell)
      if (!Number.isFinite(value)) {
        const what = cell === '' ? 'an empty cell' : JSON.stringify(cell.slice(0, 40))
        const cure = 'A target needs a number in every row: replace it, or leave the row out'
        return E.left(failure('input', place, `row ${i + 1}, column ${name}: ${what} is not a finite number`, cure))
      }
      data[i * columns.length + j] = value
    }
  }
  return E.right({ shape: [rows, columns.length], data })
}

/** Classes of one column, by name. */
export const classesOf = (
  { name, text }: Column,
  place: string
): E.Either<Failure, Extract<Target, { kind: 'classes' }>> => {
  const empty = text.findIndex(c => c === '')
  if (empty >= 0) {
    const what = `row ${empty + 1}, column ${name}: an empty cell is no class`
    return E.left(failure('input', place, what, 'Name its class, or leave the row out'))
  }
  const classes = [...new Set(text)].sort(byNumberOrName)
  const index = new Map(classes.map((c, i) => [c, i]))
  return E.right({ kind: 'classes', names: classes, values: text.map(c => index.get(c) as number) })
}

/** The target that columns hold. */
export const targetOf = (columns: readonly Column[], task: TaskChoice, place: string): E.Either<Failure, Target> => {
  const kind = task === 'auto' ? inferred(columns) : task
  const [column] = columns
  if (kind === 'classes') {
    return columns.length === 1 && column
      ? classesOf(column, place)
      : E.left(failure('usage', '--target', 'classes need exactly one target column', 'Give one column'))
  }
  return E.map((values: Extract<Target, { kind: 'numbers' }>['values']): Target => ({
    kind,
    names: columns.map(c => c.name),
    values
  }))(numbersOf(columns, place))
}

const partNames: Readonly<Record<string, number>> = {
  0: 0,
  1: 1,
  2: 2,
  train: 0,
  training: 0,
  validation: 1,
  valid: 1,
  val: 1,
  dev: 1,
  test: 2
}

/** The division that a column names row by row. */
export const divisionBy = ({ name, text }: Column, place: string): E.Either<Failure, Division> => {
  const parts = text.map(cell => partNames[cell.toLowerCase()])
  const odd = parts.indexOf(undefined)
  return odd < 0
    ? E.right({ kind: 'given', split: splitOfParts(parts as readonly number[]) })
    : E.left(
        failure(
          'input',
          place,
          `row ${odd + 1}, column ${name}: ${JSON.stringify(text[odd])} is no part of a split`,
          'Say train, validation or test (or 0, 1, 2)'
        )
      )
}

const named = (sheet: Sheet, names: readonly string[], flag: string): E.Either<Failure, readonly Column[]> => {
  const absent = names.find(name => !columnNamed(sheet, name))
  const known = sheet.columns.map(c => c.name)
  const shown = `${known.slice(0, 20).join(', ')}${known.length > 20 ? ', ...' : ''}`
  return absent === undefined
    ? E.right(names.map(name => columnNamed(sheet, name) as Column))
    : E.left(failure('usage', flag, `${sheet.place} has no column ${absent}`, `Name one of ${shown}`))
}

/** A table, and what is worth saying of how it was made. */
export interface TableMade {
  readonly table: Table
  readonly remarks: readonly string[]
}

const few = (all: readonly string[], most: number, separator: string): string =>
  `${all.slice(0, most).join(separator)}${all.length > most ? `${separator}and ${all.length - most} more` : ''}`

/** What is said of columns that are left out for one reason. */
export const leftOutRemark = (why: string, columns: readonly string[]): readonly string[] =>
  columns.length === 0 ? [] : [`left out ${columns.length} column(s), ${why}: ${few(columns, 10, ', ')}`]

const remarksOf = (
  leftOut: readonly (readonly [string, string])[],
  encoded: readonly string[],
  described: readonly string[]
): readonly string[] => {
  const reasons = new Map<string, string[]>()
  for (const [column, why] of leftOut) reasons.set(why, [...(reasons.get(why) ?? []), column])
  return [
    `columns: ${few(described, 12, '; ')}`,
    ...[...reasons].flatMap(([why, columns]) => leftOutRemark(why, columns)),
    ...(encoded.length > 0 ? [few(encoded, 10, '; ')] : [])
  ]
}

/** A sheet as a table: targets, split, then the encoding that the training rows teach. */
export const tabular = (sheet: Sheet, reading: Reading, seed: number): E.Either<Failure, TableMade> => {
  const { place, rows } = sheet
  const others = sheet.columns.map(c => c.name).filter(name => name !== reading.split)
  const targets = reading.target.length > 0 ? reading.target : others.slice(-1)
  return pipe(
    E.Do,
    E.bind('columns', () => named(sheet, targets, '--target')),
    E.chainFirst(() => named(sheet, reading.categorical, '--categorical')),
    E.chainFirst(() => named(sheet, reading.ignore, '--ignore')),
    E.bind('target', ({ columns }) => targetOf(columns, reading.task, place)),
    E.bind('division', ({ target }): E.Either<Failure, Division> => {
      if (reading.split === '') return E.right({ kind: target.kind === 'classes' ? 'stratified' : 'random' })
      return pipe(
        named(sheet, [reading.split], '--split'),
        E.chain(([column]) => divisionBy(column as Column, place))
      )
    }),
    E.bind('split', ({ target, division }): E.Either<Failure, Split> => {
      const split = divided(division, rows, target.kind === 'classes' ? target.values : [], seed)
      return split.training.length > 0
        ? E.right(split)
        : E.left(failure('input', place, 'no rows are left for training', 'Give more rows'))
    }),
    E.bind('learnt', ({ split }) => {
      const features = others.filter(name => !targets.includes(name) && !reading.ignore.includes(name))
      return learnEncoding(sheet, features, split.training, reading.categorical)
    }),
    E.bind('encoded', ({ learnt }) => encode(learnt.encoding, sheet)),
    E.chain(({ target, split, learnt: { encoding, leftOut }, encoded }): E.Either<Failure, TableMade> => {
      if (encoding.length === 0) {
        return E.left(
          failure('input', place, 'every feature is the same in all rows, or of no use', 'Give features that vary')
        )
      }
      const table: Table = {
        name: place,
        features: featureNames(encoding),
        x: encoded.x,
        target,
        targets,
        scale: { kind: 'standard', except: indicators(encoding) },
        division: { kind: 'given', split },
        encoding
      }
      return E.right({ table, remarks: remarksOf(leftOut, encoded.remarks, described(encoding)) })
    })
  )
}

/** True classes of a sheet's rows, if it has the column and knows them all. */
export const truthOf = (sheet: Sheet, column: string, classes: readonly string[]): readonly number[] | undefined => {
  const text = columnNamed(sheet, column)?.text
  const values = text?.map(cell => (isMissing(cell) && !classes.includes(cell) ? -1 : classes.indexOf(cell)))
  return values === undefined || values.some(v => v < 0) ? undefined : values
}

/** An encoding for features that are plain numbers under their own names. */
export const plainEncoding = (features: readonly string[], fill: readonly number[]): Encoding =>
  range(features.length).map(j => ({
    as: 'number',
    column: features[j] as string,
    fill: fill[j] as number,
    marked: false
  }))
