/** What a header line says of the columns below it: their names, which of them only number the rows, and whether it is one. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import { isMissing } from '../cells.js'
import type { Column } from '../sheet.js'
import { columnOf } from '../sheet.js'

/** Named columns, and what is worth saying of them. */
export interface Headed {
  readonly columns: readonly Column[]
  readonly remarks: readonly string[]
}

type Cells = readonly string[]

const NUMBER = /^[-+($€£]*[\d.,]*\d[\d.,]*(e[-+]?\d+)?\)?\s?%?$/i
/** Rows that tell what a column is like. */
const FEW = 1000

const isNumbers = (column: Cells): boolean => {
  const there = column.slice(0, FEW).filter(cell => !isMissing(cell))
  return there.length > 0 && there.every(cell => NUMBER.test(cell))
}

/** Whether numbers stand as names: 0, 1, 2, ... as pandas has it, or years. */
const areCounted = (names: Cells): boolean =>
  names.length > 2 && names.every((n, i) => /^\d+$/.test(n) && Number(n) === Number(names[0]) + i)

/** Why a first line is data rather than names, if it is. */
const dataInHeader = (names: Cells, columns: readonly Cells[]): string | undefined => {
  const numbers = names.filter((name, j) => NUMBER.test(name) && isNumbers(columns[j] as Cells))
  if (numbers.length > 0 && !areCounted(numbers))
    return `${JSON.stringify(numbers[0]?.slice(0, 40))} in its first line is a number like those below`
  const recur = (name: string, j: number): boolean => (columns[j] as Cells).slice(0, FEW).includes(name)
  return names.length > 1 && names.every((name, j) => name !== '' && recur(name, j))
    ? 'every cell of its first line stands below, too'
    : undefined
}

const listed = (places: readonly number[]): string => places.map(j => `column ${j + 1}`).join(', ')

/**
 * Columns by name. Unnamed ones at the left number the rows and are left out; one at the right would be the target, and is
 * refused unless it is empty, as where lines end with a separator or several; others are called by their place. A header of one name
 * less than there are columns leaves out the rows' names, as R writes it. `comments` is how many lines before it were skipped.
 */
export const headed = (
  header: Cells,
  cells: readonly Cells[],
  place: string,
  comments: number
): E.Either<Failure, Headed> => {
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
  const remarks: string[] = comments > 0 ? [`skipped ${comments} line(s) of comments (#) before the header`] : []
  const isEmpty = (j: number): boolean => (cells[j] as Cells).every(cell => cell === '')
  let names = header
  if (cells.length > header.length) {
    const last = cells.length - 1
    if (isEmpty(last)) names = [...header, '']
    else {
      const [first = []] = cells
      if (new Set(first).size < first.length)
        return wrong(
          `a ragged row: every row has ${cells.length} cells where the header has ${header.length}`,
          'Name the missing column, or quote cells that hold what separates cells'
        )
      names = ['', ...header]
    }
  }
  const faulty = dataInHeader(names, cells)
  if (faulty !== undefined)
    return wrong(
      `no header: ${faulty}`,
      `Add a line of names at the top${comments > 0 ? ', or take the # away from it' : ''}; a name that is a number needs a letter`
    )
  const leading = names.findIndex(name => name !== '')
  if (leading < 0) return wrong('no column has a name', 'Add a line of column names at the top')
  const out = new Set<number>()
  let last = names.length - 1
  for (; last > 0 && names[last] === '' && isEmpty(last); last--) out.add(last)
  if (last > 0 && names[last] === '')
    return wrong(`column ${last + 1}, the last, has no name`, 'Name it: the last column is the target')
  if (out.size > 0)
    remarks.push(
      out.size === 1
        ? 'left out the last column: it has neither name nor cells'
        : `left out the last ${out.size} columns: they have neither names nor cells`
    )
  const unnamed = names.flatMap((name, j) => (name === '' && !out.has(j) ? [j] : []))
  const [numbering, middle] = [unnamed.filter(j => j < leading), unnamed.filter(j => j > leading)]
  for (const j of numbering) out.add(j)
  if (numbering.length > 0)
    remarks.push(`left out what names the rows, without a name of its own: ${listed(numbering)}`)
  if (middle.length > 0) remarks.push(`columns without a name are called by their place: ${listed(middle)}`)
  const columns = names.flatMap((name, j) =>
    out.has(j) ? [] : [columnOf(name === '' ? `column ${j + 1}` : name, cells[j] as Cells)]
  )
  return E.right({ columns, remarks })
}
