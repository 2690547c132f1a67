/** How good outputs are. */
import { binade } from '../core/port/elementary.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'

/** Rows of true classes by columns of predicted ones. */
export type Confusion = readonly (readonly number[])[]

/** Index of the largest entry of each row, the first of equals.
 * @example largest({ shape: [1, 3], data: Float64Array.of(1, 5, 2) }) // => [1]
 */
export const largest = ({ shape: [rows, columns], data }: NdArray): readonly number[] => {
  const found: number[] = []
  for (let i = 0, at = 0; i < rows; i++, at += columns) {
    let best = 0
    for (let j = 1; j < columns; j++) if ((data[at + j] as number) > (data[at + best] as number)) best = j
    found.push(best)
  }
  return found
}

/** Counts of (true, predicted) pairs.
 * @example confusion([0, 1, 1], [0, 0, 1], 2) // => [[1, 0], [1, 1]]
 */
export const confusion = (truth: readonly number[], predicted: readonly number[], classes: number): Confusion => {
  const table = range(classes).map((): number[] => range(classes).map(() => 0))
  for (let i = 0; i < truth.length; i++) {
    const row = table[truth[i] as number] as number[]
    const column = predicted[i] as number
    row[column] = (row[column] as number) + 1
  }
  return table
}

const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b)

/** F1 of true positives, false positives and false negatives. */
const f1 = (tp: number, fp: number, fn: number): number => ratio(2 * tp, 2 * tp + fp + fn)

/** F1 over all decisions together; for one class a row it equals the accuracy.
 * @example f1Micro([[1, 0], [1, 2]]) // => 0.75
 */
export const f1Micro = (table: Confusion): number => {
  const right = table.reduce((sum, row, i) => sum + (row[i] as number), 0)
  const all = table.reduce((sum, row) => row.reduce((s, n) => s + n, sum), 0)
  return ratio(right, all)
}

/** Mean of the classes' F1; a class that is neither there nor predicted counts as 0. */
export const f1Macro = (table: Confusion): number =>
  table
    .map((row, i) => {
      const tp = row[i] as number
      const fn = row.reduce((s, n) => s + n, 0) - tp
      const fp = table.reduce((s, other) => s + (other[i] as number), 0) - tp
      return f1(tp, fp, fn)
    })
    .reduce((s, v) => s + v, 0) / table.length

/** Area under the ROC curve: the probability that a positive scores above a negative, ties counting half.
 * @example auc([0.1, 0.4, 0.8], [false, true, true]) // => 1
 */
export const auc = (scores: ArrayLike<number>, positive: readonly boolean[]): number => {
  const order = range(positive.length)
    .slice()
    .sort((a, b) => (scores[a] as number) - (scores[b] as number))
  let [rankSum, positives, i] = [0, 0, 0]
  while (i < order.length) {
    let j = i
    while (j < order.length && scores[order[j] as number] === scores[order[i] as number]) j++
    const here = order.slice(i, j).filter(k => positive[k]).length
    rankSum += here * ((i + j + 1) / 2) // mean rank of the tied
    positives += here
    i = j
  }
  const negatives = positive.length - positives
  return positives === 0 || negatives === 0
    ? NaN
    : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** Softmax of each row of outputs: probabilities of classes. */
export const softmaxRows = ({ shape: [rows, columns], data }: NdArray): NdArray => {
  const out = new Float64Array(rows * columns)
  for (const i of range(rows)) {
    const row = Array.from(data.subarray(i * columns, (i + 1) * columns))
    const top = row.reduce((most, v) => Math.max(most, v), -Infinity)
    const e = row.map(v => Math.exp(v - top))
    const sum = e.reduce((s, v) => s + v, 0)
    e.forEach((v, j) => (out[i * columns + j] = v / sum))
  }
  return { shape: [rows, columns], data: out }
}

/** The logistic function of each output: probabilities of labels. */
export const sigmoidEach = ({ shape, data }: NdArray): NdArray => ({
  shape,
  data: Float64Array.from(data, v => 1 / (1 + Math.exp(-v)))
})

/** F1 over all decisions together, and its mean over classes or labels. */
export interface F1 {
  readonly f1Micro: number
  readonly f1Macro: number
}

/** Metrics of a classifier; AUC is one class against the rest. */
export interface ClassMetrics extends F1 {
  readonly aucMicro: number
  readonly aucMacro: number
}

const column = ({ shape: [rows, columns], data }: NdArray, j: number): readonly number[] =>
  range(rows).map(i => data[i * columns + j] as number)

const aucs = (p: NdArray, truth: (i: number, j: number) => boolean): readonly [micro: number, macro: number] => {
  const [rows, columns] = p.shape
  const each = range(columns).map(j =>
    auc(
      column(p, j),
      range(rows).map(i => truth(i, j))
    )
  )
  const defined = each.filter(v => !Number.isNaN(v))
  const micro = auc(
    p.data,
    range(rows * columns).map(k => truth(Math.floor(k / columns), k % columns))
  )
  return [micro, defined.reduce((s, v) => s + v, 0) / defined.length]
}

/** F1 of outputs z against one class a row. */
export const classF1 = (z: NdArray, truth: readonly number[]): F1 => {
  const table = confusion(truth, largest(z), z.shape[1])
  return { f1Micro: f1Micro(table), f1Macro: f1Macro(table) }
}

/** Metrics of outputs z against one class a row. */
export const classMetrics = (z: NdArray, truth: readonly number[]): ClassMetrics => {
  const [aucMicro, aucMacro] = aucs(softmaxRows(z), (i, j) => truth[i] === j)
  return { ...classF1(z, truth), aucMicro, aucMacro }
}

/** F1 of outputs z against labels, each predicted where its probability is at least `threshold`. */
export const labelF1 = (z: NdArray, y: NdArray, threshold: number = 0.5): F1 => {
  const p = sigmoidEach(z)
  const counts = range(z.shape[1]).map(j => {
    const [predicted, truth] = [column(p, j).map(v => v >= threshold), column(y, j).map(v => v === 1)]
    const count = (a: boolean, b: boolean): number => truth.filter((t, i) => t === a && predicted[i] === b).length
    return { tp: count(true, true), fp: count(false, true), fn: count(true, false) }
  })
  const sum = (k: 'tp' | 'fp' | 'fn'): number => counts.reduce((s, c) => s + c[k], 0)
  return {
    f1Micro: f1(sum('tp'), sum('fp'), sum('fn')),
    f1Macro: counts.reduce((s, c) => s + f1(c.tp, c.fp, c.fn), 0) / counts.length
  }
}

/** Metrics of outputs z against labels. */
export const labelMetrics = (z: NdArray, y: NdArray, threshold: number = 0.5): ClassMetrics => {
  const [aucMicro, aucMacro] = aucs(sigmoidEach(z), (i, j) => y.data[i * y.shape[1] + j] === 1)
  return { ...labelF1(z, y, threshold), aucMicro, aucMacro }
}

/** Metrics of a regression. */
export interface NumberMetrics {
  /** Share of the variance explained, mean over outputs. */
  readonly r2: number
  /** Root mean squared error. */
  readonly rmse: number
  /** Mean absolute error. */
  readonly mae: number
}

const meanOf = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0) / values.length

/** In a unit near the largest of them, so that squares neither vanish nor overflow. */
const rootMeanSquare = (values: readonly number[]): number => {
  const unit = binade(values.reduce((most, v) => Math.max(most, Math.abs(v)), 0))
  return unit * Math.sqrt(meanOf(values.map(v => (v / unit) * (v / unit))))
}

/** How far predictions are from the truth, both in the truth's own units. */
export const numberMetrics = (predicted: NdArray, truth: NdArray): NumberMetrics => {
  const r2 = range(truth.shape[1]).map(j => {
    const [p, t] = [column(predicted, j), column(truth, j)]
    const [first = 0] = t // sums of distances: numbers far from 0 lose no digits
    const mean = first + meanOf(t.map(v => v - first))
    const unexplained = rootMeanSquare(t.map((v, i) => v - (p[i] as number))) / rootMeanSquare(t.map(v => v - mean))
    return 1 - unexplained * unexplained
  })
  const errors = Array.from(truth.data, (v, i) => Math.abs(v - (predicted.data[i] as number)))
  return { r2: meanOf(r2), rmse: rootMeanSquare(errors), mae: meanOf(errors) }
}
