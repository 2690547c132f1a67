/** What is done to numbers before a network sees them: a value, stored with the model, applied alike to new rows. */
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { NumberFormat } from './cells.js'
import type { Encoding } from './codes.js'
import type { Matrix, ColumnMoments, Scaling } from './matrix.js'
import { columnStatistics, valuesByColumn } from './matrix.js'

/** How features are scaled. All statistics come from the training rows. */
export type Scale =
  /** Left as they are. */
  | { readonly kind: 'none' }
  /** Divided by their largest possible value. */
  | { readonly kind: 'divide'; readonly by: number }
  /** Each by its own mean and deviation, but those that are 0 or 1 by their making. */
  | { readonly kind: 'standard'; readonly except: readonly boolean[] }
  /** The same by median and median absolute deviation, which outliers do not move. */
  | { readonly kind: 'robust'; readonly except: readonly boolean[] }
  /** Pixels, channel by channel: one mean and deviation for each channel. */
  | { readonly kind: 'channels'; readonly channels: number }

/** Scaling of the features and, for regression, of the targets; before it, how a table's columns become features. */
export interface Preparation {
  readonly features: Scaling
  readonly targets?: Scaling | undefined
  readonly encoding?: Encoding | undefined
  /** How a table writes the numbers to be learned, column by column: so are a labelled file's read. */
  readonly targetFormats?: readonly NumberFormat[] | undefined
  /** Cells that mean missing, beside the usual marks. */
  readonly missing?: readonly string[] | undefined
}

/** Deviations up to so many units in the last place of a column's largest number are its rounding, not its own. */
const ROUNDING = 4 * Number.EPSILON

interface Column {
  readonly offset: number
  readonly factor: number
}

/** Whether a deviation is more than the rounding of a column's largest number. */
const deviates = (deviation: number, largest: number): boolean =>
  deviation > ROUNDING * largest && 1 / deviation !== Infinity

const standard = ({ mean, deviation, largest }: ColumnMoments): Column => ({
  offset: mean,
  factor: deviates(deviation, largest) ? 1 / deviation : 0
})

const scalingOf = (columns: readonly Column[]): Scaling => ({
  offset: columns.map(c => c.offset),
  factor: columns.map(c => c.factor)
})

/** Mean 0 and deviation 1 over the given rows; a column without deviation becomes 0. */
export const standardising = (x: Matrix, rows: readonly number[]): Scaling =>
  scalingOf(columnStatistics(x, rows).map(standard))

/** What makes the median absolute deviation of normal numbers their deviation. */
const MEDIAN_DEVIATION = 1.4826
/** The same for the mean absolute deviation: sqrt(pi / 2). */
const MEAN_DEVIATION = 1.2533

/** The median of sorted numbers, of two in the middle their mean. */
export const median = (sorted: Float64Array): number => {
  const half = sorted.length / 2
  const upper = sorted[Math.floor(half)] as number
  return Number.isInteger(half) ? ((sorted[half - 1] as number) + upper) / 2 : upper
}

/**
 * Median 0 and, over the given rows, 1.4826 times the median absolute deviation 1: outliers move neither. Where more than
 * half of a column is its median, the mean absolute deviation stands in (Iglewicz and Hoaglin 1993); where that is 0 too,
 * the column becomes 0.
 */
export const standardisingRobustly = (x: Matrix, rows: readonly number[]): Scaling =>
  scalingOf(
    valuesByColumn(x, rows).map(found => {
      const values = found.sort()
      const centre = median(values)
      const sizes = values.map(v => Math.abs(v - centre)).sort()
      const typical = MEDIAN_DEVIATION * median(sizes)
      const mean = sizes.reduce((s, v) => s + v, 0) / sizes.length
      const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
      return standard({
        mean: centre,
        deviation: deviates(typical, largest) ? typical : MEAN_DEVIATION * mean,
        largest
      })
    })
  )

/** Divides every column by one number.
 * @example dividing(2, 4).factor // => [0.25, 0.25]
 */
export const dividing = (columns: number, by: number): Scaling => ({
  offset: range(columns).map(() => 0),
  factor: range(columns).map(() => 1 / by)
})

/** The moments of all columns of a group together. */
const pooled = (group: readonly ColumnMoments[]): ColumnMoments => {
  const meanOf = (f: (m: ColumnMoments) => number): number => group.reduce((s, m) => s + f(m), 0) / group.length
  const mean = meanOf(m => m.mean)
  const variance = meanOf(m => m.deviation * m.deviation + (m.mean - mean) * (m.mean - mean))
  return { mean, deviation: Math.sqrt(variance), largest: group.reduce((most, m) => Math.max(most, m.largest), 0) }
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
    case 'robust': {
      const { offset, factor } = standardisingRobustly(x, training)
      const plain = (j: number): boolean => scale.except[j] === true
      return { offset: offset.map((v, j) => (plain(j) ? 0 : v)), factor: factor.map((v, j) => (plain(j) ? 1 : v)) }
    }
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

/** Undoes a scaling, in Float64. A column whose factor is 0 becomes its offset. */
export const unscaled = ({ shape, data }: NdArray, { offset, factor }: Scaling): NdArray => ({
  shape,
  data: Float64Array.from(data, (v, i) => {
    const j = i % shape[1]
    const by = factor[j] as number
    return (offset[j] as number) + (by === 0 ? 0 : v / by)
  })
})
