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
import type { ClassWeighting } from './class-weights.js'
import { classWeightsOf } from './class-weights.js'
import type { ClassName } from './class-names.js'
import { namesOf } from './class-names.js'
import type { FitTable } from './fit.js'
import { fitTable } from './fit.js'
import type { Classifier, Labeller, Regressor } from './model.js'
import { classifierOf, labellerOf, regressorOf } from './model.js'
import type { FitOptions } from './options.js'
import { checkedOptions, refuse } from './options.js'
import { turn } from './pacer.js'
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

export type { ClassName } from './class-names.js'

/** How to fit a classifier. */
export interface ClassifierOptions<T = Tensor> extends FitOptions<T> {
  readonly validation?: Validation<readonly ClassName[]> | undefined
  /** Weights by class, from 0; `balanced` makes all classes weigh the same on the rows learned from. */
  readonly classWeights?: 'balanced' | Readonly<Record<string, number>> | undefined
}

/** The weights by class that a caller gives, checked. */
const weightingOf = (
  names: readonly string[],
  weights: ClassifierOptions['classWeights']
): ClassWeighting | undefined => {
  if (weights === undefined || weights === 'balanced') return weights
  for (const [name, weight] of Object.entries(weights)) {
    if (!names.includes(name)) refuse('classWeights', `there is no class ${name}`, hint(name, names))
    if (!(weight >= 0 && weight < Infinity))
      refuse('classWeights', `${name} weighs ${weight}`, 'Give a number from 0 on')
  }
  return new Map(Object.entries(weights))
}

/** Fits classes. */
export const fitClassifier = async <T = Tensor>(
  x: Rows,
  y: readonly ClassName[],
  given: ClassifierOptions<T> = {}
): Promise<Classifier> => {
  const { classWeights, validation, ...options } = checkedOptions(given)
  const learned = namesOf(y, 'y')
  const watched = validation ? namesOf(validation.y, 'validation.y') : []
  const names = options.from?.task.outputs ?? [...new Set(learned)].sort()
  const places = new Map(names.map((name, i) => [name, i]))
  const placeOf = (where: string) => (name: string) =>
    places.get(name) ?? refuse(where, `the model does not know the class ${name}`, 'Train a new model')
  const [matrix, validationRows] = withValidation(x, validation?.x)
  const values = [...learned.map(placeOf('y')), ...watched.map(placeOf('validation.y'))]
  const table = tableOf(matrix, { kind: 'classes', names, values })
  await turn()
  const weighting = weightingOf(names, classWeights)
  const weights = weighting && classWeightsOf(names, values, weighting)
  const { backend, stored, close } = await fitTable({ table, validationRows, classWeights: weights }, options)
  return classifierOf(backend, stored, close)
}

/** How to fit a labeller. */
export interface LabellerOptions<T = Tensor> extends FitOptions<T> {
  readonly validation?: Validation<Rows> | undefined
  /** Probability from which a label counts as given; 0.5 if left out. */
  readonly threshold?: number | undefined
}

/** Refuses what is not 0 or 1, by its place in what was given. */
const checkLabels = ({ shape: [, columns], data }: NdArray, where: string): void => {
  const wrong = data.findIndex(v => v !== 0 && v !== 1)
  if (wrong < 0) return
  const place = `row ${Math.floor(wrong / columns)}, column ${wrong % columns}`
  refuse(where, `${place}: ${data[wrong]} is not 0 or 1`, 'Correct it')
}

const numbersOf = <T>(
  kind: 'labels' | 'numbers',
  x: Rows,
  y: Rows,
  { from, validation }: FitOptions<T> & { readonly validation?: Validation<Rows> | undefined }
): FitTable => {
  const learned = matrixOf(y, 'y')
  const watched = validation && matrixOf(validation.y, 'validation.y', learned.shape[1])
  if (kind === 'labels') {
    checkLabels(learned, 'y')
    if (watched) checkLabels(watched, 'validation.y')
  }
  const values = watched ? stacked(learned, watched) : learned
  const names = from?.task.outputs ?? range(values.shape[1]).map(j => `y${j}`)
  const [matrix, validationRows] = withValidation(x, validation?.x)
  return { table: tableOf(matrix, { kind, names, values }), validationRows }
}

/** Fits any number of labels a row, 0 or 1 each. */
export const fitLabeller = async <T = Tensor>(x: Rows, y: Rows, given: LabellerOptions<T> = {}): Promise<Labeller> => {
  const { threshold = 0.5, validation, ...options } = checkedOptions(given)
  const table = numbersOf('labels', x, y, { ...options, validation })
  await turn()
  const { backend, stored, close } = await fitTable(table, options)
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
  given: RegressorOptions<T> = {}
): Promise<Regressor> => {
  const { validation, ...options } = checkedOptions(given)
  const table = numbersOf('numbers', x, y, { ...options, validation })
  await turn()
  const { backend, stored, close } = await fitTable(table, options)
  return regressorOf(backend, stored, close)
}
