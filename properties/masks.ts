/** Laws of masks and of their competition. */
import * as fc from 'fast-check'
import type { Backend } from '../core/port/backend.js'
import type { NdArray } from '../core/port/ndarray.js'
import { ensure, downloaded } from './compare.js'

const logits: fc.Arbitrary<number> = fc.oneof(
  fc.float({ min: -20, max: 20, noNaN: true }),
  fc.constantFrom(0, -0, 1e-30, -1e-30, 90, -90, 1e6, -1e6)
)
const pairs = fc.array(fc.tuple(logits, fc.float({ min: -17, max: 17, noNaN: true })), { minLength: 1, maxLength: 12 })
const taus = fc.constantFrom(0.5, 1, 3)

const row = (values: readonly number[]): NdArray => ({ shape: [1, values.length], data: Float32Array.from(values) })

/** The smallest Float32 that no device takes for 0. */
const NORMAL = 2 ** -126

/**
 * Hard masks are 0 or 1: 1 exactly where the logit exceeds minus the noise, which is where the soft mask exceeds 1/2. Where a
 * device takes `subnormal` numbers for 0, sums that small are left out; drawn noise is never below 2^-22, or 0.
 */
export const hardMasksAreThresholds = <T>(
  b: Backend<T>,
  subnormal: 'kept' | 'zero' = 'kept'
): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(pairs, taus, async (all, tau) => {
    const told = ([l, g]: readonly [number, number]): boolean =>
      [l, g, Math.fround(l + g)].every(v => v === 0 || Math.abs(v) >= NORMAL)
    const drawn = subnormal === 'kept' ? all : all.filter(told)
    if (drawn.length === 0) return
    const [l, g] = [row(drawn.map(p => p[0])), row(drawn.map(p => p[1]))]
    const get = (which: 'hard' | 'soft' | 'complement') =>
      downloaded(b, () => b.kernels.mask(b.constant(l), b.constant(g), tau)[which])
    const [hard, soft, closed] = [await get('hard'), await get('soft'), await get('complement')]
    hard.data.forEach((m: number, i: number) => {
      const open = (l.data[i] as number) > -(g.data[i] as number)
      ensure(m === (open ? 1 : 0), `hard mask ${m} of logit ${l.data[i]} under noise ${g.data[i]}`)
      const [s, c] = [soft.data[i] as number, closed.data[i] as number]
      ensure(s >= 0 && s <= 1 && Math.abs(s + c - 1) < 1e-6, `soft mask ${s} and its complement ${c}`)
      ensure(open ? s >= 0.5 : s <= 0.5, `soft mask ${s}, hard mask ${m}`)
    })
  })

/** Comp is 1 at most, is 0 at both ends, falls where m > 1 / (1 + alpha) and rises below; its gradient is finite everywhere. */
export const competitionIsBounded = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(
    fc.double({ min: 0.01, max: 5, noNaN: true }),
    taus,
    fc.array(logits, { minLength: 1, maxLength: 20 }),
    async (alpha, tau, drawn) => {
      const peak = Math.log(1 / alpha) * tau // sigmoid(peak / tau) = 1 / (1 + alpha)
      const all = row([...drawn, peak, 1e6, -1e6])
      const zero = row(all.data.length === 0 ? [] : Array.from(all.data, () => 0))
      const get = (which: 'penalty' | 'slope') =>
        downloaded(
          b,
          () => b.kernels.compete(b.kernels.mask(b.constant(all), b.constant(zero), tau), alpha, tau)[which]
        )
      const [penalty, slope] = [await get('penalty'), await get('slope')]
      const [top, right, left] = [all.data.length - 3, all.data.length - 2, all.data.length - 1]
      penalty.data.forEach((p: number, i: number) => {
        ensure(p >= 0 && p <= 1 + tolerance, `Comp = ${p} at logit ${all.data[i]}`)
        const s = slope.data[i] as number
        ensure(Number.isFinite(s), `slope ${s} at logit ${all.data[i]}`)
        const x = all.data[i] as number
        if (Math.abs(x - peak) > 0.01) ensure(x < peak ? s >= 0 : s <= 0, `slope ${s} at logit ${x}, peak at ${peak}`)
      })
      ensure(Math.abs((penalty.data[top] as number) - 1) <= tolerance, `Comp = ${penalty.data[top]} at its peak`)
      ensure(Math.abs(slope.data[top] as number) <= tolerance, `slope ${slope.data[top]} at the peak`)
      ensure(
        penalty.data[right] === 0 && penalty.data[left] === 0,
        `Comp = ${penalty.data[left]} and ${penalty.data[right]} at the ends`
      )
    }
  )
