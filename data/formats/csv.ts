/** Tables from delimited text: a header line, then rows of cells. What separates cells is found by looking at many lines. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { Sheet } from '../sheet.js'
import { sheetOf } from '../sheet.js'
import type { TextReading } from '../tablefile.js'
import { remarked } from '../tablefile.js'
import { LONGEST_CELL, MOST_COLUMNS, tooManyCells } from './bounds.js'
import { CANDIDATES, delimiterIn, delimiterNamed, preambleOf } from './delimiter.js'
import { headed } from './header.js'
import type { Fault, Layout } from './records.js'
import { eachRecord } from './records.js'

interface Gathered {
  readonly header: readonly string[]
  /** Cells by column; one column more than the header has names where all rows have. */
  readonly columns: readonly (readonly string[])[]
  /** Rows left out at the end, as all their cells are empty. */
  readonly emptied: number
  readonly fault: Fault | undefined
}

/** What is wrong with the names of a header. */
const faultyNames = (names: readonly string[]): string | undefined => {
  const long = names.findIndex(name => name.length > LONGEST_CELL)
  if (long >= 0) return `the name of column ${long + 1} has more than ${LONGEST_CELL} characters`
  return names.length > MOST_COLUMNS
    ? `${names.length} columns are more than the ${MOST_COLUMNS} that are read`
    : undefined
}

const gathered = (csv: string, layout: Layout, most: number): Gathered => {
  let header: readonly string[] | undefined
  const columns: string[][] = []
  let [rows, filled] = [0, 0]
  const fault = eachRecord(csv, layout, cells => {
    if (header === undefined) {
      header = cells.map(name => name.trim())
      return faultyNames(header)
    }
    if (rows === 0) {
      const width = cells.length === header.length + 1 ? cells.length : header.length
      for (let j = 0; j < width; j++) columns.push([])
    }
    if (cells.length !== columns.length)
      return `a ragged row, ${cells.length} cells where the ${columns.length === header.length ? 'header has' : 'rows above have'} ${columns.length}`
    rows++
    if (rows * cells.length > most) return tooManyCells(most)[0]
    for (let j = 0; j < cells.length; j++) {
      const cell = cells[j] as string
      if (cell.length > LONGEST_CELL)
        return `row ${rows}, column ${header[j] ?? j + 1}: a cell of more than ${LONGEST_CELL} characters`
      if (cell !== '') filled = rows
      columns[j]?.push(cell)
    }
    return undefined
  })
  for (const column of columns) column.length = Math.min(column.length, filled)
  return { header: header ?? [], columns, emptied: rows - filled, fault }
}

const cureOf = ({ what }: Fault, width: number, most: number): string => {
  if (what.includes('ragged row')) {
    const named = 'ame what separates its cells with --delimiter'
    return width === 1 ? `N${named}` : `Give every row the same number of cells, or n${named}`
  }
  if (what === tooManyCells(most)[0]) return tooManyCells(most)[1]
  return what.startsWith('not CSV')
    ? 'Quote cells that hold commas, quotes or line breaks'
    : 'Leave it out, or shorten it'
}

const RARE: readonly string[] = [...CANDIDATES, ' ', ':', '^', '~', '!', '/', '&', '\u0001']

/** What seems to separate the cells of a lone column: it stands in its name and in each of its lines equally often. */
const hiddenIn = (name: string, cells: readonly string[], marks: readonly string[]): string | undefined =>
  marks.find(mark => {
    const times = name.split(mark).length
    return times > 1 && cells.slice(0, 100).every(cell => cell.split(mark).length === times)
  })

/** Reads CSV text; every row has as many cells as the header. `place` names the file, a packed one if `most` bounds its cells. */
export const readCsv = (
  csv: string,
  place: string,
  reading: Pick<TextReading, 'delimiter'> = {},
  most: number = Infinity
): E.Either<Failure, Sheet> => {
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
  const { from, line, comments, delimiter: said } = preambleOf(csv)
  const given = reading.delimiter === undefined ? undefined : delimiterNamed(reading.delimiter)
  if (given && E.isLeft(given)) return given
  const delimiter = given?.right ?? said ?? delimiterIn(csv, from) ?? ','
  const { header, columns, emptied, fault } = gathered(csv, { delimiter, from, line }, most)
  if (fault) return wrong(`line ${fault.line}: ${fault.what}`, cureOf(fault, header.length, most))
  const [name = ''] = header
  const hidden = header.length === 1 ? hiddenIn(name, columns[0] ?? [], given ? CANDIDATES : RARE) : undefined
  if (hidden !== undefined)
    return wrong(
      `one column only, called ${JSON.stringify(name.slice(0, 60))}`,
      `Name what separates its cells with --delimiter ${JSON.stringify(hidden)}, or with ',' if nothing does`
    )
  const made = columns[0] ? headed(header, columns, place, comments) : E.right({ columns: [], remarks: [] })
  if (E.isLeft(made)) return made
  const remarks = emptied > 0 ? [`left out ${emptied} empty row(s) at the end`] : []
  const sheet = sheetOf(place, columns[0] ? made.right.columns : header.map(n => ({ name: n, text: [] })))
  return E.map((s: Sheet) => ({ ...remarked(s, [...made.right.remarks, ...remarks]), delimiter }))(sheet)
}
