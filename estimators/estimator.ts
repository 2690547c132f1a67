/**
 * For those who only want a model: fit, predict, predictProba, score. Runs in Node and in browsers; wrong use rejects with
 * a FailureError that says what, where and how to mend it.
 * @example
 * const model = await fitClassifier([[0, 0], [0, 1], [1, 0], [1, 1]], ['no', 'yes', 'yes', 'no'], { validationShare: 0, epochs: 40 })
 * (await model.predict([[0, 1], [1, 1]])).length // => 2
 */
import type { Tensor } from '../backends/open.js'
import { hint } from '../core/port/nearest.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { Table, Target } from '../data/table.js'
import type { FitOptions, FitTable } from './fit.js'
import { fitTable, refuse } from './fit.js'
import type { Classifier, Labeller, Regressor } from './model.js'
import { classifierOf, labellerOf, regressorOf } from './model.js'
import type { Rows } from './rows.js'
import { matrixOf, stacked } from './rows.js'

/** Rows of one's own to watch instead of a share of those that are learned from. */
export interface Validation<Y> {
  readonly x: Rows
  readonly y: Y
}

const tableOf = (x: NdArray, target: Target): Table => {
  const rows = 'shape' in target.values ? target.values.shape[0] : target.values.length
  if (rows !== x.shape[0]) refuse('y', `${rows} targets for ${x.shape[0]} rows of x`, 'Give one for each row')
  return { name: 'x', features: range(x.shape[1]).map(j => `x${j}`), x, target, targets: ['y'] }
}

/** Rows to learn from, and below them those to watch. */
const withValidation = (x: Rows, watched: Rows | undefined): readonly [NdArray, number | undefined] => {
  const learned = matrixOf(x, 'x')
  if (watched === undefined) return [learned, undefined]
  const seen = matrixOf(watched, 'validation.x', learned.shape[1])
  return [stacked(learned, seen), seen.shape[0]]
}

/** What a class is given as. */
export type ClassName = string | number | boolean

/** How to fit a classifier. */
export interface ClassifierOptions<T = Tensor> extends FitOptions<T> {
  readonly validation?: Validation<readonly ClassName[]> | undefined
  /** Weights by class, from 0; `balanced` makes all classes weigh the same on the rows learned from. */
  readonly classWeights?: 'balanced' | Readonly<Record<string, number>> | undefined
}

/** Weights of rows by class, given the rows that are learned from. */
const classWeightsOf = (
  names: readonly string[],
  values: readonly number[],
  weights: ClassifierOptions['classWeights']
): FitTable['classWeights'] => {
  if (weights === undefined) return undefined
  if (weights === 'balanced') {
    return training => {
      const counts = names.map(() => 0)
      for (const row of training) counts[values[row] as number] = (counts[values[row] as number] as number) + 1
      return row => training.length / (names.length * Math.max(1, counts[values[row] as number] as number))
    }
  }
  if (typeof weights !== 'object')
    refuse('classWeights', `${String(weights)} is neither 'balanced' nor a record`, 'Give one of them')
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name)) refuse('classWeights', `there is no class ${name}`, hint(name, names))
    if (!(weight >= 0 && weight < Infinity))
      refuse('classWeights', `${name} weighs ${weight}`, 'Give a number from 0 on')
  }
  const byName = new Map(Object.entries(weights))
  return () => row => byName.get(names[values[row] as number] as string) ?? 1
}

/** Fits classes. */
export const fitClassifier = async <T = Tensor>(
  x: Rows,
  y: readonly ClassName[],
  { classWeights, validation, ...options }: ClassifierOptions<T> = {}
): Promise<Classifier> => {
  const learned = y.map(String)
  const names = options.from?.task.outputs ?? [...new Set(learned)].sort()
  const places = new Map(names.map((name, i) => [name, i]))
  const placeOf = (where: string) => (name: string) =>
    places.get(name) ?? refuse(where, `the model does not know the class ${name}`, 'Train a new model')
  const [matrix, validationRows] = withValidation(x, validation?.x)
  const values = [...learned.map(placeOf('y')), ...(validation?.y.map(String).map(placeOf('validation.y')) ?? [])]
  const table = tableOf(matrix, { kind: 'classes', names, values })
  const weights = classWeightsOf(names, values, classWeights)
  const { backend, stored, close } = await fitTable({ table, validationRows, classWeights: weights }, options)
  return classifierOf(backend, stored, close)
}

/** How to fit a labeller. */
export interface LabellerOptions<T = Tensor> extends FitOptions<T> {
  readonly validation?: Validation<Rows> | undefined
  /** Probability from which a label counts as given; 0.5 if left out. */
  readonly threshold?: number | undefined
}

const numbersOf = <T>(
  kind: 'labels' | 'numbers',
  x: Rows,
  y: Rows,
  { from, validation }: FitOptions<T> & { readonly validation?: Validation<Rows> | undefined }
): FitTable => {
  const learned = matrixOf(y, 'y')
  const values = validation ? stacked(learned, matrixOf(validation.y, 'validation.y', learned.shape[1])) : learned
  const names = from?.task.outputs ?? range(values.shape[1]).map(j => `y${j}`)
  const [matrix, validationRows] = withValidation(x, validation?.x)
  return { table: tableOf(matrix, { kind, names, values }), validationRows }
}

/** Fits any number of labels a row, 0 or 1 each. */
export const fitLabeller = async <T = Tensor>(
  x: Rows,
  y: Rows,
  { threshold = 0.5, validation, ...options }: LabellerOptions<T> = {}
): Promise<Labeller> => {
  if (!(threshold >= 0 && threshold <= 1)) refuse('threshold', `must be from 0 to 1, not ${threshold}`, 'Correct it')
  const { backend, stored, close } = await fitTable(numbersOf('labels', x, y, { ...options, validation }), options)
  return labellerOf(backend, stored, threshold, close)
}

/** How to fit a regressor. */
export interface RegressorOptions<T = Tensor> extends FitOptions<T> {
  readonly validation?: Validation<Rows> | undefined
}

/** Fits numbers, one or more a row. They are standardised inside; predictions come in their own units. */
export const fitRegressor = async <T = Tensor>(
  x: Rows,
  y: Rows,
  { validation, ...options }: RegressorOptions<T> = {}
): Promise<Regressor> => {
  const { backend, stored, close } = await fitTable(numbersOf('numbers', x, y, { ...options, validation }), options)
  return regressorOf(backend, stored, close)
}
