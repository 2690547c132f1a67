/** Anybody's own table: which column is to be learned, how rows are divided, what the others mean. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { decimalMarkOf, distinctOf, formatOf, numberReader } from './cells.js'
import { checkNames, columnOfFlag } from './check-reading.js'
import { splitBy } from './division.js'
import { featureNames, indicators } from './codes.js'
import { encode } from './encoding.js'
import { learnEncoding } from './learn-encoding.js'
import type { Hints, Understood } from './meaning.js'
import { understand } from './meaning.js'
import type { Preparation, Scale } from './preparation.js'
import type { ColumnProfile, TableProfile } from './profile.js'
import { bystander, classCounts, featureProfile, partRemarks } from './profile.js'
import type { Reading } from './reading.js'
import { tableRemarks } from './remarks.js'
import { weightsOf } from './row-weights.js'
import type { Column, Sheet } from './sheet.js'
import { columnNamed, rowsOfSheet } from './sheet.js'
import type { Split } from './split.js'
import type { Table, Target } from './table.js'
import type { TargetRead } from './target.js'
import { targetOf } from './target.js'

/** A table, and what is worth saying of how it was made. */
export interface TableMade {
  readonly table: Table
  readonly remarks: readonly string[]
  /** How its rows are divided, if the table was made by what the training rows teach: another division would not do. */
  readonly split?: Split
  /** What each of its columns was taken for, if they are somebody's own. */
  readonly profile?: TableProfile
}

/** Cells of each column that are asked for the decimal mark. */
const TELLING = 1000

/** What is known of each column beside its cells. */
const hintsOf = (sheet: Sheet, r: Reading): ((name: string) => Hints) => {
  const cells = function* (): Iterable<string> {
    for (const { text, plain } of sheet.columns) if (plain !== true) yield* text.slice(0, TELLING)
  }
  // who separates cells by semicolons has another use for commas
  const usual = sheet.delimiter === ';' ? ',' : undefined
  const decimal = r.decimal === '' ? (decimalMarkOf(cells()) ?? usual) : r.decimal
  const formats = new Map(r.dates.map(d => [d.column, d.format]))
  return name => ({
    marks: r.missing,
    decimal: columnNamed(sheet, name)?.plain === true ? '.' : decimal,
    said: r.categorical.includes(name) ? 'words' : r.numeric.includes(name) ? 'numbers' : undefined,
    date: formats.get(name)
  })
}

const scaleFor = (name: Reading['scale'], except: readonly boolean[]): Scale =>
  name === 'none' ? { kind: 'none' } : { kind: name === 'robust' ? 'robust' : 'standard', except }

/** A number that people write where they have none, alone beyond all others. */
const sentinelRemark = (
  { name, text }: Column,
  { meaning }: Understood,
  marks: readonly string[]
): readonly string[] => {
  if (meaning.as !== 'numbers') return []
  const suspects = ['-999', '-9999', '-99', '999', '9999', '-999.0', '-9999.0']
  const found = suspects.find(cell => text.includes(cell))
  if (found === undefined) return []
  const read = numberReader(meaning.format, marks)
  const others = text.filter(cell => cell !== found).map(cell => read(cell) ?? NaN)
  const largest = others.reduce((most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most), 0)
  const rows = text.filter(cell => cell === found).length
  return rows > 1 && 5 * largest < Math.abs(Number(found))
    ? [
        `column ${name}: ${found} stands in ${rows} rows, far from all others; if it means missing, say --missing=${found}`
      ]
    : []
}

/** Fewest different numbers, and most different words, of a column of words that may have been meant as numbers. */
const [MANY_NUMBERS, FEW_WORDS] = [21, 3] as const

/** Numbers that are taken as words, because few words stand among them, too often to be slips. */
const mixedRemark = ({ name, text }: Column, { meaning }: Understood, { marks, decimal }: Hints): readonly string[] => {
  if (meaning.as !== 'words' && meaning.as !== 'text') return []
  const cells = [...distinctOf(text, marks).counts.keys()]
  const read = numberReader(formatOf(cells, decimal), marks)
  const odd = cells.filter(cell => read(cell) === undefined)
  if (odd.length === 0 || odd.length > FEW_WORDS || cells.length - odd.length < MANY_NUMBERS) return []
  const [words, list] = [odd.map(cell => JSON.stringify(cell.slice(0, 24))).join(', '), odd.join(',')]
  return [
    `column ${name}: ${cells.length - odd.length} different numbers beside ${words}, so taken as words; if that means missing, say --missing='${list}'`
  ]
}

/** The columns that are to be learned, the last one that has no other purpose if none is named. */
const targetNames = (sheet: Sheet, r: Reading): readonly string[] => {
  const taken = new Set([r.split, r.time, r.group, r.weights, ...r.ignore])
  return r.target.length > 0
    ? r.target
    : sheet.columns
        .map(c => c.name)
        .filter(name => !taken.has(name))
        .slice(-1)
}

/** What of a table's profile is not a feature: what else each column serves for. */
const roleOf = (name: string, r: Reading, targets: readonly string[]): ColumnProfile['role'] => {
  if (targets.includes(name)) return 'target'
  if (r.ignore.includes(name)) return 'ignored'
  const served = (['split', 'time', 'group', 'weights'] as const).find(role => r[role] === name)
  return served === undefined || served === 'time' ? 'feature' : served
}

const targetWhy = ({ target }: TargetRead, { why }: Understood): string => {
  switch (target.kind) {
    case 'classes':
      return `${target.names.length === 1 ? 'one class' : `${target.names.length} classes`}: ${target.names.slice(0, 4).join(', ')}${target.names.length > 4 ? ', ...' : ''}`
    case 'labels':
      return 'a label, 0 or 1'
    case 'numbers':
      return `to be learned; ${why}`
  }
}

/** What is known of a table beforehand: how its columns become features, and what is to be learned. */
export interface KnownTable {
  readonly task: { readonly kind: Target['kind'] }
  readonly targets: readonly string[]
  readonly preparation: Preparation
}

const targetsBy = ({ target }: Reading, { targets }: KnownTable): readonly string[] =>
  target.length > 0 ? target : targets

/** A sheet as a table: targets, split, then the encoding that the training rows teach. */
export const tabular = (
  given: Sheet,
  asked: Reading,
  seed: number,
  known?: KnownTable
): E.Either<Failure, TableMade> => {
  const reading = known ? { ...asked, target: targetsBy(asked, known), task: known.task.kind } : asked
  const { place } = given
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
  const targets = targetNames(given, reading)
  if (targets.length === 0) return wrong('no column is left to be learned', 'Name it with --target')
  const named = checkNames(given, reading, targets)
  if (E.isLeft(named)) return named
  const hints = hintsOf(given, reading)
  const column = (sheet: Sheet) => (name: string, flag: string) => columnOfFlag(sheet, name, flag)
  const read = targetOf(
    targets.map(name => columnNamed(given, name) as Column),
    { task: reading.task, drop: reading.dropBadTargets, hints: hints(targets[0] as string) },
    place
  )
  if (E.isLeft(read)) return read
  const { target, rows } = read.right
  const whole = rows.length === given.rows
  const sheet = whole ? given : rowsOfSheet(given, rows)
  const classes = target.kind === 'classes' ? target.values : undefined
  const split = splitBy(reading, seed, { place, rows: rows.length, classes, column: column(sheet), hints })
  if (E.isLeft(split)) return split
  const { training } = split.right
  if (training.length === 0) return wrong('no rows are left for training', 'Give more rows')
  const weights =
    reading.weights === ''
      ? undefined
      : E.chain(weightsOf(place, hints(reading.weights), training))(columnOfFlag(sheet, reading.weights, '--weights'))
  if (weights && E.isLeft(weights)) return weights
  const understood = sheet.columns.map(c => understand(c, hints(c.name)))
  const roles = new Map(sheet.columns.map(c => [c.name, roleOf(c.name, reading, targets)]))
  const features = understood.filter(u => roles.get(u.name) === 'feature')
  const learned = known?.preparation.encoding
    ? E.right({ encoding: known.preparation.encoding, leftOut: [] })
    : learnEncoding(sheet, features, training, reading.missing)
  if (E.isLeft(learned)) return learned
  const { encoding, leftOut } = learned.right
  const reasons = new Map(leftOut)
  const codes = new Map(encoding.map(code => [code.column, code]))
  const columns = understood.map(u => {
    const role = roles.get(u.name) ?? 'feature'
    if (role === 'feature') return featureProfile(u, codes.get(u.name), reasons.get(u.name))
    if (role !== 'target') return bystander(u, role)
    const kind = target.kind === 'numbers' ? 'numbers' : u.meaning.as === 'id' ? 'words' : u.meaning.as
    const there = target.kind === 'classes' ? { missing: 0 } : {} // none is a class
    return { ...bystander(u, role, targetWhy(read.right, u)), kind, ...there }
  })
  if (encoding.length === 0) {
    const why = leftOut.slice(0, 5).map(([name, reason]) => `${name} (${reason})`)
    return wrong(
      `no column is left to learn from${why.length > 0 ? `: ${why.join(', ')}` : ''}`,
      'Give features that vary; --numeric and --categorical say what a column is, --delimiter what parts the cells'
    )
  }
  const encoded = encode(encoding, sheet, reading.missing)
  if (E.isLeft(encoded)) return encoded
  const table: Table = {
    name: place,
    features: featureNames(encoding),
    x: encoded.right.x,
    target,
    targets,
    scale: scaleFor(reading.scale, indicators(encoding)),
    division: { kind: 'given', split: split.right },
    encoding,
    ...(whole ? {} : { names: rows.map(row => String(row + 1)) }),
    ...(weights ? { weights: weights.right } : {}),
    ...(read.right.formats ? { targetFormats: read.right.formats } : {}),
    ...(reading.missing.length > 0 ? { missing: reading.missing } : {})
  }
  const remarks = [
    ...(given.remarks ?? []),
    ...read.right.remarks,
    ...features.flatMap(u => sentinelRemark(columnNamed(sheet, u.name) as Column, u, reading.missing)),
    ...features.flatMap(u =>
      reading.categorical.includes(u.name) ? [] : mixedRemark(columnNamed(sheet, u.name) as Column, u, hints(u.name))
    ),
    ...tableRemarks(leftOut, encoded.right.unknown),
    ...partRemarks(target, split.right)
  ]
  const parts = {
    training: training.length,
    validation: split.right.validation.length,
    test: split.right.test.length
  }
  const profile: TableProfile = {
    name: place,
    rows: rows.length,
    columns,
    target: { columns: targets, kind: target.kind, classes: classCounts(target, split.right) },
    parts,
    inputs: table.features.length,
    remarks
  }
  return E.right({ table, split: split.right, remarks, profile })
}
