/** Tables from Parquet files, by hyparquet. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { FileMetaData, SchemaTree } from 'hyparquet'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { Column, Sheet } from '../sheet.js'
import { sheetOf } from '../sheet.js'
import { plainColumn, remarked } from '../tablefile.js'
import { mostParquet, MOST_COLUMNS, mostUnpacked } from './bounds.js'

/** The columns of pandas' own index, by the file's word for it: they number the rows. */
const indexOf = (metadata: FileMetaData): readonly string[] => {
  try {
    const said = metadata.key_value_metadata?.find(({ key }) => key === 'pandas')?.value ?? '{}'
    const { index_columns: names } = JSON.parse(said) as { readonly index_columns?: unknown }
    return Array.isArray(names) ? names.filter(name => typeof name === 'string') : []
  } catch {
    return []
  }
}

/** Decimals as they are written: hyparquet's own are products with powers of ten, off by a last digit. */
const exact = (value: unknown, scale: number): unknown =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 2 ** 53
    ? Number(value.toFixed(scale))
    : value

const isFlat = ({ children, element }: SchemaTree): boolean =>
  children.length === 0 && element.repetition_type !== 'REPEATED'

/** Reads a Parquet file. Its reader is loaded when first asked for. */
export const readParquet =
  (bytes: Uint8Array, place: string): TE.TaskEither<Failure, Sheet> =>
  async () => {
    const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
    try {
      const { parquetMetadata, parquetRead, parquetSchema } = await import('hyparquet')
      const { compressors } = await import('hyparquet-compressors')
      const file = bytes.slice().buffer
      const metadata = parquetMetadata(file)
      const rows = Number(metadata.num_rows)
      const { children } = parquetSchema(metadata)
      const names = children.map(({ element }) => element.name)
      const nested = children.find(child => !isFlat(child))
      if (nested)
        return wrong(
          `column ${nested.element.name.slice(0, 80)} is nested: a list or record is no cell of a table`,
          'Write it as several columns of plain values, or leave it out'
        )
      const twice = names.find((name, j) => names.indexOf(name) < j)
      if (twice !== undefined)
        return wrong(`two columns are called ${twice.slice(0, 80)}`, 'Give every column its own name')
      const most = mostParquet(bytes.length)
      if (!(rows >= 0 && rows * names.length <= most && names.length <= MOST_COLUMNS))
        return wrong(
          `${rows} rows of ${names.length} columns are more than the ${most} cells that a file of its size is read into`,
          'Give fewer of them, or save it as .npz'
        )
      const said = new Set(indexOf(metadata))
      const index = new Set(names.filter(name => said.has(name) || /^__index_level_\d+__$/.test(name)))
      const kept = children.filter(({ element }) => !index.has(element.name))
      const cells = new Map(kept.map(({ element }) => [element.name, new Array<unknown>(rows).fill(null)]))
      const room = mostUnpacked(bytes.length)
      const bounded = Object.fromEntries(
        Object.entries(compressors).map(([name, unpack]) => [
          name,
          (packed: Uint8Array, size: number): Uint8Array => {
            if (size > room)
              throw new Error(`a page of ${size} bytes is more than the ${room} that a file of its size may grow to`)
            return unpack(packed, size)
          }
        ])
      )
      let read = 0
      await parquetRead({
        file,
        metadata,
        compressors: bounded,
        columns: [...cells.keys()],
        onChunk: ({ columnName, columnData, rowStart }) => {
          const column = cells.get(columnName)
          for (let i = 0; column && i < columnData.length && rowStart + i < rows; i++)
            column[rowStart + i] = columnData[i]
          read += columnData.length
        }
      })
      if (read !== rows * cells.size)
        return wrong(`${read} cells where ${rows * cells.size} are announced`, 'Write it anew')
      const columns: Column[] = []
      for (const { element } of kept) {
        const values = cells.get(element.name) as readonly unknown[]
        const { scale = 0 } = element
        const decimal = element.converted_type === 'DECIMAL'
        const column = plainColumn(element.name, decimal ? values.map(v => exact(v, scale)) : values, place)
        if (E.isLeft(column)) return column
        columns.push(decimal ? { ...column.right, plain: true } : column.right)
      }
      const remark = `left out what pandas wrote as its index: ${[...index].join(', ')}`
      return E.map((sheet: Sheet) => remarked(sheet, index.size > 0 ? [remark] : []))(sheetOf(place, columns))
    } catch (error) {
      return wrong(
        `not Parquet that can be read: ${(error as Error).message.slice(0, 200)}`,
        'Write it anew, without encryption'
      )
    }
  }
