/** A backend of one's own: another one, with the arithmetic of its products counted. */
import type { Backend, LinearOptions } from '../core/index.js'
import { defaults, engine } from '../core/index.js'
import { simd } from '../backends/simd.js'
import { paperRule } from '../rules/index.js'
import { learn } from './ring.js'

/** A backend that counts. */
export interface Counting<T> extends Backend<T> {
  /** Additions and multiplications in matrix products so far. */
  readonly flops: () => number
}

/** Counts what `inner` multiplies. Everything else is the inner backend's: its tensors, its kernels, its memory. */
export const counting = <T>(inner: Backend<T>): Counting<T> => {
  let flops = 0
  const count = (a: T, b: T, transposed: LinearOptions<T>['transposed']): void => {
    const [m, k] = transposed === 'a' ? [...inner.shape(a)].reverse() : inner.shape(a)
    const n = inner.shape(b)[transposed === 'b' ? 0 : 1]
    flops += 2 * m * k * n
  }
  return {
    ...inner,
    name: `counting ${inner.name}`,
    matMul: (a, b, transposed) => {
      count(a, b, transposed)
      return inner.matMul(a, b, transposed)
    },
    kernels: {
      ...inner.kernels,
      linear: (a, b, also) => {
        count(a, b, also?.transposed)
        return inner.kernels.linear(a, b, also)
      }
    },
    flops: () => flops
  }
}

/** Trains a network that grows, and says how many operations its matrix products took. */
export const example = async (): Promise<{ readonly flops: number; readonly living: number }> => {
  const inner = await simd()
  const b = counting(inner)
  const h = { ...defaults, epochs: 100, growthPatience: 4, maxHidden: 12 }
  const { living } = await learn(engine(b, h, paperRule(h)))
  inner.close()
  return { flops: b.flops(), living }
}
