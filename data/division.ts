/** How somebody wants the rows of a table divided: by a column, by time, by group, in folds, or by seed. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { isMissing, numberReader } from './cells.js'
import { dateReader, isoDays } from './dates.js'
import type { Hints } from './meaning.js'
import { understand } from './meaning.js'
import { foldSplit, groupSplit, timeSplit } from './partition.js'
import type { Reading } from './reading.js'
import type { Column } from './sheet.js'
import type { Split } from './split.js'
import { divided } from './split.js'
import { divisionBy } from './split-column.js'

/** What of a reading says how rows are divided. */
export type Dividing = Pick<Reading, 'split' | 'splitSeed' | 'time' | 'group' | 'folds' | 'fold'>

const refuse = (where: string, what: string, cure: string): E.Either<Failure, never> =>
  E.left(failure('usage', where, what, cure))

/** Ways of dividing that exclude each other. */
export const checkDividing = ({ split, splitSeed, time, group, folds, fold }: Dividing): E.Either<Failure, void> => {
  const named = [split !== '' && '--split', time !== '' && '--time', folds > 0 && '--folds'].filter(
    (flag): flag is string => flag !== false
  )
  if (named.length > 1) return refuse(named.join(' and '), 'only one of them can divide the rows', 'Leave one out')
  if (group !== '' && (split !== '' || time !== ''))
    return refuse('--group', `it does not go with ${named[0]}`, 'Leave one of the two out')
  if (splitSeed !== null && (split !== '' || time !== ''))
    return refuse('--split-seed', `with ${named[0]} nothing is drawn`, 'Leave it out')
  if (folds === 1 || folds === 2)
    return refuse('--folds', `${folds} are too few: one is for the test, one for validation`, 'Say 3 or more')
  return folds > 0 && fold >= folds
    ? refuse('--folds', `there is no fold ${fold} of ${folds}`, 'Number them from 0')
    : E.right(undefined)
}

/** Numbers or days by which rows are in order. */
const timesOf = (column: Column, hints: Hints, place: string): E.Either<Failure, readonly number[]> => {
  const { meaning } = understand(column, { ...hints, said: undefined })
  const read =
    meaning.as === 'date'
      ? (dateReader(meaning.format) ?? isoDays)
      : numberReader(meaning.as === 'numbers' ? meaning.format : { decimal: '.', group: '', unit: '' }, hints.marks)
  const times = column.text.map(cell => read(cell) ?? NaN)
  const odd = times.findIndex(t => !Number.isFinite(t))
  if (odd < 0) return E.right(times)
  const what = `row ${odd + 1}, column ${column.name}: ${JSON.stringify((column.text[odd] as string).slice(0, 40))} is no number and no ISO date`
  return E.left(
    failure('input', place, what, `Correct it, or say how dates are written: --date '${column.name}=DD/MM/YYYY'`)
  )
}

/** Groups numbered from 0 in the order of their first rows. */
const groupsOf = (
  { name, text }: Column,
  marks: readonly string[],
  place: string
): E.Either<Failure, readonly number[]> => {
  const odd = text.findIndex(cell => isMissing(cell, marks))
  if (odd >= 0) return E.left(failure('input', place, `row ${odd + 1}, column ${name}: it has no group`, 'Give it one'))
  const known = new Map<string, number>()
  const groups = text.map(cell => known.get(cell) ?? (known.set(cell, known.size), known.size - 1))
  return E.right(groups)
}

/** What a table has that its division may need. */
export interface Divisible {
  readonly place: string
  readonly rows: number
  /** Classes of the rows by number, if they have any. */
  readonly classes: readonly number[] | undefined
  /** The columns that the reading names, once found. */
  readonly column: (name: string, flag: string) => E.Either<Failure, Column>
  readonly hints: (name: string) => Hints
}

/** The parts of the rows that a reading wants. */
export const splitBy = (wanted: Dividing, seed: number, t: Divisible): E.Either<Failure, Split> => {
  const checked = checkDividing(wanted)
  if (E.isLeft(checked)) return checked
  const drawn = wanted.splitSeed ?? seed
  const { place, rows, classes } = t
  if (wanted.split !== '') {
    const column = t.column(wanted.split, '--split')
    if (E.isLeft(column)) return column
    const division = divisionBy(column.right, place)
    return E.map((d: Parameters<typeof divided>[0]) => divided(d, rows, [], drawn))(division)
  }
  if (wanted.time !== '') {
    const column = t.column(wanted.time, '--time')
    return E.isLeft(column) ? column : E.map(timeSplit)(timesOf(column.right, t.hints(wanted.time), place))
  }
  const column = wanted.group === '' ? undefined : t.column(wanted.group, '--group')
  if (column && E.isLeft(column)) return column
  const groups = column && groupsOf(column.right, t.hints(wanted.group).marks, place)
  if (groups && E.isLeft(groups)) return groups
  const parts = groups && new Set(groups.right).size
  const needed = Math.max(3, wanted.folds)
  if (parts !== undefined && parts < needed)
    return refuse('--group', `column ${wanted.group} has ${parts} groups, ${needed} are needed`, 'Name another column')
  if (wanted.folds > 0) {
    if (rows < wanted.folds) return refuse('--folds', `${rows} rows make no ${wanted.folds} folds`, 'Say fewer')
    return E.right(foldSplit(wanted.fold, wanted.folds, classes ?? range(rows).map(() => 0), groups?.right, drawn))
  }
  if (groups) return E.right(groupSplit(groups.right, drawn))
  return E.right(divided({ kind: classes ? 'stratified' : 'random' }, rows, classes ?? [], drawn))
}
