/** Central differences, the judge of gradients derived by hand. */
import type { NdArray } from '../core/port/ndarray.js'

/** The same matrix with entry `i` moved by `by`, in Float64. */
export const nudged = (a: NdArray, i: number, by: number): NdArray => ({
  ...a,
  data: Float64Array.from(a.data, (v, k) => (k === i ? v + by : v))
})

/**
 * Widths of the differences. BatchNorm of nearly equal values bends on the scale of sqrt(1e-5), and over two steps on its
 * square: there only the narrow one tells the slope, which elsewhere has the larger rounding error.
 */
export const WIDTHS = [2e-5, 2e-7] as const

/** d f / d x by central differences at `width` and twice that, extrapolated (Richardson). */
export const derivative = async (f: (by: number) => Promise<number>, width: number): Promise<number> => {
  const central = async (h: number): Promise<number> => ((await f(h)) - (await f(-h))) / (2 * h)
  return (4 * (await central(width)) - (await central(2 * width))) / 3
}
