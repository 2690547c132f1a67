/** What is to be learned, as columns of cells hold it: classes, labels or numbers. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { NumberFormat } from './cells.js'
import { formatOf, isMissing, isMissingNumber, numberReader, plainFormat } from './cells.js'
import { areClasses, classesOf, MOST_CLASSES } from './classes.js'
import type { Hints, Understood } from './meaning.js'
import { understand, yesOrNo } from './meaning.js'
import type { Column } from './sheet.js'
import type { Target } from './table.js'
import type { TaskChoice } from './task-choice.js'

/** A target with what is worth saying of how it was read, and the rows that have one. */
export interface TargetRead {
  readonly target: Target
  /** Row numbers in the sheet; all of them unless rows were dropped. */
  readonly rows: readonly number[]
  readonly remarks: readonly string[]
  /** How the numbers of each target column are written. */
  readonly formats?: readonly NumberFormat[]
}

/** How targets are to be read. */
export interface TargetReading {
  readonly task: TaskChoice
  /** Leaves out rows whose target is missing, or no number among numbers. */
  readonly drop: boolean
  readonly hints: Hints
}

/** Words that stand for no class, whatever else a word such as none may mean. */
const noClass = (cell: string, marks: readonly string[]): boolean =>
  isMissing(cell, marks) && cell.toLowerCase() !== 'none'

const isLabel = (column: Column, marks: readonly string[]): boolean =>
  column.text.every(cell => isMissing(cell, marks) || yesOrNo(cell) !== undefined)

const inferred = (columns: readonly Column[], known: readonly Understood[], hints: Hints): Target['kind'] => {
  if (columns.length > 1) return columns.every(c => isLabel(c, hints.marks)) ? 'labels' : 'numbers'
  const [column, understood] = [columns[0] as Column, known[0] as Understood]
  const { meaning } = understood
  if (meaning.as === 'id') return meaning.of === 'numbers' ? 'numbers' : 'classes'
  return meaning.as === 'numbers' && !areClasses(column, understood, hints) ? 'numbers' : 'classes'
}

type Numbers = Extract<Target, { kind: 'numbers' | 'labels' }>

/** How the cells of a target column of numbers or labels are read: NaN where missing, undefined where they are neither. */
const valueReader = (
  kind: Numbers['kind'],
  format: NumberFormat,
  marks: readonly string[]
): ((cell: string) => number | undefined) =>
  kind === 'labels' ? cell => (isMissing(cell, marks) ? NaN : yesOrNo(cell)) : numberReader(format, marks)

/** How the numbers of a column are written, whatever else it is: one number everywhere is written in some way, too. */
const formatIn = ({ text }: Column, { meaning }: Understood, { marks, decimal }: Hints): NumberFormat => {
  if (meaning.as === 'numbers') return meaning.format
  const cells = [...new Set(text)].filter(cell => !isMissingNumber(cell, marks))
  return cells.length === 0 ? plainFormat : formatOf(cells, decimal)
}

/** Rows that have no target, each with its column and the reason. */
interface Bad {
  readonly row: number
  readonly column: string
  readonly cell: string
}

const badIn = (
  kind: Target['kind'],
  columns: readonly Column[],
  formats: readonly NumberFormat[],
  marks: readonly string[]
): readonly Bad[] => {
  const found: Bad[] = []
  for (const [j, { name, text }] of columns.entries()) {
    const read = kind === 'classes' ? undefined : valueReader(kind, formats[j] as NumberFormat, marks)
    text.forEach((cell, row) => {
      const bad = read ? !Number.isFinite(read(cell) ?? NaN) : noClass(cell, marks)
      if (bad) found.push({ row, column: name, cell })
    })
  }
  return found.sort((a, b) => a.row - b.row)
}

const [NAMED, NEEDED] = [5, 2] as const

const said = ({ row, column, cell }: Bad): string =>
  `row ${row + 1}, column ${column}: ${cell === '' ? 'empty' : JSON.stringify(cell.slice(0, 40))}`

/** Whole numbers of which somebody may think as classes. */
const wholeRemark = (target: Target): readonly string[] => {
  if (target.kind !== 'numbers' || target.names.length > 1) return []
  const distinct = new Set(target.values.data)
  const few = distinct.size <= MOST_CLASSES && [...distinct].every(Number.isInteger)
  const what = `target ${target.names[0]}: ${distinct.size} different whole numbers taken as numbers`
  return few ? [`${what}, as --task numbers would; --task classes learns them as classes`] : []
}

/** The target that columns hold. */
export const targetOf = (
  columns: readonly Column[],
  { task, drop, hints }: TargetReading,
  place: string
): E.Either<Failure, TargetRead> => {
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
  const known = columns.map(column => understand(column, { ...hints, target: true }))
  const kind = task === 'auto' ? inferred(columns, known, hints) : task
  if (kind === 'classes' && columns.length !== 1)
    return E.left(failure('usage', '--target', 'classes need exactly one target column', 'Give one column'))
  const count = columns[0]?.text.length ?? 0
  const formats = columns.map((column, j) => formatIn(column, known[j] as Understood, hints))
  const bad = badIn(kind, columns, formats, hints.marks)
  const lost = new Set(bad.map(b => b.row))
  if (lost.size > 0 && !drop) {
    const named = bad.slice(0, NAMED).map(said).join('; ')
    const more = bad.length > NAMED ? `; and ${bad.length - NAMED} more` : ''
    const wanted = { classes: 'a class', labels: '0 or 1, yes or no', numbers: 'a number' }[kind]
    const verb = bad.length === 1 ? 'is' : 'are'
    return wrong(
      `${named}${more} ${verb} not ${wanted}`,
      'Correct them, or leave their rows out with --drop-bad-targets'
    )
  }
  const rows = range(count).filter(row => !lost.has(row))
  if (rows.length < NEEDED)
    return wrong(`only ${rows.length} of ${count} rows have a target`, 'Give more, or name another --target')
  const dropped =
    lost.size > 0 ? [`left out ${lost.size} rows without a target: ${bad.slice(0, NAMED).map(said).join('; ')}`] : []
  if (kind === 'classes') {
    const made = classesOf(columns[0] as Column, rows, known[0] as Understood, task)
    if (typeof made[0] === 'string') return wrong(made[0], made[1] as string)
    return E.right({ target: made[0], rows, remarks: [...dropped, ...(made[1] as readonly string[])] })
  }
  const readers = formats.map(format => valueReader(kind, format, hints.marks))
  const data = new Float64Array(rows.length * columns.length)
  rows.forEach((row, i) =>
    columns.forEach(({ text }, j) => {
      data[i * columns.length + j] = (readers[j] as (cell: string) => number)(text[row] as string)
    })
  )
  const target: Target = {
    kind,
    names: columns.map(c => c.name),
    values: { shape: [rows.length, columns.length], data }
  }
  const remarks = [...dropped, ...(task === 'auto' ? wholeRemark(target) : [])]
  return E.right({ target, rows, remarks, ...(kind === 'numbers' ? { formats } : {}) })
}

/**
 * How targets of a new file are read: NaN where one is missing, undefined where it is none. Numbers are written as in
 * training, if that is known: two cells such as 1.100 do not tell what their point is.
 */
export const answerReader = (
  kind: Numbers['kind'],
  column: Column,
  marks: readonly string[] = [],
  format?: NumberFormat
): ((cell: string) => number | undefined) => {
  const hints: Hints = { marks, said: 'numbers' }
  return valueReader(
    kind,
    (column.plain === true ? plainFormat : format) ?? formatIn(column, understand(column, hints), hints),
    marks
  )
}
