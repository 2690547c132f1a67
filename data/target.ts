/** What is to be learned, as columns of cells hold it: classes, labels or numbers. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { Column, Sheet } from './sheet.js'
import { columnNamed, isMissing } from './sheet.js'
import type { Target } from './table.js'

/** How a target is to be read; `auto` looks at its cells. */
export type TaskChoice = 'auto' | Target['kind']

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
  const data = new Float64Array(rows * columns.length)
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

/** True classes of a sheet's rows, if it has the column and knows them all. */
export const truthOf = (sheet: Sheet, column: string, classes: readonly string[]): readonly number[] | undefined => {
  const text = columnNamed(sheet, column)?.text
  const values = text?.map(cell => (isMissing(cell) && !classes.includes(cell) ? -1 : classes.indexOf(cell)))
  return values === undefined || values.some(v => v < 0) ? undefined : values
}
