/** Tables from npz archives: X dense or sparse, y, and if they are there features, names and split. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { MOST_DENSE } from './formats/bounds.js'
import { csrOf } from './formats/csr.js'
import type { Npy, Numbers } from './formats/npy.js'
import type { Csr, Matrix } from './matrix.js'
import { denseOf, firstBad, isSparse } from './matrix.js'
import type { Column, Sheet } from './sheet.js'
import { columnOf, sheetOf } from './sheet.js'

/** Arrays by name, as an archive holds them. */
export type Arrays = ReadonlyMap<string, Npy>

const DENSE = ['X', 'x']
const SPARSE = ['', 'X_', 'attr_']

/** The inputs of an archive, with the names of their columns. */
export interface Inputs {
  readonly x: Matrix
  readonly features: readonly string[]
}

const isNumbers = (array: Npy | undefined): array is Npy & { readonly data: Numbers } =>
  array !== undefined && !Array.isArray(array.data)

const dense = (array: Npy & { readonly data: Numbers }, place: string): E.Either<Failure, Matrix> => {
  const [rows = 0, columns = 1] = array.shape
  if (array.shape.length !== 2)
    return E.left(failure('input', place, `X has ${array.shape.length} sides`, 'Give it two: samples x features'))
  const { data } = array
  // whole numbers of 8 and 16 bits are Float32's, too
  const small = data instanceof Int8Array || data instanceof Int16Array || data instanceof Uint16Array
  const kept = data instanceof Float32Array || data instanceof Float64Array || data instanceof Uint8Array
  return E.right({
    shape: [rows, columns],
    data: kept ? data : small ? Float32Array.from(data) : Float64Array.from(data)
  })
}

/** The inputs of an archive: X, or a sparse matrix as SciPy saves it. */
export const inputsOfArrays = (arrays: Arrays, place: string): E.Either<Failure, Inputs> => {
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
  const named = (x: Matrix): E.Either<Failure, Inputs> => {
    const given = arrays.get('features')?.data
    if (x.shape[0] === 0) return wrong('X has no rows', 'Give at least two')
    if (given !== undefined && given.length !== x.shape[1])
      return wrong(`${given.length} names for ${x.shape[1]} features`, 'Give one for each')
    const features =
      given === undefined ? range(x.shape[1]).map(j => `x${j}`) : Array.from(given as readonly unknown[], String)
    if (new Set(features).size < features.length)
      return wrong('two features have one name', 'Give every feature its own')
    const bad = firstBad(x)
    return bad
      ? wrong(
          `row ${bad.row + 1}, column ${features[bad.column]}: ${bad.value} is not a finite number`,
          'Replace it, or give the table as .csv or .parquet, where a cell may be empty'
        )
      : E.right({ x, features })
  }
  const found = DENSE.map(name => arrays.get(name)).find(isNumbers)
  if (found) return E.chain(named)(dense(found, place))
  for (const prefix of SPARSE) {
    const sparse = csrOf(arrays, prefix, place)
    if (E.isLeft(sparse)) return sparse
    if (sparse.right) return named(sparse.right)
  }
  const texts = DENSE.find(name => arrays.has(name))
  if (texts !== undefined)
    return wrong(`${texts} holds texts, or whole numbers above 2^53`, 'Give numbers, or the table as .csv or .parquet')
  const known = [...arrays.keys()].slice(0, 20).join(', ') || 'nothing'
  return wrong(
    `no inputs among its arrays (${known})`,
    'Call them X, or save a sparse matrix with scipy.sparse.save_npz'
  )
}

/** An array as columns of cells: one, or one for each of its columns. */
export const columnsOf = (name: string, { shape, data }: Npy): readonly Column[] => {
  const width = shape.length > 1 ? (shape[1] ?? 1) : 1
  const rows = shape[0] ?? 0
  return range(width).map(j =>
    columnOf(
      width === 1 ? name : `${name}_${j}`,
      range(rows).map(i => String(data[i * width + j])),
      typeof data[0] !== 'string'
    )
  )
}

/** The named columns of a matrix, in their order. */
export const columnsKept = (x: Matrix, kept: readonly number[]): Matrix => {
  const place = new Map(kept.map((j, k) => [j, k]))
  const [rows, columns] = x.shape
  if (isSparse(x)) {
    const starts = new Uint32Array(rows + 1)
    const [at, values]: [number[], number[]] = [[], []]
    for (let i = 0; i < rows; i++) {
      for (let k = x.starts[i] as number; k < (x.starts[i + 1] as number); k++) {
        const to = place.get(x.columns[k] as number)
        if (to === undefined) continue
        at.push(to)
        values.push(x.values[k] as number)
      }
      starts[i + 1] = at.length
    }
    const made: Csr = {
      shape: [rows, kept.length],
      starts,
      columns: Uint32Array.from(at),
      values: Float64Array.from(values)
    }
    return made
  }
  const data = x.data.slice(0, rows * kept.length)
  for (let i = 0; i < rows; i++) kept.forEach((j, k) => (data[i * kept.length + k] = x.data[i * columns + j] as number))
  return { shape: [rows, kept.length], data }
}

/** The named columns of some inputs, which have them all. */
export const selected = ({ x, features }: Inputs, wanted: readonly string[]): Matrix => {
  const index = new Map(features.map((name, j) => [name, j]))
  return columnsKept(
    x,
    wanted.map(name => index.get(name) as number)
  )
}

/** An archive's inputs, and whatever else has one entry a row, as a sheet. */
export const sheetOfArrays = (arrays: Arrays, place: string): E.Either<Failure, Sheet> => {
  const inputs = inputsOfArrays(arrays, place)
  if (E.isLeft(inputs)) return inputs
  const { x, features } = inputs.right
  const { shape: sides } = x
  if (sides[0] * sides[1] > MOST_DENSE)
    return E.left(
      failure(
        'input',
        place,
        `${sides[0]} x ${sides[1]} cells are more than ${MOST_DENSE}`,
        'Give fewer rows at a time'
      )
    )
  const { shape, data } = denseOf(x)
  const cells = columnsOf('x', { shape, data })
  const others = [...arrays].filter(
    ([name, array]) => array.shape.length === 1 && array.shape[0] === shape[0] && !features.includes(name)
  )
  return sheetOf(place, [
    ...features.map((name, j) => columnOf(name, cells[j]?.text ?? [], true)),
    ...others.flatMap(([name, array]) => columnsOf(name, array))
  ])
}
