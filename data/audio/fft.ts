/** The fast Fourier transform of Cooley and Tukey (1965), radix 2. */
import { cosine, sine } from '../../core/port/elementary.js'

/** Transforms n complex numbers in place, n a power of two. */
export type Fft = (re: Float64Array, im: Float64Array) => void

/** A transform of length `n`, its tables made once. */
export const fft = (n: number): Fft => {
  const bits = 31 - Math.clz32(n)
  if (n !== 1 << bits || n < 2) throw new RangeError(`The length must be a power of two, not ${n}.`)
  const cos = Float64Array.from({ length: n / 2 }, (_, k) => cosine((2 * Math.PI * k) / n))
  const sin = Float64Array.from({ length: n / 2 }, (_, k) => -sine((2 * Math.PI * k) / n))
  const reversed = new Uint32Array(n)
  for (let i = 1; i < n; i++) reversed[i] = ((reversed[i >> 1] as number) >> 1) | ((i & 1) << (bits - 1))
  return (re, im) => {
    for (let i = 0; i < n; i++) {
      const j = reversed[i] as number
      if (j <= i) continue
      const [a, b] = [re[i] as number, im[i] as number]
      re[i] = re[j] as number
      im[i] = im[j] as number
      re[j] = a
      im[j] = b
    }
    for (let half = 1; half < n; half *= 2) {
      const stride = n / (2 * half)
      for (let start = 0; start < n; start += 2 * half) {
        for (let k = 0, w = 0; k < half; k++, w += stride) {
          const [c, s] = [cos[w] as number, sin[w] as number]
          const [p, q] = [start + k, start + k + half]
          const x = (re[q] as number) * c - (im[q] as number) * s
          const y = (re[q] as number) * s + (im[q] as number) * c
          re[q] = (re[p] as number) - x
          im[q] = (im[p] as number) - y
          re[p] = (re[p] as number) + x
          im[p] = (im[p] as number) + y
        }
      }
    }
  }
}
