/** What one number does not tell: each class by itself, and how far probabilities can be believed. */
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { Confusion, NumberMetrics } from './metrics.js'
import { confusion, largest, numberMetrics, sigmoidEach, softmaxRows } from './metrics.js'

/** A tenth of the probabilities: how sure the network is there, and how often it is right. */
export interface CalibrationBin {
  /** Probabilities above `from`, up to `to`; the first bin holds 0 too. */
  readonly from: number
  readonly to: number
  readonly rows: number
  /** Mean probability; NaN without rows. */
  readonly confidence: number
  /** Share of the rows that are so; NaN without rows. */
  readonly frequency: number
}

/** How far probabilities can be believed. */
export interface ProbabilityScores {
  /** Mean of -log p of what is true, from the outputs themselves, so that no p has to be clipped. */
  readonly logLoss: number
  /** Mean squared error of the probabilities: of one of them for two classes or a label, summed over three classes or more. */
  readonly brier: number
  /** In ten bins. */
  readonly calibration: readonly CalibrationBin[]
}

/** A class by itself; what no row tells is NaN: precision where it is never predicted, recall where it is in no row. */
export interface ClassScores {
  readonly name: string
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Rows of it. */
  readonly support: number
}

/** A label by itself: a question of two answers, so that it has a confusion matrix and probabilities of its own. */
export interface LabelScores extends ClassScores, ProbabilityScores {
  /** Rows of it being 0 and 1, by columns of it being predicted 0 and 1. */
  readonly confusion: Confusion
}

/** An output of a regression by itself. */
export interface OutputScores extends NumberMetrics {
  readonly name: string
}

const share = (a: number, b: number): number => (b === 0 ? NaN : a / b)
const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length

/** Each class of a confusion matrix by itself.
 * @example perClass([[1, 1], [0, 2]], ['a', 'b'])[0] // => { name: 'a', precision: 1, recall: 0.5, f1: 2 / 3, support: 2 }
 */
export const perClass = (table: Confusion, names: readonly string[]): readonly ClassScores[] =>
  names.map((name, i) => {
    const tp = table[i]?.[i] as number
    const predicted = table.reduce((sum, row) => sum + (row[i] as number), 0)
    const support = (table[i] ?? []).reduce((sum, n) => sum + n, 0)
    const [precision, recall, f1] = [share(tp, predicted), share(tp, support), share(2 * tp, predicted + support)]
    return { name, precision, recall, f1, support }
  })

const BINS = 10

/** Probabilities in ten bins of equal width, with what came true of them. */
export const calibration = (p: readonly number[], isTrue: readonly boolean[]): readonly CalibrationBin[] => {
  const place = p.map(v =>
    Math.max(
      0,
      range(BINS).findIndex(i => v <= (i + 1) / BINS)
    )
  )
  return range(BINS).map(i => {
    const here = range(p.length).filter(k => place[k] === i)
    return {
      from: i / BINS,
      to: (i + 1) / BINS,
      rows: here.length,
      confidence: meanOf(here.map(k => p[k] as number)),
      frequency: meanOf(here.map(k => Number(isTrue[k])))
    }
  })
}

/** Probabilities of classes, judged by one class a row; the bins are of the predicted class's. */
export const classProbabilities = (z: NdArray, truth: readonly number[]): ProbabilityScores => {
  const [rows, classes] = z.shape
  const { data: p } = softmaxRows(z)
  const at = (data: NdArray['data'], i: number, j: number): number => data[i * classes + j] as number
  const losses = range(rows).map(i => {
    const row = Array.from(z.data.subarray(i * classes, (i + 1) * classes))
    const top = row.reduce((most, v) => Math.max(most, v), -Infinity)
    return Math.log(row.reduce((sum, v) => sum + Math.exp(v - top), 0)) + top - (row[truth[i] as number] as number)
  })
  const squares = range(rows).map(i =>
    range(classes).reduce((sum, j) => sum + (at(p, i, j) - Number(truth[i] === j)) ** 2, 0)
  )
  const predicted = largest(z)
  return {
    logLoss: meanOf(losses),
    brier: meanOf(squares) / (classes === 2 ? 2 : 1),
    calibration: calibration(
      predicted.map((j, i) => at(p, i, j)),
      predicted.map((j, i) => j === truth[i])
    )
  }
}

/** log(1 + e^x), without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

/** Probabilities of yes-or-no answers, judged by those that are given. */
export const answerProbabilities = (z: NdArray['data'], isTrue: readonly boolean[]): ProbabilityScores => {
  const p = Array.from(sigmoidEach({ shape: [isTrue.length, 1], data: z }).data)
  return {
    logLoss: meanOf(isTrue.map((yes, i) => softplus(yes ? -(z[i] as number) : (z[i] as number)))),
    brier: meanOf(isTrue.map((yes, i) => ((p[i] as number) - Number(yes)) ** 2)),
    calibration: calibration(p, isTrue)
  }
}

/** Column j of a matrix, as a matrix of one column. */
const columnOf = ({ shape: [rows, columns], data }: NdArray, j: number): NdArray => ({
  shape: [rows, 1],
  data: Float64Array.from({ length: rows }, (_, i) => data[i * columns + j] as number)
})

/** Each label by itself, predicted where its probability is at least `threshold`. */
export const perLabel = (
  z: NdArray,
  y: NdArray,
  names: readonly string[],
  threshold: number = 0.5
): readonly LabelScores[] =>
  names.map((name, j) => {
    const [outputs, truth] = [columnOf(z, j), Array.from(columnOf(y, j).data, v => v === 1)]
    const predicted = Array.from(sigmoidEach(outputs).data, p => Number(p >= threshold))
    const table = confusion(truth.map(Number), predicted, 2)
    const [, scores] = perClass(table, ['', name]) as readonly [ClassScores, ClassScores]
    return { ...scores, confusion: table, ...answerProbabilities(outputs.data, truth) }
  })

/** Each output of a regression by itself, in the truth's own units. */
export const perOutput = (predicted: NdArray, truth: NdArray, names: readonly string[]): readonly OutputScores[] =>
  names.map((name, j) => ({ name, ...numberMetrics(columnOf(predicted, j), columnOf(truth, j)) }))
