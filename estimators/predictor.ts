/** A trained network for those who only want answers: rows in, classes, labels or numbers out. */
import type { Tensor } from '../backends/open.js'
import type { Backend } from '../core/port/backend.js'
import { engine } from '../core/life/engine.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { State } from '../core/learning/state.js'
import { restore, tensors } from '../core/learning/state.js'
import type { Task } from '../data/dataset.js'
import type { Preparation } from '../data/preparation.js'
import { take } from '../data/matrix.js'
import { unscaled } from '../data/preparation.js'
import { largest, sigmoidEach, softmaxRows } from '../reports/metrics.js'
import { paperRule } from '../rules/paper.js'
import { outputsOf } from './evaluation.js'

/** A table of numbers, row by row. */
export type Rows = readonly (readonly number[])[]

/** Everything a model is, as plain data: to be kept, compared, or trained further. */
export interface StoredModel {
  readonly state: State<NdArray>
  readonly hyperparameters: Hyperparameters
  readonly preparation: Preparation
  readonly task: Task
}

/** Rows as a matrix of Float64; ragged, empty or non-finite ones are refused. `[rows, columns]` */
export const matrixOf = (rows: Rows, what: string, columns: number = rows[0]?.length ?? 0): NdArray => {
  const refuse = (problem: string, cure: string): never => {
    throw new FailureError(failure('input', what, problem, cure))
  }
  if (rows.length === 0) refuse('zero rows', 'Give at least one')
  if (columns === 0) refuse('zero columns', 'Give at least one')
  const ragged = rows.findIndex(r => r.length !== columns)
  if (ragged >= 0)
    refuse(`row ${ragged} has ${rows[ragged]?.length} columns, not ${columns}`, 'Give every row the same number')
  const data = new Float64Array(rows.length * columns)
  for (let k = 0; k < data.length; k++) {
    const [i, j] = [Math.floor(k / columns), k % columns]
    const v = rows[i]?.[j] as number
    data[k] = Number.isFinite(v)
      ? v
      : refuse(`row ${i}, column ${j}: ${String(v)} is not a finite number`, 'Remove or replace it')
  }
  return { shape: [rows.length, columns], data }
}

/** A matrix as rows. */
export const rowsOf = ({ shape, data }: NdArray): Rows =>
  range(shape[0]).map(i => Array.from(data.subarray(i * shape[1], (i + 1) * shape[1])))

/** What all models share. */
export interface FittedModel<A> {
  readonly stored: StoredModel
  /** An answer for each row. */
  readonly predict: (x: Rows) => Promise<readonly A[]>
}

/** A model that gives probabilities. */
export interface ProbabilisticModel<A> extends FittedModel<A> {
  /** Probabilities of the classes or labels, in the order of `stored.task.outputs`, for each row. */
  readonly predictProba: (x: Rows) => Promise<Rows>
}

/** Outputs z of a stored model for rows in their own units. */
export const apply = async (b: Backend<Tensor>, stored: StoredModel, x: Rows): Promise<NdArray> => {
  const { hyperparameters: h, state, preparation } = stored
  const raw = matrixOf(x, 'x', state.model.facts.inputs)
  const e = engine(b, h, paperRule(h))
  const loaded = restore(b, state)
  try {
    return await outputsOf(e, loaded, raw.shape[0], rows => take(raw, rows, preparation.features))
  } finally {
    b.release(tensors(loaded))
  }
}

/** One class for each row, by its name. */
export const classifierOf = (b: Backend<Tensor>, stored: StoredModel): ProbabilisticModel<string> => ({
  stored,
  predict: async x => largest(await apply(b, stored, x)).map(i => stored.task.outputs[i] as string),
  predictProba: async x => rowsOf(softmaxRows(await apply(b, stored, x)))
})

/** 0 or 1 for each label of each row: 1 where the probability is at least `threshold`. */
export const labellerOf = (
  b: Backend<Tensor>,
  stored: StoredModel,
  threshold: number
): ProbabilisticModel<readonly number[]> => {
  const predictProba = async (x: Rows): Promise<Rows> => rowsOf(sigmoidEach(await apply(b, stored, x)))
  return {
    stored,
    predictProba,
    predict: async x => (await predictProba(x)).map(row => row.map(p => (p >= threshold ? 1 : 0)))
  }
}

/** Numbers for each row, in the units they were learned in. */
export const regressorOf = (b: Backend<Tensor>, stored: StoredModel): FittedModel<readonly number[]> => ({
  stored,
  predict: async x => {
    const z = await apply(b, stored, x)
    return rowsOf(stored.preparation.targets ? unscaled(z, stored.preparation.targets) : z)
  }
})
