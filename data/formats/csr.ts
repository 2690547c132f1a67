/**
 * Sparse matrices as SciPy keeps them in npz archives, each array's name behind a common prefix: compressed rows (csr),
 * compressed columns (csc) or coordinates (coo), with `format` saying which; without it, rows.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { Csr } from '../matrix.js'
import { rowsOfEntries } from './entries.js'
import type { Npy, Numbers } from './npy.js'

const PARTS = ['data', 'indices', 'indptr', 'row', 'col', 'shape', 'format'] as const
type Part = (typeof PARTS)[number]
type Wrong = (part: Part, what: string, cure?: string) => E.Either<Failure, never>

/** The names of a sparse matrix's arrays. */
export const csrNames = (prefix: string): readonly string[] => PARTS.map(part => `${prefix}${part}`)

/** Most rows or columns, unless there are as many entries: a shape takes no room in a file, what is made for a column does. */
const MOST_SIDE = 2 ** 20

const isNumbers = (array: Npy): array is Npy & { readonly data: Numbers } => !Array.isArray(array.data)

/** What is wrong with indices, if anything is. */
const faultIn = (indices: Numbers, entries: number, most: number, of: string): string | undefined => {
  if (indices.length !== entries) return `${indices.length} entries for ${entries} numbers`
  const at = indices.findIndex((v: number) => !Number.isInteger(v) || v < 0 || v >= most)
  return at < 0 ? undefined : `entry ${at} is ${indices[at]}, of ${most} ${of}`
}

/** What is wrong with where lines begin, if anything is. */
const faultOfStarts = (starts: Numbers, entries: number, lines: number, of: string): string | undefined => {
  if (starts.length !== lines + 1) return `${starts.length} entries for ${lines} ${of}`
  for (let i = 0; i <= lines; i++) {
    const here = starts[i] as number
    const before = i === 0 ? 0 : (starts[i - 1] as number)
    if (!Number.isInteger(here) || here < before || here > entries || (i === 0 && here !== 0))
      return `entry ${i} is ${here}`
  }
  return starts[lines] === entries ? undefined : `it ends at ${starts[lines]}, not ${entries}`
}

/** The line of each entry. */
const linesOf = (starts: Numbers, entries: number): Uint32Array => {
  const lines = new Uint32Array(entries)
  for (let i = 0; i + 1 < starts.length; i++) lines.fill(i, starts[i], starts[i + 1])
  return lines
}

/** The sparse matrix under a prefix, or undefined if it is not there. Every index is checked; what stands at one place twice is summed. */
export const csrOf = (
  arrays: ReadonlyMap<string, Npy>,
  prefix: string,
  place: string
): E.Either<Failure, Csr | undefined> => {
  const part = (name: Part): Npy | undefined => arrays.get(`${prefix}${name}`)
  const wrong: Wrong = (name, what, cure = 'Save the matrix anew with scipy.sparse.save_npz') =>
    E.left(failure('input', `${place}, array ${prefix}${name}`, what, cure))
  const [format, data, shape] = [part('format'), part('data'), part('shape')]
  const form = String(format?.data[0] ?? 'csr')
  const [at, across] = form === 'coo' ? (['row', 'col'] as const) : (['indptr', 'indices'] as const)
  const [first, second] = [part(at), part(across)]
  if (format && data && shape && !['csr', 'csc', 'coo'].includes(form))
    return wrong(
      'format',
      `${JSON.stringify(form.slice(0, 20))} is not read, but csr, csc and coo are`,
      'Save its tocsr() with scipy.sparse.save_npz'
    )
  if (!data || !first || !second || !shape) return E.right(undefined)
  if (!isNumbers(data) || !isNumbers(first) || !isNumbers(second) || !isNumbers(shape))
    return wrong('data', 'it or one of its companions holds texts, or whole numbers above 2^53')
  const entries = data.data.length
  const [rows = -1, columns = -1] = shape.data
  const isSide = (n: number): boolean => Number.isInteger(n) && n >= 0 && n <= 2 ** 32 - 2
  if (shape.data.length !== 2 || !isSide(rows) || !isSide(columns))
    return wrong('shape', `[${shape.data.slice(0, 9).join(', ')}]`)
  if (Math.max(columns, form === 'csr' ? 0 : rows) > Math.max(MOST_SIDE, entries))
    return wrong(
      'shape',
      `[${rows}, ${columns}] is more than ${entries} entries can fill, and than ${MOST_SIDE} a side`
    )
  const values =
    data.data instanceof Float32Array || data.data instanceof Float64Array ? data.data : Float64Array.from(data.data)
  const sides = [rows, columns] as const
  if (form === 'coo') {
    const row = faultIn(first.data, entries, rows, 'rows')
    if (row !== undefined) return wrong('row', row)
    const column = faultIn(second.data, entries, columns, 'columns')
    return column === undefined
      ? E.right(rowsOfEntries(sides, Uint32Array.from(first.data), Uint32Array.from(second.data), values))
      : wrong('col', column)
  }
  const byRows = form === 'csr'
  const [lines, names] = byRows ? [rows, ['rows', 'columns'] as const] : [columns, ['columns', 'rows'] as const]
  const starting = faultOfStarts(first.data, entries, lines, names[0])
  if (starting !== undefined) return wrong('indptr', starting)
  const crossing = faultIn(second.data, entries, byRows ? columns : rows, names[1])
  if (crossing !== undefined) return wrong('indices', crossing)
  const [along, other] = [linesOf(first.data, entries), Uint32Array.from(second.data)]
  return E.right(byRows ? rowsOfEntries(sides, along, other, values) : rowsOfEntries(sides, other, along, values))
}

/** Directed edges of a graph made symmetric, without self-loops: each pair of neighbours counts twice. */
export const symmetricEdges = ({ shape: [rows, columns], starts, columns: to }: Csr): number => {
  const pairs = new Set<number>()
  for (let i = 0; i < rows; i++) {
    for (let k = starts[i] as number; k < (starts[i + 1] as number); k++) {
      const j = to[k] as number
      if (i !== j) pairs.add(Math.min(i, j) * columns + Math.max(i, j))
    }
  }
  return 2 * pairs.size
}
