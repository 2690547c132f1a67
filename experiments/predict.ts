/** New rows through a stored model: the same preparation, then classes, labels or numbers. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Failure } from '../core/failure.js'
import { failure } from '../core/failure.js'
import type { NdArray } from '../core/ndarray.js'
import { range } from '../core/ndarray.js'
import type { Cells } from '../data/csv.js'
import { numbers } from '../data/csv.js'
import { scaled, unscaled } from '../data/preparation.js'
import { f1Micro, confusion, largest, sigmoidEach, softmaxRows } from '../reports/metrics.js'
import type { DataCard } from './model.js'

/** The inputs of a network for the rows of a CSV file; columns are found by name, others are ignored. */
export const inputsOf = (
  card: Pick<DataCard, 'features' | 'preparation'>,
  cells: Cells,
  place: string
): E.Either<Failure, NdArray> => {
  const missing = card.features.filter(name => !cells.header.includes(name))
  if (missing.length > 0) {
    const named = missing.slice(0, 5).join(', ')
    return E.left(
      failure(
        'input',
        place,
        `${missing.length} of the ${card.features.length} columns that the model needs are missing: ${named}`,
        'Give them, in any order'
      )
    )
  }
  return pipe(
    numbers(cells, card.features, place),
    E.map(x => scaled(x, card.preparation.features, range(x.shape[0])))
  )
}

/** Predictions as columns of text. */
export interface Predictions {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const text = (v: number): string => String(Number(v.toPrecision(7)))
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
        rows: rows.map(i => [task.outputs[best[i] as number] as string, ...row(p, i).map(text)])
      }
    }
    case 'labels': {
      const p = sigmoidEach(z)
      return {
        header: [...task.outputs, ...task.outputs.map(name => `p(${name})`)],
        rows: rows.map(i => [...row(p, i).map(v => (v >= threshold ? '1' : '0')), ...row(p, i).map(text)])
      }
    }
    case 'numbers': {
      const values = preparation.targets ? unscaled(z, preparation.targets) : z
      return { header: task.outputs, rows: rows.map(i => row(values, i).map(text)) }
    }
  }
}

/** F1-micro of predicted classes, if the file knows the true ones. */
export const agreement = (
  { task, targets }: Pick<DataCard, 'task' | 'targets'>,
  cells: Cells,
  z: NdArray
): number | undefined => {
  const column = cells.header.indexOf(targets[0] ?? '')
  if (task.kind !== 'classes' || column < 0) return undefined
  const truth = cells.rows.map(r => task.outputs.indexOf(r[column] as string))
  if (truth.some(t => t < 0)) return undefined
  return f1Micro(confusion(truth, largest(z), task.outputs.length))
}
