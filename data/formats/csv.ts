/** Tables from CSV text: a header line, then rows of cells. Commas, semicolons or tabs, as the header line has them. */
import { parse } from 'csv-parse/sync'
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { Sheet } from '../sheet.js'
import { columnOf, sheetOf } from '../sheet.js'

interface CsvError {
  readonly code?: string
  readonly lines?: number
  readonly message: string
}

/** What separates the cells of the header line most often. */
const delimiterOf = (csv: string): string => {
  const line = /^[^\r\n]*/.exec(csv)?.[0].replace(/"[^"]*"/g, '') ?? ''
  const count = (mark: string): number => line.split(mark).length
  return ['\t', ';'].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',')
}

/** Reads CSV text; every row has as many cells as the header. `place` names the file. */
export const readCsv = (csv: string, place: string): E.Either<Failure, Sheet> => {
  let records: string[][]
  try {
    records = parse(csv, {
      bom: true,
      skip_empty_lines: true,
      trim: true,
      delimiter: delimiterOf(csv),
      max_record_size: 16 * 1024 * 1024
    })
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
  const [header = [], ...rows] = records
  return sheetOf(
    place,
    header.map((name, j) =>
      columnOf(
        name,
        rows.map(row => row[j] as string)
      )
    )
  )
}
