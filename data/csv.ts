/** Tables from CSV text: a header line, then numbers, and a target column of classes, labels or numbers. */
import { parse } from 'csv-parse/sync'
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/failure.js'
import { failure } from '../core/failure.js'
import { range, tabulate } from '../core/ndarray.js'
import type { Table, Target } from './table.js'

/** The cells of a CSV text. */
export interface Cells {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

interface CsvError {
  readonly code?: string
  readonly lines?: number
  readonly message: string
}

/** Splits CSV text into cells; every row has as many as the header. `place` names the file. */
export const readCells = (csv: string, place: string): E.Either<Failure, Cells> => {
  let records: string[][]
  try {
    records = parse(csv, { bom: true, skip_empty_lines: true, trim: true, max_record_size: 16 * 1024 * 1024 })
  } catch (error) {
    const { code, lines, message } = error as CsvError
    const line = lines === undefined ? '' : `line ${lines}: `
    return E.left(
      code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH' || code === 'CSV_RECORD_INCONSISTENT_COLUMNS'
        ? failure(
            'input',
            place,
            `${line}a ragged row, not as many cells as the header`,
            'Give every row the same number of cells'
          )
        : failure('input', place, `${line}not CSV: ${message}`, 'Quote cells that hold commas, quotes or line breaks')
    )
  }
  const [header, ...rows] = records
  if (!header || header.length === 0)
    return E.left(failure('input', place, 'the file is empty', 'Give a header line and rows'))
  const twice = header.find((name, i) => header.indexOf(name) !== i)
  if (twice !== undefined)
    return E.left(failure('input', place, `two columns are called ${twice}`, 'Give every column its own name'))
  if (rows.length === 0) return E.left(failure('input', place, 'zero rows below the header', 'Give at least two rows'))
  return E.right({ header, rows })
}

/** Columns by name as numbers; the first cell that is none is named. `[rows, columns]` */
export const numbers = (
  { header, rows }: Cells,
  names: readonly string[],
  place: string
): E.Either<Failure, Table['x']> => {
  const columns = names.map(name => header.indexOf(name))
  let bad: Failure | undefined
  const x = tabulate([rows.length, names.length], (i, j) => {
    const cell = (rows[i] as readonly string[])[columns[j] as number] ?? ''
    const value = cell === '' ? NaN : Number(cell)
    if (!Number.isFinite(value)) {
      bad ??= failure(
        'input',
        place,
        `row ${i + 1}, column ${names[j]}: ${cell === '' ? 'an empty cell' : JSON.stringify(cell.slice(0, 40))} is not a finite number`,
        'Replace it by a number, or leave the row or column out'
      )
    }
    return value
  })
  return bad ? E.left(bad) : E.right(x)
}

/** How a target is to be read; `auto` looks at its cells. */
export type TaskChoice = 'auto' | Target['kind']

const inferred = (cells: readonly (readonly string[])[]): Target['kind'] => {
  if (cells.length > 1) return cells.every(column => column.every(c => c === '0' || c === '1')) ? 'labels' : 'numbers'
  const [column = []] = cells
  const distinct = new Set(column)
  if (column.some(c => !Number.isFinite(Number(c)) || c === '')) return 'classes'
  return column.every(c => Number.isInteger(Number(c))) && distinct.size <= Math.max(2, Math.min(50, column.length / 4))
    ? 'classes'
    : 'numbers'
}

const byNumberOrName = (a: string, b: string): number =>
  Number.isFinite(Number(a)) && Number.isFinite(Number(b)) ? Number(a) - Number(b) : a < b ? -1 : 1

const targetOf = (
  cells: Cells,
  names: readonly string[],
  task: TaskChoice,
  place: string
): E.Either<Failure, Target> => {
  const columns = names.map(name => cells.rows.map(row => row[cells.header.indexOf(name)] as string))
  const kind = task === 'auto' ? inferred(columns) : task
  if (kind !== 'classes')
    return E.map((values: Table['x']): Target => ({ kind, names, values }))(numbers(cells, names, place))
  const [column = []] = columns
  if (columns.length !== 1)
    return E.left(failure('usage', '--target', 'classes need exactly one target column', 'Give one column'))
  const empty = column.findIndex(c => c === '')
  if (empty >= 0)
    return E.left(
      failure(
        'input',
        place,
        `row ${empty + 1}, column ${names[0]}: an empty cell is no class`,
        'Name its class, or leave the row out'
      )
    )
  const classes = [...new Set(column)].sort(byNumberOrName)
  const index = new Map(classes.map((c, i) => [c, i]))
  return E.right({ kind, names: classes, values: column.map(c => index.get(c) as number) })
}

/** A table of a CSV text. Features are all other columns; those that never vary are left out and named. */
export const readTable = (
  csv: string,
  place: string,
  { targets, task }: { readonly targets: readonly string[]; readonly task: TaskChoice }
): E.Either<Failure, { readonly table: Table; readonly constant: readonly string[] }> => {
  const cells = readCells(csv, place)
  if (E.isLeft(cells)) return cells
  const { header } = cells.right
  const wanted = targets.length > 0 ? targets : header.slice(-1)
  const absent = wanted.find(name => !header.includes(name))
  if (absent !== undefined) {
    return E.left(
      failure('usage', '--target', `${place} has no column ${absent}`, `Name one of ${header.slice(0, 20).join(', ')}`)
    )
  }
  const target = targetOf(cells.right, wanted, task, place)
  if (E.isLeft(target)) return target
  const features = header.filter(name => !wanted.includes(name))
  const x = numbers(cells.right, features, place)
  if (E.isLeft(x)) return x
  const [rows, columns] = x.right.shape
  const varies = (j: number): boolean => range(rows).some(i => x.right.data[i * columns + j] !== x.right.data[j])
  const kept = range(columns).filter(varies)
  if (kept.length === 0) {
    return E.left(failure('input', place, 'every feature is the same in all rows', 'Give features that vary'))
  }
  return E.right({
    table: {
      name: place,
      features: kept.map(j => features[j] as string),
      x: tabulate([rows, kept.length], (i, j) => x.right.data[i * columns + (kept[j] as number)] as number),
      target: target.right,
      targets: wanted
    },
    constant: features.filter((_, j) => !kept.includes(j))
  })
}
