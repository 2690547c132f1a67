/** Tables from Parquet files, by hyparquet. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { Column, Sheet } from '../sheet.js'
import { columnOfValues, sheetOf } from '../sheet.js'

/** Cells that are read at most. */
const MOST_CELLS = 2 ** 27

/** Reads a Parquet file. Its reader is loaded when first asked for. */
export const readParquet =
  (bytes: Uint8Array, place: string): TE.TaskEither<Failure, Sheet> =>
  async () => {
    const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
    try {
      const { parquetMetadata, parquetReadObjects } = await import('hyparquet')
      const { compressors } = await import('hyparquet-compressors')
      const file = bytes.slice().buffer
      const metadata = parquetMetadata(file)
      const rows = Number(metadata.num_rows)
      const names = metadata.schema.slice(1).map(element => element.name)
      if (!(rows >= 0 && rows * names.length <= MOST_CELLS))
        return wrong(`${rows} rows of ${names.length} columns are more than ${MOST_CELLS} cells`, 'Give fewer of them')
      const records = await parquetReadObjects({ file, metadata, compressors })
      if (records.length !== rows) return wrong(`${records.length} rows where ${rows} are announced`, 'Write it anew')
      const columns: Column[] = []
      for (const name of records[0] ? Object.keys(records[0]) : names) {
        const column = columnOfValues(
          name,
          records.map(record => (record as Readonly<Record<string, unknown>>)[name]),
          place
        )
        if (E.isLeft(column)) return column
        columns.push(column.right)
      }
      return sheetOf(place, columns)
    } catch (error) {
      return wrong(`not Parquet that can be read: ${(error as Error).message}`, 'Write it anew, without encryption')
    }
  }
