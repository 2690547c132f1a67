/** Adam as an optimiser (Kingma and Ba 2015); the update itself is port/adam.ts. */
import type { AdamSettings, AdamSlot } from '../port/adam.js'
import { integerPower } from '../port/elementary.js'
import type { NdArray } from '../port/ndarray.js'
import { checkedSettings } from '../port/recipes.js'
import type { Backend } from '../port/backend.js'
import type { Optimiser, Slot, UpdateRule } from './optimiser.js'

/** 1 - b^n for each moment after n updates: what divides it to undo its start at 0.
 * @example debias(adamDefaults, 1).first // => 1 - 0.9
 */
export const debias = (
  { b1, b2 }: AdamSettings,
  updates: number
): { readonly first: number; readonly second: number } => ({
  first: 1 - integerPower(b1, updates),
  second: 1 - integerPower(b2, updates)
})

const adamSlot = <T>({ value, memory: [first, second] }: Slot<T>): AdamSlot<T> => ({
  value,
  first: first as T,
  second: second as T
})

const slotOf = <T>({ value, first, second }: AdamSlot<T>): Slot<T> => ({ value, memory: [first, second] })

/** What adam may be told; a test says that these defaults are `adamDefaults`. */
export const adamSettings = {
  b1: { default: 0.9, number: [0, 1], open: 'max' },
  b2: { default: 0.999, number: [0, 1], open: 'max' },
  epsilon: { default: 1e-8, number: [0, 1], open: 'min' }
} as const

/** Adam: it remembers the first and the second moment, in that order. Settings left out stand at their defaults.
 * @throws FailureError if a setting is unknown or out of its range
 * @example adam().memory // => 2
 */
export const adam = (given: Partial<AdamSettings> = {}): Optimiser => {
  const settings = checkedSettings('adam', adamSettings, { ...given })
  return {
    name: 'adam',
    memory: 2,
    squares: 1,
    corrections: (backend, age) => {
      if (typeof age === 'number') {
        const { first, second } = debias(settings, age)
        const one = (value: number): NdArray => ({ shape: [1, 1], data: Float64Array.of(value) })
        return [backend.constant(one(first)), backend.constant(one(second))]
      }
      const each = Array.from(age.data, updates => debias(settings, updates))
      return (['first', 'second'] as const).map(moment =>
        backend.constant({ shape: age.shape, data: Float64Array.from(each, made => made[moment]) })
      )
    },
    update: <T>(
      backend: Backend<T>,
      slot: Slot<T>,
      gradient: T,
      { rate, decay, corrections }: UpdateRule<T>
    ): Slot<T> => {
      const [first, second] = corrections as readonly [T, T]
      return slotOf(
        backend.kernels.adam(settings, adamSlot(slot), gradient, { rate, decay, debias: { first, second } })
      )
    },
    decayOnly: (backend, slot, updates) =>
      slotOf(
        backend.kernels.adamDecayOnly(
          settings,
          adamSlot(slot),
          updates.map(({ rate, decay, age }) => ({ rate, decay, debias: debias(settings, age) }))
        )
      )
  }
}
