/** Tables from npz archives: X dense or sparse, y, and if they are there features, names and split. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { csrOf } from './formats/csr.js'
import type { Npy, Numbers } from './formats/npy.js'
import type { Csr, Matrix } from './matrix.js'
import { denseOf, isBinary, isSparse, varying } from './matrix.js'
import { leftOutRemark } from './remarks.js'
import type { Column, Sheet } from './sheet.js'
import { columnOf, sheetOf } from './sheet.js'
import { splitBy } from './division.js'
import type { Hints } from './meaning.js'
import type { Scale } from './preparation.js'
import { partRemarks } from './profile.js'
import type { Reading } from './reading.js'
import type { Table } from './table.js'
import { weightsOf } from './row-weights.js'
import type { TableMade } from './tabular.js'
import { rowsKept } from './submatrix.js'
import { targetOf } from './target.js'

type Arrays = ReadonlyMap<string, Npy>

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
  const kept = data instanceof Float32Array || data instanceof Float64Array || data instanceof Uint8Array
  return E.right({ shape: [rows, columns], data: kept ? data : Float64Array.from(data) })
}

/** The inputs of an archive: X, or a sparse matrix as SciPy saves it. */
export const inputsOfArrays = (arrays: Arrays, place: string): E.Either<Failure, Inputs> => {
  const named = (x: Matrix): E.Either<Failure, Inputs> => {
    const given = arrays.get('features')?.data
    if (given !== undefined && given.length !== x.shape[1])
      return E.left(failure('input', place, `${given.length} names for ${x.shape[1]} features`, 'Give one for each'))
    const features =
      given === undefined ? range(x.shape[1]).map(j => `x${j}`) : Array.from(given as readonly unknown[], String)
    const twice = new Set(features).size < features.length
    return twice
      ? E.left(failure('input', place, 'two features have one name', 'Give every feature its own'))
      : E.right({ x, features })
  }
  const found = DENSE.map(name => arrays.get(name)).find(isNumbers)
  if (found) return E.chain(named)(dense(found, place))
  for (const prefix of SPARSE) {
    const sparse = csrOf(arrays, prefix, place)
    if (E.isLeft(sparse)) return sparse
    if (sparse.right) return named(sparse.right)
  }
  const known = [...arrays.keys()].join(', ') || 'nothing'
  return E.left(
    failure(
      'input',
      place,
      `no inputs among its arrays (${known})`,
      'Call them X, or save a sparse matrix with scipy.sparse.save_npz'
    )
  )
}

/** An array as columns of cells: one, or one for each of its columns. */
export const columnsOf = (name: string, { shape, data }: Npy): readonly Column[] => {
  const width = shape.length > 1 ? (shape[1] ?? 1) : 1
  const rows = shape[0] ?? 0
  return range(width).map(j => ({
    name: width === 1 ? name : `${name}_${j}`,
    text: range(rows).map(i => String(data[i * width + j]))
  }))
}

const columnsKept = (x: Matrix, kept: readonly number[]): Matrix => {
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
  const { shape, data } = denseOf(x)
  const cells = columnsOf('x', { shape, data })
  const others = [...arrays].filter(
    ([name, array]) => array.shape.length === 1 && array.shape[0] === shape[0] && !features.includes(name)
  )
  return sheetOf(place, [
    ...features.map((name, j) => columnOf(name, cells[j]?.text ?? [])),
    ...others.flatMap(([name, array]) => columnsOf(name, array))
  ])
}

const sized = (arrays: Arrays, name: string, rows: number, place: string): E.Either<Failure, Npy | undefined> => {
  const found = arrays.get(name)
  return found === undefined || found.shape[0] === rows
    ? E.right(found)
    : E.left(
        failure('input', place, `${name} has ${found.shape[0] ?? 0} entries for ${rows} rows`, 'Give one for each row')
      )
}

/** Arrays of one entry a row by name, as the columns that flags may name. */
const columnIn =
  (arrays: Arrays, rows: number, place: string, kept: readonly number[] | undefined) =>
  (name: string, flag: string): E.Either<Failure, Column> => {
    const found = sized(arrays, name, rows, place)
    if (E.isLeft(found)) return found
    if (found.right === undefined)
      return E.left(
        failure('usage', flag, `${place} has no array ${name}`, `Name one of ${[...arrays.keys()].join(', ')}`)
      )
    const [column] = columnsOf(name, found.right) as readonly [Column]
    return E.right(kept ? { name, text: kept.map(row => column.text[row] as string) } : column)
  }

/** A table of an archive. The target is y, or labels, unless named; a split that it holds is kept. */
export const arraysTable = (
  arrays: Arrays,
  place: string,
  reading: Reading,
  seed: number
): E.Either<Failure, TableMade> => {
  const [wanted = arrays.has('y') ? 'y' : 'labels'] = reading.target
  const inputs = inputsOfArrays(arrays, place)
  if (E.isLeft(inputs)) return inputs
  const { features } = inputs.right
  const count = inputs.right.x.shape[0]
  const labels = columnIn(arrays, count, place, undefined)(wanted, '--target')
  if (E.isLeft(labels)) return labels
  const hints: Hints = { marks: reading.missing }
  const columns = columnsOf(wanted, arrays.get(wanted) as Npy)
  const read = targetOf(columns, { task: reading.task, drop: reading.dropBadTargets, hints }, place)
  if (E.isLeft(read)) return read
  const { target, rows } = read.right
  const whole = rows.length === count
  const x = whole ? inputs.right.x : rowsKept(inputs.right.x, rows)
  const column = columnIn(arrays, count, place, whole ? undefined : rows)
  const own = reading.split === '' && reading.time === '' && reading.group === '' && reading.folds === 0
  const dividing = own && arrays.has('split') ? { ...reading, split: 'split', splitSeed: null } : reading
  const classes = target.kind === 'classes' ? target.values : undefined
  const split = splitBy(dividing, seed, { place, rows: rows.length, classes, column, hints: () => hints })
  if (E.isLeft(split)) return split
  const names = sized(arrays, 'names', count, place)
  if (E.isLeft(names)) return names
  const weights =
    reading.weights === ''
      ? undefined
      : E.chain(weightsOf(place, reading.missing))(column(reading.weights, '--weights'))
  if (weights && E.isLeft(weights)) return weights
  const varies = varying(x, range(x.shape[0]))
  const kept = range(features.length).filter(j => varies[j] && !reading.ignore.includes(features[j] as string))
  if (kept.length === 0)
    return E.left(failure('input', place, 'every feature is the same in all rows', 'Give features that vary'))
  const all = kept.length === features.length
  const binary = isBinary(x)
  const scale: Scale =
    reading.scale === ''
      ? binary
        ? { kind: 'none' }
        : { kind: 'standard', except: [] }
      : reading.scale === 'none'
        ? { kind: 'none' }
        : { kind: reading.scale, except: [] }
  const rowNames = names.right && Array.from(names.right.data as readonly unknown[], String)
  const table: Table = {
    name: place,
    features: all ? features : kept.map(j => features[j] as string),
    x: all ? x : columnsKept(x, kept),
    target,
    targets: [wanted],
    scale,
    division: { kind: 'given', split: split.right },
    ...(weights ? { weights: weights.right } : {}),
    ...(rowNames || !whole ? { names: rows.map(row => rowNames?.[row] ?? String(row + 1)) } : {})
  }
  const form = isSparse(x) ? `sparse, ${x.values.length} entries` : 'dense'
  const remarks = [
    `X: ${x.shape[0]} x ${x.shape[1]}, ${form}${binary && scale.kind === 'none' ? ', all 0 or 1: not scaled' : ''}`,
    ...read.right.remarks,
    ...leftOutRemark(
      'constant',
      features.filter((_, j) => !varies[j])
    ),
    ...partRemarks(target, split.right)
  ]
  return E.right({ table, split: split.right, remarks })
}
