/** What a file says itself of the answers to its rows: by that predictions are scored. */
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { isMissing } from '../data/cells.js'
import type { Task } from '../data/dataset.js'
import type { Preparation } from '../data/preparation.js'
import type { Column } from '../data/sheet.js'
import { className } from '../data/classes.js'
import { answerReader } from '../data/target.js'

/** Answers that a file gives, for the rows where it gives all of them. */
export interface GivenAnswers {
  /** Numbers of these rows in the file, ascending. */
  readonly rows: readonly number[]
  /** One-hot classes, labels, or numbers in their own units. `[rows, outputs]` */
  readonly truth: NdArray
  /** Which rows are left out of the score, and why. */
  readonly remarks: readonly string[]
}

/** The place of a class among those known, also where a number is written in another way, as 1 and 1.0. */
const placesOf = (classes: readonly string[]): ((cell: string) => number | undefined) => {
  const byName = new Map(classes.map((name, i) => [name, i]))
  return cell => byName.get(cell) ?? byName.get(className(cell))
}

/** An answer: the place of its class, or its numbers; or `missing` where there is none, or the cell that is none. */
type Answer = readonly number[] | { readonly odd: string } | 'missing'

const classAnswers = (
  [column]: readonly Column[],
  classes: readonly string[],
  marks: readonly string[]
): readonly Answer[] => {
  const placeOf = placesOf(classes)
  return (column?.text ?? []).map(cell => {
    const place = placeOf(cell)
    if (place === undefined) return isMissing(cell, marks) ? 'missing' : { odd: cell }
    return [place]
  })
}

/** How the table that was learned from writes gaps and numbers. */
export type Written = Pick<Preparation, 'missing' | 'targetFormats'>

const numberAnswers = (
  kind: 'labels' | 'numbers',
  columns: readonly Column[],
  { missing = [], targetFormats }: Written
): readonly Answer[] => {
  const readers = columns.map((column, j) => answerReader(kind, column, missing, targetFormats?.[j]))
  return range(columns[0]?.text.length ?? 0).map(i => {
    const cells = columns.map(({ text }, j) => ({ cell: text[i] as string, value: readers[j]?.(text[i] as string) }))
    const odd = cells.find(({ value }) => value === undefined)
    if (odd) return { odd: odd.cell }
    return cells.some(({ value }) => Number.isNaN(value)) ? 'missing' : cells.map(({ value }) => value as number)
  })
}

const answersOf = ({ kind, outputs }: Task, columns: readonly Column[], written: Written): readonly Answer[] =>
  kind === 'classes' ? classAnswers(columns, outputs, written.missing ?? []) : numberAnswers(kind, columns, written)

const oddWords: Readonly<Record<Task['kind'], string>> = {
  classes: 'of unknown classes',
  labels: 'other than 0 and 1',
  numbers: 'that are no numbers'
}

/** The answers that target columns hold: one column of classes, or one for each label or number. */
export const givenAnswers = (task: Task, columns: readonly Column[], written: Written = {}): GivenAnswers => {
  const all = answersOf(task, columns, written)
  const rows = range(all.length).filter(i => Array.isArray(all[i]))
  const odd = all.flatMap(answer => (typeof answer === 'object' && 'odd' in answer ? [answer.odd] : []))
  const missing = all.filter(answer => answer === 'missing').length
  const named = [...new Set(odd)].slice(0, 3).map(cell => JSON.stringify(cell.slice(0, 40)))
  const reasons = [
    ...(odd.length > 0 ? [`${odd.length} ${oddWords[task.kind]} (${named.join(', ')})`] : []),
    ...(missing > 0 ? [`${missing} without an answer`] : [])
  ]
  const width = task.outputs.length
  const data = new Float64Array(rows.length * width)
  rows.forEach((row, i) => {
    const answer = all[row] as readonly number[]
    if (task.kind === 'classes') data[i * width + (answer[0] as number)] = 1
    else data.set(answer, i * width)
  })
  return {
    rows,
    truth: { shape: [rows.length, width], data },
    remarks:
      reasons.length > 0 ? [`${odd.length + missing} of ${all.length} rows are not scored: ${reasons.join(', ')}`] : []
  }
}
