/** Tables in files, whatever their format: the name's ending tells. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { extname } from 'node:path'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { readCsv } from '../data/formats/csv.js'
import { readJsonLines } from '../data/formats/jsonl.js'
import type { Npy } from '../data/formats/npy.js'
import { readNpz } from '../data/formats/npy.js'
import type { Sheet } from '../data/sheet.js'
import type { TableFile, TextReading } from '../data/tablefile.js'
import { readWhole } from './files.js'
import { readParquetFile } from './parquetfile.js'

/** Largest file that is read as text: its cells take some ten times its size. */
const MOST_TEXT = 2 ** 28

type Reader = (bytes: Uint8Array, path: string) => TE.TaskEither<Failure, TableFile>

const asTable = (sheet: Sheet): TableFile => ({ kind: 'sheet', sheet })

const asText =
  (read: (text: string, path: string) => E.Either<Failure, Sheet>): Reader =>
  (bytes, path) => {
    if (bytes.length > MOST_TEXT) {
      const what = `${bytes.length} bytes of text are more than the ${MOST_TEXT} that are read`
      return TE.left(failure('input', path, what, 'Save it as .parquet or .npz, or give fewer rows'))
    }
    return pipe(TE.fromEither(read(new TextDecoder().decode(bytes), path)), TE.map(asTable))
  }

const readers: Readonly<Record<string, Reader>> = {
  '.csv': asText(readCsv),
  '.tsv': asText(readCsv),
  '.txt': asText(readCsv),
  '.jsonl': asText(readJsonLines),
  '.ndjson': asText(readJsonLines),
  '.parquet': (bytes, path) => TE.map(asTable)(readParquetFile(bytes, path)),
  '.npz': (bytes, path) =>
    TE.fromEither(
      E.map((arrays: ReadonlyMap<string, Npy>): TableFile => ({ kind: 'arrays', arrays }))(readNpz(bytes, path))
    )
}

/** Whether a name is a file's rather than a data set's. */
export const isTableFile = (name: string): boolean =>
  readers[extname(name).toLowerCase()] !== undefined || /[\\/]/.test(name)

/** Reads tables' files of the same columns; what has no known ending is read as CSV. */
export const readTableFile = (
  paths: string | readonly string[],
  _reading: TextReading = {}
): TE.TaskEither<Failure, TableFile> => {
  const path = [paths].flat()[0] as string
  return pipe(
    readWhole(path, 2 ** 32),
    TE.chain(bytes => (readers[extname(path).toLowerCase()] ?? asText(readCsv))(bytes, path))
  )
}

/** Reads a table's bytes. */
export const readTableBytes = (
  bytes: Uint8Array,
  place: string,
  _reading: TextReading = {}
): TE.TaskEither<Failure, TableFile> => asText(readCsv)(bytes, place)
