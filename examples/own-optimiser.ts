/**
 * An optimiser of your own: Lion (Chen et al. 2023).
 *
 *     x -= rate (sign(b1 m + (1 - b1) g) + decay x)      m = b2 m + (1 - b2) g
 *
 * An optimiser treats each entry of a parameter alone, because entries are born and die. What it remembers of a parameter
 * are matrices of the same shape, which start at 0: `memory` says how many. `corrections` may prepare what depends on the
 * number of updates (Adam's bias correction does); Lion needs none. `decayOnly` repeats updates without a gradient, for
 * neurons that are born as if they had been there from the start. The laws `optimiserIsEntrywise` and `decayOnlyIsUpdates`
 * judge it. Write it with the backend's operations, and it runs wherever the rest runs.
 */
import type { Backend, Optimiser, Slot, UpdateRule } from '../core/index.js'
import { defaults, engine, filled } from '../core/index.js'
import { simd } from '../backends/simd.js'
import { paperRule } from '../rules/index.js'
import type { Learned } from './ring.js'
import { learn } from './ring.js'

/** 1, 0 or -1 for each entry. */
const sign = <T>(b: Backend<T>, t: T): T => b.sub(b.positive(t), b.positive(b.affine(t, -1, 0)))

/** p of a and 1 - p of b. */
const blend = <T>(b: Backend<T>, p: number, one: T, other: T): T => b.kernels.axpy(p, one, b.affine(other, 1 - p, 0))

const update = <T>(
  b: Backend<T>,
  [b1, b2]: readonly [number, number],
  { value, memory: [past] }: Slot<T>,
  gradient: T,
  { rate, decay }: Pick<UpdateRule<T>, 'rate' | 'decay'>
): Slot<T> => {
  const m = past as T
  const direction = sign(b, blend(b, b1, m, gradient))
  return {
    value: b.kernels.axpy(-rate, direction, b.affine(value, 1 - rate * decay, 0)),
    memory: [blend(b, b2, m, gradient)]
  }
}

/** Lion: it remembers a mean of gradients. */
export const lion = (b1: number = 0.9, b2: number = 0.99): Optimiser => ({
  name: 'lion',
  memory: 1,
  corrections: () => [],
  update: (b, slot, gradient, rule) => update(b, [b1, b2], slot, gradient, rule),
  decayOnly: (b, slot, updates) => {
    const nothing = b.constant(filled(b.shape(slot.value)))
    return updates.reduce((past, rule) => update(b, [b1, b2], past, nothing, rule), slot)
  }
})

/** A self-assembling network under Lion. */
export const example = async (): Promise<Learned> => {
  const b = await simd()
  const h = {
    ...defaults,
    epochs: 300,
    learningRate: 0.02,
    schedule: 'cosine' as const,
    growthPatience: 4,
    maxHidden: 12
  }
  const learned = await learn(engine(b, h, paperRule(h), { optimiser: lion() }))
  b.close()
  return learned
}
