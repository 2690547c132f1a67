/** A table of an npz archive's arrays: inputs, what is to be learned, how rows are divided. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { Arrays } from './arrays.js'
import { columnsKept, columnsOf, inputsOfArrays } from './arrays.js'
import { splitBy } from './division.js'
import type { Npy } from './formats/npy.js'
import { isBinary, isSparse, varying } from './matrix.js'
import type { Hints } from './meaning.js'
import type { Scale } from './preparation.js'
import { partRemarks } from './profile.js'
import type { Reading } from './reading.js'
import { leftOutRemark } from './remarks.js'
import { weightsOf } from './row-weights.js'
import type { Column } from './sheet.js'
import { rowsKept } from './submatrix.js'
import type { Table } from './table.js'
import type { TableMade } from './tabular.js'
import { targetOf } from './target.js'

/** The array of a name, if it is there: one entry a row, or at most `most` of them. */
const sized = (
  arrays: Arrays,
  name: string,
  rows: number,
  place: string,
  most: 1 | 2 = 1
): E.Either<Failure, Npy | undefined> => {
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
  const found = arrays.get(name)
  if (found === undefined) return E.right(found)
  const { shape, data } = found
  if (shape[0] !== rows) return wrong(`${name} has ${shape[0] ?? 0} entries for ${rows} rows`, 'Give one for each row')
  const flat = shape.filter((side, axis) => axis === 0 || side !== 1)
  return flat.length > most || data.length === 0
    ? wrong(
        `${name} has the shape (${shape.join(', ')})`,
        `Give ${most === 1 ? 'one entry' : 'one entry, or a few,'} for each row`
      )
    : E.right(found)
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
    return E.right(kept ? { ...column, text: kept.map(row => column.text[row] as string) } : column)
  }

/** What of a reading an archive has no use for: its columns are numbers without words, dates or a way of writing them. */
const ofText: readonly (readonly [
  flag: string,
  field: 'categorical' | 'numeric' | 'dates' | 'decimal' | 'delimiter' | 'encoding'
])[] = [
  ['--categorical', 'categorical'],
  ['--numeric', 'numeric'],
  ['--date', 'dates'],
  ['--decimal', 'decimal'],
  ['--delimiter', 'delimiter'],
  ['--encoding', 'encoding']
]

const unfitReading = (reading: Reading, features: readonly string[], place: string): Failure | undefined => {
  const needless = ofText.find(([, field]) => reading[field].length > 0)
  if (needless) return failure('usage', needless[0], `${place} is an archive of arrays, not of text`, 'Leave it out')
  const names = new Set(features)
  const strange = reading.ignore.find(name => !names.has(name))
  if (strange === undefined) return undefined
  const listed = `${features.slice(0, 5).join(', ')}${features.length > 5 ? ', ...' : ''}`
  return failure('usage', '--ignore', `${place} has no feature ${strange}`, `Name one of ${listed}`)
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
  const unfit = unfitReading(reading, features, place)
  if (unfit) return E.left(unfit)
  const count = inputs.right.x.shape[0]
  const labels = sized(arrays, wanted, count, place, 2)
  if (E.isLeft(labels)) return labels
  if (labels.right === undefined)
    return E.left(
      failure('usage', '--target', `${place} has no array ${wanted}`, `Name one of ${[...arrays.keys()].join(', ')}`)
    )
  const hints: Hints = { marks: reading.missing }
  const columns = columnsOf(wanted, labels.right)
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
      : E.chain(weightsOf(place, hints, split.right.training))(column(reading.weights, '--weights'))
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
