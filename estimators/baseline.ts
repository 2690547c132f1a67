/** What who learns nothing would answer: the score that every score is to be held against. */
import { log } from '../core/port/elementary.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { Loss, TaskLoss } from '../core/port/objective.js'
import { losses } from '../core/port/objective.js'
import type { Dataset, Part } from '../data/dataset.js'
import type { NumberMetrics } from '../reports/metrics.js'
import { numberMetrics } from '../reports/metrics.js'
import { metricsOf } from './evaluation.js'
import { shortestText } from './shortest-text.js'
import type { Metrics } from './trajectory.js'
import type { Watched } from './warnings.js'

/** The same answer to every row, learned from the training rows, and how good it is. */
export interface Baseline {
  /** The answer in words. */
  readonly what: string
  /** Empty for a part without rows. */
  readonly validation: Metrics
  readonly test: Metrics
}

/** Means of a matrix's columns, from their first entries on: numbers far from 0 lose no digits. */
const meansOf = ({ shape: [rows, columns], data }: NdArray): readonly number[] =>
  range(columns).map(j => {
    const first = data[j] as number
    return first + range(rows).reduce((sum, i) => sum + ((data[i * columns + j] as number) - first), 0) / rows
  })

const repeated = (row: readonly number[], rows: number): NdArray => ({
  shape: [rows, row.length],
  data: Float64Array.from({ length: rows * row.length }, (_, k) => row[k % row.length] as number)
})

/** How good means are as answers to all rows. */
const ofMeans = (means: readonly number[], truth: NdArray): NumberMetrics =>
  numberMetrics(repeated(means, truth.shape[0]), truth)

const inWords = ({ task: { kind, outputs }, preparation }: Dataset, means: readonly number[]): string => {
  switch (kind) {
    case 'classes':
      return `the most frequent class, ${outputs[means.indexOf(Math.max(...means))]}`
    case 'labels':
      return "each label's more frequent answer"
    case 'numbers': {
      const factor = preparation.targets?.factor[0] ?? 0
      return means.length === 1
        ? `the mean, ${shortestText(means[0] as number, factor === 0 ? 0 : 0.001 / factor)}`
        : 'the mean of each'
    }
  }
}

/**
 * What R2 of numbers on the validation rows is to be held against; undefined where there is none, or networks are chosen by
 * what is not the mean's: medians, or rows that have weights.
 */
export const watchedOf = (
  d: Dataset,
  r2: number | undefined,
  { loss, weighed }: { readonly loss: Loss; readonly weighed: boolean }
): Watched | undefined => {
  const { rows, truth } = d.validation
  const { scale = 'standard' }: TaskLoss = losses[loss]
  if (d.task.kind !== 'numbers' || r2 === undefined || rows.length === 0) return undefined
  if (weighed || scale !== 'standard') return undefined
  const { r2: mean } = ofMeans(meansOf(d.training.truth), truth)
  return Number.isFinite(r2) && Number.isFinite(mean) ? { r2, mean } : undefined
}

/**
 * The most frequent class, each label's more frequent answer, or the mean, as the training rows have them. Probabilities
 * are the shares of the training rows.
 */
export const baselineOf = (d: Dataset): Baseline => {
  const means = meansOf(d.training.truth)
  // outputs whose softmax, or logistic function, the shares are
  const outputs = means.map(p => log(p) - (d.task.kind === 'labels' ? log(1 - p) : 0))
  const judged = ({ rows: { length }, truth }: Part): Metrics => {
    if (length === 0) return {}
    return d.task.kind === 'numbers' ? { ...ofMeans(means, truth) } : metricsOf(d, repeated(outputs, length), truth)
  }
  return { what: inWords(d, means), validation: judged(d.validation), test: judged(d.test) }
}
