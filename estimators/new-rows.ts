/** New rows through a stored model: the same preparation, then classes, labels or numbers. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Engine } from '../core/life/engine.js'
import type { State } from '../core/learning/state.js'
import { restore, tensors } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { columnsOf, inputsOfArrays, selected, sheetOfArrays } from '../data/arrays.js'
import { encode, plainEncoding } from '../data/encoding.js'
import type { Npy } from '../data/formats/npy.js'
import type { Matrix } from '../data/matrix.js'
import { take } from '../data/matrix.js'
import { unscaled } from '../data/preparation.js'
import type { Sheet } from '../data/sheet.js'
import { columnNamed } from '../data/sheet.js'
import { truthOf } from '../data/target.js'
import { f1Micro, confusion, largest, sigmoidEach, softmaxRows } from '../reports/metrics.js'
import type { DataCard } from './data-card.js'
import { outputsOf } from './evaluation.js'
import type { TableFile } from '../data/tablefile.js'
import { shortestText } from './shortest-text.js'

/** Rows for a stored model: their inputs, made when asked for, and what had to be made up. */
export interface NewRows {
  readonly rows: number
  readonly inputs: (rows: readonly number[]) => NdArray
  readonly remarks: readonly string[]
  /** The rows' true classes, if the file has them and the model knows them. */
  readonly truth: readonly number[] | undefined
}

const lacking = (place: string, missing: readonly string[], all: number): E.Either<Failure, never> => {
  const named = missing.slice(0, 5).join(', ')
  const what = `all ${all} columns that the model needs are missing: ${named}`
  return E.left(failure('input', place, what, 'Give them, in any order'))
}

type Card = Pick<DataCard, 'features' | 'preparation' | 'targets' | 'task'>

const truthIn = ({ targets, task }: Card, sheet: Sheet): NewRows['truth'] =>
  task.kind === 'classes' ? truthOf(sheet, targets[0] ?? '', task.outputs) : undefined

const truthOfArrays = (card: Card, arrays: ReadonlyMap<string, Npy>, place: string): NewRows['truth'] => {
  const [name = ''] = card.targets
  const labels = arrays.get(name)
  const column = labels && columnsOf(name, labels)[0]
  return column && truthIn(card, { place, rows: column.text.length, columns: [column] })
}

const rowsOf = (card: Card, x: Matrix, remarks: readonly string[], truth: NewRows['truth']): NewRows => ({
  rows: x.shape[0],
  inputs: rows => take(x, rows, card.preparation.features),
  remarks,
  truth
})

/** The rows of a table's file through the preparation that the model was trained with; columns are found by name. */
export const newRows = (card: Card, file: TableFile, place: string): E.Either<Failure, NewRows> => {
  if (file.kind === 'arrays' && !card.preparation.encoding) {
    const inputs = inputsOfArrays(file.arrays, place)
    if (E.isLeft(inputs)) return inputs
    const there = new Set(inputs.right.features)
    if (card.features.every(name => there.has(name)))
      return E.right(rowsOf(card, selected(inputs.right, card.features), [], truthOfArrays(card, file.arrays, place)))
  }
  const encoding = card.preparation.encoding ?? plainEncoding(card.features, card.preparation.features.offset)
  const sheet = file.kind === 'sheet' ? E.right(file.sheet) : sheetOfArrays(file.arrays, place)
  if (E.isLeft(sheet)) return sheet
  const missing = encoding.map(code => code.column).filter(name => !columnNamed(sheet.right, name))
  if (missing.length === encoding.length) return lacking(place, missing, encoding.length)
  return pipe(
    encode(encoding, sheet.right),
    E.map(({ x, remarks }) => rowsOf(card, x, remarks, truthIn(card, sheet.right)))
  )
}

/** Predictions as columns of text. */
export interface Predictions {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const probability = (p: number): string => String(Number(p.toPrecision(7)))
/** Share of the targets' deviation that an answer's last digit may be off: about what Float32 outputs can tell. */
const FINEST = 1e-6
const row = ({ shape, data }: NdArray, i: number): readonly number[] =>
  Array.from(data.subarray(i * shape[1], (i + 1) * shape[1]))

/** What outputs mean: the class and the probability of each; the labels and their probabilities; numbers in their units. */
export const predictionsOf = (
  { task, preparation, targets }: Pick<DataCard, 'task' | 'preparation' | 'targets'>,
  z: NdArray,
  threshold: number
): Predictions => {
  const rows = range(z.shape[0])
  switch (task.kind) {
    case 'classes': {
      const [best, p] = [largest(z), softmaxRows(z)]
      return {
        header: [targets[0] ?? 'class', ...task.outputs.map(name => `p(${name})`)],
        rows: rows.map(i => [task.outputs[best[i] as number] as string, ...row(p, i).map(probability)])
      }
    }
    case 'labels': {
      const p = sigmoidEach(z)
      return {
        header: [...task.outputs, ...task.outputs.map(name => `p(${name})`)],
        rows: rows.map(i => [...row(p, i).map(v => (v >= threshold ? '1' : '0')), ...row(p, i).map(probability)])
      }
    }
    case 'numbers': {
      const values = preparation.targets ? unscaled(z, preparation.targets) : z
      const tolerances = task.outputs.map((_, j) => {
        const factor = preparation.targets?.factor[j] ?? 1
        return factor === 0 ? 0 : FINEST / factor
      })
      const text = (v: number, j: number): string => shortestText(v, tolerances[j] as number)
      return { header: task.outputs, rows: rows.map(i => row(values, i).map(text)) }
    }
  }
}

/** F1-micro of predicted classes, if the true ones are known. */
export const agreement = (truth: NewRows['truth'], classes: number, z: NdArray): number | undefined =>
  truth === undefined ? undefined : f1Micro(confusion(truth, largest(z), classes))

/** A stored network on an engine, and what it must know of the data it was trained on. */
export interface StoredNetwork<T> {
  readonly engine: Engine<T>
  readonly state: State<NdArray>
  readonly card: Card
}

/** What a network answers to new rows. */
export interface Answers {
  readonly predictions: Predictions
  /** F1-micro against the rows' own classes, if the file has them. */
  readonly f1Micro: number | undefined
  readonly remarks: readonly string[]
}

/** Answers to the rows of a table's file; `threshold` is the probability from which a label counts as given. */
export const answerTable = <T>(
  { engine, state, card }: StoredNetwork<T>,
  file: TableFile,
  place: string,
  threshold: number = 0.5
): TE.TaskEither<Failure, Answers> =>
  attempt(async () => {
    const { rows, inputs, truth, remarks } = settle(newRows(card, file, place))
    const loaded = restore(engine.backend, state)
    try {
      const z = await outputsOf(engine, loaded, rows, inputs)
      const f1Micro = agreement(truth, card.task.outputs.length, z)
      return { predictions: predictionsOf(card, z, threshold), f1Micro, remarks }
    } finally {
      engine.backend.release(tensors(loaded))
    }
  })
