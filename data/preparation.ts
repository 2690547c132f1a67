/** What is done to numbers before a network sees them: a value, stored with the model, applied alike to new rows. */
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import type { Encoding } from './encoding.js'
import type { Matrix, Scaling } from './matrix.js'
import { columnStatistics } from './matrix.js'

/** How features are scaled. All statistics come from the training rows. */
export type Scale =
  /** Left as they are. */
  | { readonly kind: 'none' }
  /** Divided by their largest possible value. */
  | { readonly kind: 'divide'; readonly by: number }
  /** Each by its own mean and deviation, but those that are 0 or 1 by their making. */
  | { readonly kind: 'standard'; readonly except: readonly boolean[] }
  /** Pixels, channel by channel: one mean and deviation for each channel. */
  | { readonly kind: 'channels'; readonly channels: number }

/** Scaling of the features and, for regression, of the targets; before it, how a table's columns become features. */
export interface Preparation {
  readonly features: Scaling
  readonly targets?: Scaling | undefined
  readonly encoding?: Encoding | undefined
}

interface ColumnStatistics {
  readonly mean: number
  readonly variance: number
}

const standard = ({ mean, variance }: ColumnStatistics): { readonly offset: number; readonly factor: number } => {
  // deviations that are rounding errors of the mean count as none
  const constant = Math.sqrt(variance) <= 1e-12 * Math.max(1, Math.abs(mean))
  return { offset: mean, factor: constant ? 0 : 1 / Math.sqrt(variance) }
}

const scalingOf = (columns: readonly { readonly offset: number; readonly factor: number }[]): Scaling => ({
  offset: columns.map(c => c.offset),
  factor: columns.map(c => c.factor)
})

/** Mean 0 and deviation 1 over the given rows; a column without deviation becomes 0. */
export const standardising = (x: Matrix, rows: readonly number[]): Scaling =>
  scalingOf(columnStatistics(x, rows).map(standard))

/** Divides every column by one number.
 * @example dividing(2, 4).factor // => [0.25, 0.25]
 */
export const dividing = (columns: number, by: number): Scaling => ({
  offset: range(columns).map(() => 0),
  factor: range(columns).map(() => 1 / by)
})

/** The moments of all columns of a group together. */
const pooled = (group: readonly ColumnStatistics[]): ColumnStatistics => {
  const mean = group.reduce((s, m) => s + m.mean, 0) / group.length
  return { mean, variance: group.reduce((s, m) => s + m.variance + (m.mean - mean) ** 2, 0) / group.length }
}

/** The scaling of features, by their training rows. */
export const scalingBy = (scale: Scale, x: Matrix, training: readonly number[]): Scaling => {
  const columns = x.shape[1]
  switch (scale.kind) {
    case 'none':
      return dividing(columns, 1)
    case 'divide':
      return dividing(columns, scale.by)
    case 'standard':
      return scalingOf(
        columnStatistics(x, training).map((m, j) => (scale.except[j] === true ? { offset: 0, factor: 1 } : standard(m)))
      )
    case 'channels': {
      const [all, plane] = [columnStatistics(x, training), columns / scale.channels]
      return scalingOf(
        range(scale.channels).flatMap(c => {
          const one = standard(pooled(all.slice(c * plane, (c + 1) * plane)))
          return range(plane).map(() => one)
        })
      )
    }
  }
}

/** Undoes a scaling. A column whose factor is 0 becomes its offset. */
export const unscaled = ({ shape, data }: NdArray, { offset, factor }: Scaling): NdArray =>
  tabulate(shape, (i, j) => {
    const by = factor[j] as number
    return (offset[j] as number) + (by === 0 ? 0 : (data[i * shape[1] + j] as number) / by)
  })
