/** New rows through a stored model: the same preparation, then classes, labels or numbers. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Engine } from '../core/life/engine.js'
import type { State } from '../core/learning/state.js'
import { restore, tensors } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { hint } from '../core/port/nearest.js'
import type { NdArray } from '../core/port/ndarray.js'
import { columnsOf, inputsOfArrays, selected, sheetOfArrays } from '../data/arrays.js'
import { encode, plainEncoding } from '../data/encoding.js'
import type { Matrix } from '../data/matrix.js'
import { firstBad, take } from '../data/matrix.js'
import type { Column, Sheet } from '../data/sheet.js'
import { columnNamed } from '../data/sheet.js'
import type { TableFile } from '../data/tablefile.js'
import { largest } from '../reports/metrics.js'
import type { DataCard } from './data-card.js'
import type { PartEvaluation } from './evaluation.js'
import { evaluationOf, outputsOf, unsoundRow } from './evaluation.js'
import type { GivenAnswers } from './given-answers.js'
import { givenAnswers } from './given-answers.js'
import type { Predictions } from './predictions.js'
import { besides, predictionsOf } from './predictions.js'

/** Rows for a stored model: their inputs, made when asked for, and what had to be made up. */
export interface NewRows {
  readonly rows: number
  readonly inputs: (rows: readonly number[]) => NdArray
  readonly remarks: readonly string[]
  /** The rows' own answers, if the file has all target columns. */
  readonly given: GivenAnswers | undefined
}

type Card = Pick<DataCard, 'features' | 'preparation' | 'targets' | 'task'>

const lacking = (place: string, missing: readonly string[], all: number): E.Either<Failure, never> => {
  const named = missing.slice(0, 5).join(', ')
  const what = `all ${all} columns that the model needs are missing: ${named}`
  return E.left(failure('input', place, what, 'Give them, in any order'))
}

/** Target columns of a file, if it has them all; an array may hold several. */
const targetColumns = ({ targets, task }: Card, file: TableFile): readonly Column[] | undefined => {
  const columns = targets.flatMap((name): readonly (Column | undefined)[] => {
    if (file.kind === 'sheet') return [columnNamed(file.sheet, name)]
    const array = file.arrays.get(name)
    return array ? columnsOf(name, array) : []
  })
  const found = columns.filter(column => column !== undefined)
  return found.length === (task.kind === 'classes' ? 1 : task.outputs.length) ? found : undefined
}

/** Numbers of new rows, and what had to be made up of them. */
interface Made {
  readonly x: Matrix
  readonly remarks: readonly string[]
}

const sheetIn = (file: TableFile, place: string): E.Either<Failure, Sheet> =>
  file.kind === 'sheet' ? E.right(file.sheet) : sheetOfArrays(file.arrays, place)

const inputsOf = (card: Card, file: TableFile, place: string): E.Either<Failure, Made> => {
  if (file.kind === 'arrays' && !card.preparation.encoding) {
    const inputs = inputsOfArrays(file.arrays, place)
    if (E.isLeft(inputs)) return inputs
    const there = new Set(inputs.right.features)
    if (card.features.every(name => there.has(name)))
      return E.right({ x: selected(inputs.right, card.features), remarks: [] })
  }
  const encoding = card.preparation.encoding ?? plainEncoding(card.features, card.preparation.features.offset)
  const sheet = sheetIn(file, place)
  if (E.isLeft(sheet)) return sheet
  const missing = encoding.map(code => code.column).filter(name => !columnNamed(sheet.right, name))
  return missing.length === encoding.length
    ? lacking(place, missing, encoding.length)
    : encode(encoding, sheet.right, card.preparation.missing)
}

/** What is wrong with the first number that is infinite once it is scaled as the training rows were, if any is. */
const tooFar = ({ features, preparation }: Card, x: Matrix, place: string): Failure | undefined => {
  const bad = firstBad(x, preparation.features)
  if (!bad) return undefined
  const why = Number.isFinite(bad.value)
    ? 'is too far from the rows that the model learned from'
    : 'is not a finite number'
  const what = `row ${bad.row + 1}, column ${features[bad.column]}: ${bad.value} ${why}`
  return failure('input', place, what, 'Correct it, or leave the row out')
}

/** The rows of a table's file through the preparation that the model was trained with; columns are found by name. */
export const newRows = (card: Card, file: TableFile, place: string): E.Either<Failure, NewRows> => {
  const made = inputsOf(card, file, place)
  if (E.isLeft(made)) return made
  const { x, remarks } = made.right
  const far = tooFar(card, x, place)
  if (far) return E.left(far)
  const columns = targetColumns(card, file)
  const given = columns && givenAnswers(card.task, columns, card.preparation)
  return E.right({
    rows: x.shape[0],
    inputs: rows => take(x, rows, card.preparation.features),
    remarks: [...(file.kind === 'sheet' ? (file.sheet.remarks ?? []) : []), ...remarks, ...(given?.remarks ?? [])],
    given
  })
}

/** A stored network on an engine, and what it must know of the data it was trained on. */
export interface StoredNetwork<T> {
  readonly engine: Engine<T, unknown>
  readonly state: State<NdArray>
  readonly card: Card
}

/** How rows are answered. */
export interface AnswerOptions {
  /** Probability from which a label, or the second of two classes, counts as given, as in `predictionsOf`. */
  readonly threshold?: number | undefined
  /** Columns of the file that stand in front of the answers. */
  readonly keep?: readonly string[] | undefined
}

/** What a network answers to new rows. */
export interface Answers {
  /** In the order of the file. */
  readonly predictions: Predictions
  /** How good they are on the rows whose answers the file gives, if it gives any. */
  readonly score: PartEvaluation | undefined
  /** How many rows those are. */
  readonly scored: number
  readonly remarks: readonly string[]
}

/** A threshold, if what is predicted has any use for one. */
const fitting = ({ kind, outputs }: Card['task'], threshold: number | undefined): number | undefined => {
  if (threshold === undefined || kind === 'labels' || (kind === 'classes' && outputs.length === 2)) return threshold
  const what =
    kind === 'numbers' ? 'numbers have no probability' : `of ${outputs.length} classes the likeliest is taken`
  throw new FailureError(failure('usage', '--threshold', what, 'Leave it out'))
}

const keptColumns = (names: readonly string[], file: TableFile, place: string): readonly Column[] => {
  if (names.length === 0) return []
  const sheet = settle(sheetIn(file, place))
  return [...new Set(names)].map(name => {
    const column = columnNamed(sheet, name)
    if (column) return column
    const known = hint(
      name,
      sheet.columns.map(c => c.name)
    )
    throw new FailureError(failure('usage', '--keep', `${place} has no column ${name}`, known))
  })
}

/** The given rows of outputs. */
const rowsIn = ({ shape: [, columns], data }: NdArray, rows: readonly number[]): NdArray => ({
  shape: [rows.length, columns],
  data: Float64Array.from(
    { length: rows.length * columns },
    (_, k) => data[(rows[Math.floor(k / columns)] as number) * columns + (k % columns)] as number
  )
})

/** That a row's numbers, though finite, are so large that no answer is: the largest is to blame. */
const overflow = ({ features }: Card, row: number, { data }: NdArray, place: string): Failure => {
  const [worst] = largest({ shape: [1, features.length], data: Float64Array.from(data, Math.abs) })
  const what = `row ${row + 1}, column ${features[worst as number]}: it is too far from the rows that the model learned from`
  return failure('input', place, what, 'Correct it, or leave the row out')
}

/** What answers rows, and what it must know of the data it was trained on. */
export interface Answering {
  readonly card: Card
  /** Outputs z `[rows, outputs]` of so many rows, whose inputs, scaled as the card says, are made when asked for. */
  readonly outputs: (rows: number, inputs: (rows: readonly number[]) => NdArray) => Promise<NdArray>
}

/** Answers of anything that answers to the rows of a table's file. */
export const answersTo = (
  { card, outputs }: Answering,
  file: TableFile,
  place: string,
  options: AnswerOptions = {}
): TE.TaskEither<Failure, Answers> =>
  attempt(async () => {
    const threshold = fitting(card.task, options.threshold)
    const kept = keptColumns(options.keep ?? [], file, place)
    const { rows, inputs, given, remarks } = settle(newRows(card, file, place))
    const z = await outputs(rows, inputs)
    const wild = unsoundRow(z)
    if (wild !== undefined) throw new FailureError(overflow(card, wild, inputs([wild]), place))
    const scored = given?.rows.length ?? 0
    return {
      predictions: besides(kept, predictionsOf(card, z, threshold)),
      score: given && scored > 0 ? evaluationOf(card, rowsIn(z, given.rows), given.truth, threshold) : undefined,
      scored,
      remarks
    }
  })

/** Answers of a stored network to the rows of a table's file. */
export const answerTable = <T>(
  { engine, state, card }: StoredNetwork<T>,
  file: TableFile,
  place: string,
  options: AnswerOptions = {}
): TE.TaskEither<Failure, Answers> => {
  const outputs: Answering['outputs'] = async (rows, inputs) => {
    const loaded = restore(engine.backend, state)
    try {
      return await outputsOf(engine, loaded, rows, inputs)
    } finally {
      engine.backend.release(tensors(loaded))
    }
  }
  return answersTo({ card, outputs }, file, place, options)
}
