/** Sparse matrices as SciPy keeps them in npz archives: data, indices, indptr, shape, each name behind a common prefix. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { Csr } from '../matrix.js'
import type { Npy, Numbers } from './npy.js'

/** The names of a sparse matrix's arrays. */
export const csrNames = (prefix: string): readonly string[] =>
  ['data', 'indices', 'indptr', 'shape'].map(part => `${prefix}${part}`)

/** The sparse matrix under a prefix, or undefined if it is not there. Every index is checked. */
export const csrOf = (
  arrays: ReadonlyMap<string, Npy>,
  prefix: string,
  place: string
): E.Either<Failure, Csr | undefined> => {
  const parts = csrNames(prefix).map(name => arrays.get(name)?.data)
  if (parts.some(part => part === undefined)) return E.right(undefined)
  if (parts.some(part => Array.isArray(part)))
    return E.left(failure('input', place, `${prefix}data and its companions are texts`, 'Save them as numbers'))
  const [data, indices, indptr, shape] = parts as unknown as readonly [Numbers, Numbers, Numbers, Numbers]
  const wrong = (array: string, what: string): E.Either<Failure, never> =>
    E.left(
      failure('input', `${place}, array ${prefix}${array}`, what, 'Save the matrix anew with scipy.sparse.save_npz')
    )
  const [rows = -1, columns = -1] = shape
  const isSide = (n: number): boolean => Number.isInteger(n) && n >= 0 && n <= 2 ** 32 - 1
  if (shape.length !== 2 || !isSide(rows) || !isSide(columns)) return wrong('shape', `[${shape.join(', ')}]`)
  if (indptr.length !== rows + 1) return wrong('indptr', `${indptr.length} entries for ${rows} rows`)
  if (indices.length !== data.length) return wrong('indices', `${indices.length} entries for ${data.length} numbers`)
  for (let i = 0; i <= rows; i++) {
    const here = indptr[i] as number
    const before = i === 0 ? 0 : (indptr[i - 1] as number)
    if (!Number.isInteger(here) || here < before || here > data.length || (i === 0 && here !== 0))
      return wrong('indptr', `entry ${i} is ${here}`)
  }
  if (indptr[rows] !== data.length) return wrong('indptr', `it ends at ${indptr[rows]}, not ${data.length}`)
  for (let k = 0; k < indices.length; k++) {
    const column = indices[k] as number
    if (!Number.isInteger(column) || column < 0 || column >= columns)
      return wrong('indices', `entry ${k} is ${column}, of ${columns} columns`)
  }
  return E.right({
    shape: [rows, columns],
    starts: Uint32Array.from(indptr),
    columns: Uint32Array.from(indices),
    values: data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data)
  })
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
