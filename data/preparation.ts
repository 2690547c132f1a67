/** What is done to numbers before a network sees them: a value, stored with the model, applied alike to new rows. */
import type { NdArray } from '../core/ndarray.js'
import { range, tabulate } from '../core/ndarray.js'

/** Per column: (value - offset) * factor. */
export interface Scaling {
  readonly offset: readonly number[]
  readonly factor: readonly number[]
}

/** Scaling of the features and, for regression, of the targets. */
export interface Preparation {
  readonly features: Scaling
  readonly targets?: Scaling | undefined
}

/** Mean 0 and deviation 1 over the given rows; a column without deviation becomes 0. */
export const standardising = ({ shape, data }: NdArray, rows: readonly number[]): Scaling => {
  const columns = range(shape[1]).map(j => {
    const values = rows.map(i => data[i * shape[1] + j] as number)
    const mean = values.reduce((s, v) => s + v, 0) / values.length
    const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length
    // deviations that are rounding errors of the mean count as none
    const constant = Math.sqrt(variance) <= 1e-12 * Math.max(1, Math.abs(mean))
    return { mean, factor: constant ? 0 : 1 / Math.sqrt(variance) }
  })
  return { offset: columns.map(c => c.mean), factor: columns.map(c => c.factor) }
}

/** Divides every column by one number.
 * @example dividing(2, 4).factor // => [0.25, 0.25]
 */
export const dividing = (columns: number, by: number): Scaling => ({
  offset: range(columns).map(() => 0),
  factor: range(columns).map(() => 1 / by)
})

/** Applies a scaling to the named rows. `[rows, columns]` */
export const scaled = ({ shape, data }: NdArray, { offset, factor }: Scaling, rows: readonly number[]): NdArray =>
  tabulate(
    [rows.length, shape[1]],
    (i, j) => ((data[(rows[i] as number) * shape[1] + j] as number) - (offset[j] as number)) * (factor[j] as number)
  )

/** Undoes a scaling. A column whose factor is 0 becomes its offset. */
export const unscaled = ({ shape, data }: NdArray, { offset, factor }: Scaling): NdArray =>
  tabulate(shape, (i, j) => {
    const by = factor[j] as number
    return (offset[j] as number) + (by === 0 ? 0 : (data[i * shape[1] + j] as number) / by)
  })
