/** Tables in files, whatever their format: what they hold tells, and for text the name's ending. Node only. */
import { extname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { mostPackedCells } from '../data/formats/bounds.js'
import { contentOf, unreadable } from '../data/formats/content.js'
import { readCsv } from '../data/formats/csv.js'
import { readJson } from '../data/formats/jsonl.js'
import type { Npy } from '../data/formats/npy.js'
import { readNpz } from '../data/formats/npy.js'
import { textOf } from '../data/formats/text.js'
import { entriesOf } from '../data/formats/zip.js'
import type { Sheet } from '../data/sheet.js'
import type { TableFile, TextReading } from '../data/tablefile.js'
import { remarked, stacked } from '../data/tablefile.js'
import { readWhole } from './files.js'
import { gunzipText } from './gunzip.js'
import { readParquetFile } from './parquetfile.js'

/** Largest file that is read, and largest text: its cells take some ten times its size. */
const [MOST_BYTES, MOST_TEXT] = [2 ** 31 - 1, 2 ** 28] as const

const JSONS: ReadonlySet<string> = new Set(['.json', '.jsonl', '.ndjson'])
const ENDINGS: ReadonlySet<string> = new Set(['.csv', '.tsv', '.txt', '.parquet', '.npz', ...JSONS])

/** A name's ending, without that of gzip. */
const endingOf = (name: string): string => extname(name.replace(/\.gz$/i, '')).toLowerCase()

/** Whether a name is a file's rather than a data set's: it has an ending, whatever that is, or a path. */
export const isTableFile = (name: string): boolean => extname(name) !== '' || /[\\/]/.test(name)

const wrong = (place: string, what: string, cure: string): E.Either<Failure, never> =>
  E.left(failure('input', place, what, cure))

/** A zip archive is npz where it holds arrays; Excel's and others' are told by name. */
const archived = (bytes: Uint8Array, place: string): E.Either<Failure, TableFile> => {
  const names = E.tryCatch(
    () => entriesOf(bytes).map(({ name }) => name),
    error => failure('input', place, (error as Error).message, 'Copy or fetch the file anew')
  )
  if (E.isLeft(names)) return names
  if (names.right.some(name => name.endsWith('.npy')))
    return E.map((arrays: ReadonlyMap<string, Npy>): TableFile => ({ kind: 'arrays', arrays }))(readNpz(bytes, place))
  return names.right.includes('xl/workbook.xml')
    ? wrong(place, 'it is an Excel workbook', 'Save the sheet as CSV')
    : wrong(place, 'it is a zip archive without arrays of NumPy', 'Unpack it, and name the table in it')
}

const textual = (bytes: Uint8Array, place: string, reading: TextReading, most: number): E.Either<Failure, Sheet> => {
  if (bytes.length > MOST_TEXT) {
    const what = `${bytes.length} bytes of text are more than the ${MOST_TEXT} that are read`
    return wrong(place, what, 'Save it as .parquet or .npz, or give fewer rows')
  }
  const text = textOf(bytes, place, reading.encoding)
  if (E.isLeft(text)) return text
  const ending = endingOf(place)
  const isJson = JSONS.has(ending) || (contentOf(bytes) === 'json' && reading.delimiter === undefined)
  if (!isJson) return readCsv(text.right, place, reading, most)
  const named = JSONS.has(ending) || !ENDINGS.has(ending)
  return E.map((sheet: Sheet) => remarked(sheet, named ? [] : [`${place} is read as the JSON that it holds`]))(
    readJson(text.right, place, most)
  )
}

/** Reads a table's bytes, standard input's say; `place` names them in messages, and its ending what text is. */
export const readTableBytes = (
  bytes: Uint8Array,
  place: string,
  reading: TextReading = {}
): TE.TaskEither<Failure, TableFile> =>
  attempt(async get => {
    const packed = contentOf(bytes) === 'gzip'
    const most = packed ? mostPackedCells(bytes.length) : Infinity
    const plain = packed ? settle(gunzipText(bytes, place)) : bytes
    if (plain.length === 0) return settle(wrong(place, 'the file is empty', 'Give a header line and rows'))
    const other = unreadable(plain)
    if (other) return settle(wrong(place, ...other))
    switch (contentOf(plain)) {
      case 'gzip':
        return settle(wrong(place, 'it is packed by gzip twice', 'Unpack it once'))
      case 'zip':
        return settle(archived(plain, place))
      case 'parquet': {
        const sheet = await get(readParquetFile(plain, place))
        const named = ['.parquet', ''].includes(endingOf(place))
        return { kind: 'sheet', sheet: remarked(sheet, named ? [] : [`${place} is read as the Parquet that it holds`]) }
      }
      default:
        return ['.parquet', '.npz'].includes(endingOf(place))
          ? settle(
              wrong(
                place,
                `it does not begin as a ${endingOf(place)} file does`,
                'Write it anew, or name it by what it holds'
              )
            )
          : { kind: 'sheet', sheet: settle(textual(plain, place, reading, most)) }
    }
  })

/** Reads a table's file, or several files of the same columns one below the other. */
export const readTableFile = (
  paths: string | readonly string[],
  reading: TextReading = {}
): TE.TaskEither<Failure, TableFile> =>
  attempt(async get => {
    const all = typeof paths === 'string' ? [paths] : paths
    const files: TableFile[] = []
    for (const path of all) files.push(await get(readTableBytes(await get(readWhole(path, MOST_BYTES)), path, reading)))
    const [first] = files
    if (files.length === 1 && first) return first
    const sheets = files.map((file, i) =>
      file.kind === 'sheet'
        ? file.sheet
        : settle(wrong(all[i] as string, 'one of several files is an npz archive', 'Join the arrays in one archive'))
    )
    return { kind: 'sheet', sheet: settle(stacked(sheets)) }
  })
