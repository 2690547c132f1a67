/**
 * For those who only want a model: fit, predict, predictProba, score. Runs in Node and in browsers.
 * @example
 * const model = await fitClassifier([[0, 0], [0, 1], [1, 0], [1, 1]], ['no', 'yes', 'yes', 'no'], { validationShare: 0, epochs: 40 })
 * (await model.predict([[0, 1], [1, 1]])).length // => 2
 */
import type { Tensor } from '../backends/open.js'
import { open } from '../backends/open.js'
import { settle } from '../codecs/attempt.js'
import { HyperparametersCodec } from '../codecs/hyperparameters.js'
import { decode } from '../codecs/strict.js'
import type { Backend } from '../core/port/backend.js'
import { engine } from '../core/life/engine.js'
import { checkedSeed } from '../core/network/checks.js'
import { entryOf } from '../core/port/checks.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { Frame } from '../core/life/frame.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { initialState } from '../core/learning/initial-state.js'
import type { State } from '../core/learning/state.js'
import { restore, snapshot, tensors, unstarted } from '../core/learning/state.js'
import { train } from '../core/life/train.js'
import type { Dataset } from '../data/dataset.js'
import { prepare, scaleOf, suited } from '../data/dataset.js'
import type { Split } from '../data/split.js'
import { noSplit, stratifiedSplit } from '../data/split.js'
import type { Table, Target } from '../data/table.js'
import { labelMetrics, numberMetrics } from '../reports/metrics.js'
import { paperRule } from '../rules/paper.js'
import type { FittedModel, ProbabilisticModel, Rows, StoredModel } from './predictor.js'
import { apply, classifierOf, labellerOf, matrixOf, regressorOf } from './predictor.js'
import type { PresetName } from './presets.js'
import { presets } from './presets.js'
import { dataOf, releaseData } from './on-backend.js'

/** How to fit; any hyperparameter may stand beside these. */
export interface FitOptions extends Partial<Hyperparameters> {
  readonly preset?: PresetName
  readonly seed?: number
  /** An open backend; simd is opened if left out. */
  readonly backend?: Backend<Tensor>
  /** Share of the rows that is watched, not learned from. Default 0.2. */
  readonly validationShare?: number
  /** Weight of each row. */
  readonly sampleWeights?: readonly number[]
  /** A model to go on from, for `epochs` more epochs; its preparation and its classes stay. */
  readonly from?: StoredModel
  /** Which network to give: the last, or that of the lowest validation loss (default if stopPatience is set). */
  readonly use?: 'last' | 'best'
  /** Is shown every epoch; the frame's state is valid until it returns. */
  readonly onEpoch?: (frame: Frame<Tensor>) => void
}

const refuse = (where: string, what: string, cure: string): never => {
  throw new FailureError(failure('usage', where, what, cure))
}

/** About a share of the rows for validation, of each class alike where there are classes. */
const held = ({ x, target }: Table, share: number, seed: number): Split => {
  if (!(share >= 0 && share <= 0.5)) refuse('validationShare', `must be from 0 to 0.5, not ${share}`, 'Correct it')
  const rows = x.shape[0]
  if (share === 0 || rows < 5) return noSplit(rows)
  const groups = target.kind === 'classes' ? target.values : range(rows).map(() => 0)
  const { training, validation, test } = stratifiedSplit(groups, seed, share)
  return { training: [...training, ...test].sort((a, b) => a - b), validation, test: [] }
}

/** The same table under a stored preparation: scaled by its numbers, not by the table's own. */
const prepareBy = (table: Table, split: Split, from: StoredModel): Dataset => {
  const { preparation, task, state } = from
  if (table.x.shape[1] !== state.model.facts.inputs)
    refuse(
      'from',
      `the model has ${state.model.facts.inputs} inputs, x has ${table.x.shape[1]} columns`,
      'Give the same columns'
    )
  if (table.target.names.join('\n') !== task.outputs.join('\n'))
    refuse('from', `the model knows ${task.outputs.join(', ')}`, 'Give the same classes, labels or numbers')
  return settle(prepare(table, split, { known: preparation }))
}

const hyperparametersOf = (options: FitOptions, d: Dataset): Hyperparameters => {
  const { preset = 'swift', seed, backend, validationShare, sampleWeights, from, use, onEpoch, ...chosen } = options
  const base = from ? from.hyperparameters : entryOf('preset', presets, preset)(d)
  const h = settle(decode(HyperparametersCodec, 'options')({ ...base, ...chosen }))
  settle(suited(d.task.kind, h.loss, 'loss'))
  return from ? { ...h, epochs: from.state.clock.epoch + (chosen.epochs ?? h.epochs) } : h
}

/** Fits a table of numbers. */
const fitTable = async (
  table: Table,
  options: FitOptions,
  classWeight: (row: number) => number = () => 1
): Promise<readonly [Backend<Tensor>, StoredModel]> => {
  const { seed = 1, validationShare = 0.2, sampleWeights, from } = options
  checkedSeed(seed)
  const wrong = sampleWeights?.findIndex(w => !(w >= 0 && w < Infinity)) ?? -1
  if (wrong >= 0 || (sampleWeights && sampleWeights.length !== table.x.shape[0])) {
    refuse(
      'sampleWeights',
      wrong >= 0
        ? `weight ${wrong} is ${sampleWeights?.[wrong]}`
        : `${sampleWeights?.length} weights for ${table.x.shape[0]} rows`,
      'Give one number from 0 on for each row'
    )
  }
  const split = held(table, validationShare, seed)
  const d = from ? prepareBy(table, split, from) : settle(prepare(table, split, { targets: scaleOf(options.loss) }))
  const h = hyperparametersOf(options, d)
  const b = options.backend ?? settle(await open('simd')())
  const e = engine(b, h, paperRule(h))
  const start = from
    ? { ...from.state, clock: { ...from.state.clock, progress: unstarted } }
    : initialState(e, table.x.shape[1], table.target.names.length, seed)
  const weights = split.training.map(row => classWeight(row) * (sampleWeights?.[row] ?? 1))
  const data = dataOf(b, h, d, weights)
  const wanted = options.use ?? (h.stopPatience > 0 ? 'best' : 'last')
  let chosen: State<Tensor> | undefined
  try {
    for await (const frame of train(e, data, restore(b, start))) {
      const diverged = frame.events.some(event => event._tag === 'Diverged')
      if (diverged) {
        throw new FailureError(
          failure(
            'diverged',
            `epoch ${frame.state.clock.epoch + 1}`,
            'the loss is no longer finite',
            `Lower learningRate (now ${h.learningRate}) or set clipNorm`
          )
        )
      }
      options.onEpoch?.(frame)
      if (wanted === 'last' || frame.state.clock.progress.bestEpoch === frame.state.clock.epoch) {
        if (chosen) b.release(tensors(chosen))
        chosen = frame.keep()
      }
    }
    const state: State<NdArray> = chosen ? await snapshot(b, chosen) : start
    return [b, { state, hyperparameters: h, preparation: d.preparation, task: d.task }]
  } finally {
    if (chosen) b.release(tensors(chosen))
    releaseData(b, data)
  }
}

const tableOf = (x: Rows, target: Target): Table => {
  const matrix = matrixOf(x, 'x')
  const rows = 'shape' in target.values ? target.values.shape[0] : target.values.length
  if (rows !== matrix.shape[0]) refuse('y', `${rows} targets for ${matrix.shape[0]} rows of x`, 'Give one for each row')
  return { name: 'x', features: range(matrix.shape[1]).map(j => `x${j}`), x: matrix, target, targets: ['y'] }
}

/** A classifier with its accuracy. */
export interface Classifier extends ProbabilisticModel<string> {
  /** Share of rows whose class is predicted: F1-micro. */
  readonly score: (x: Rows, y: readonly (string | number)[]) => Promise<number>
}

/** Fits classes; `classWeights` names weights, `balanced` makes all classes weigh the same. */
export const fitClassifier = async (
  x: Rows,
  y: readonly (string | number)[],
  {
    classWeights,
    ...options
  }: FitOptions & { readonly classWeights?: 'balanced' | Readonly<Record<string, number>> } = {}
): Promise<Classifier> => {
  const given = y.map(String)
  const names = options.from?.task.outputs ?? [...new Set(given)].sort()
  const unknown = given.find(c => !names.includes(c))
  if (unknown !== undefined) refuse('y', `the model does not know the class ${unknown}`, 'Train a new model')
  const count = (name: string): number => given.filter(c => c === name).length
  const weightOf = new Map(
    names.map(n => [
      n,
      classWeights === 'balanced' ? y.length / (names.length * Math.max(1, count(n))) : (classWeights?.[n] ?? 1)
    ])
  )
  const table = tableOf(x, { kind: 'classes', names, values: given.map(c => names.indexOf(c)) })
  const [b, stored] = await fitTable(table, options, row => weightOf.get(given[row] as string) as number)
  const model = classifierOf(b, stored)
  const score: Classifier['score'] = async (rows, truth) => {
    const answers = await model.predict(rows)
    return answers.filter((a, i) => a === String(truth[i])).length / answers.length
  }
  return { ...model, score }
}

/** A multi-label model with its F1-micro. */
export interface Labeller extends ProbabilisticModel<readonly number[]> {
  readonly score: (x: Rows, y: Rows) => Promise<number>
}

/** Fits any number of labels a row, 0 or 1 each; `threshold` is the probability from which a label counts as given. */
export const fitLabeller = async (
  x: Rows,
  y: Rows,
  { threshold = 0.5, ...options }: FitOptions & { readonly threshold?: number } = {}
): Promise<Labeller> => {
  const values = matrixOf(y, 'y')
  const names = options.from?.task.outputs ?? range(values.shape[1]).map(j => `y${j}`)
  const [b, stored] = await fitTable(tableOf(x, { kind: 'labels', names, values }), options)
  const score: Labeller['score'] = async (rows, truth) =>
    labelMetrics(await apply(b, stored, rows), matrixOf(truth, 'y'), threshold).f1Micro
  return { ...labellerOf(b, stored, threshold), score }
}

/** A regression model with its share of explained variance. */
export interface Regressor extends FittedModel<readonly number[]> {
  readonly score: (x: Rows, y: Rows) => Promise<number>
}

/** Fits numbers, one or more a row. They are standardised inside; predictions come in their own units. */
export const fitRegressor = async (x: Rows, y: Rows, options: FitOptions = {}): Promise<Regressor> => {
  const values = matrixOf(y, 'y')
  const names = options.from?.task.outputs ?? range(values.shape[1]).map(j => `y${j}`)
  const [b, stored] = await fitTable(tableOf(x, { kind: 'numbers', names, values }), options)
  const model = regressorOf(b, stored)
  const score: Regressor['score'] = async (rows, truth) =>
    numberMetrics(matrixOf(await model.predict(rows), 'predictions'), matrixOf(truth, 'y')).r2
  return { ...model, score }
}
