/** Stochastic gradient descent with momentum (Polyak 1964): v = momentum v + g + decay x, x -= rate v. */
import { mustFit } from '../port/checks.js'
import { filled } from '../port/ndarray.js'
import type { Optimiser, Slot, UpdateRule } from './optimiser.js'
import type { Backend } from '../port/backend.js'

const step = <T>(
  { kernels, affine }: Pick<Backend<T>, 'kernels' | 'affine'>,
  momentum: number,
  { value, memory: [velocity] }: Slot<T>,
  gradient: T,
  { rate, decay }: Pick<UpdateRule<T>, 'rate' | 'decay'>
): Slot<T> => {
  const slope = decay === 0 ? gradient : kernels.axpy(decay, value, gradient)
  const moved = kernels.axpy(1, slope, affine(velocity as T, momentum, 0))
  return { value: kernels.axpy(-rate, moved, value), memory: [moved] }
}

/** What sgd may be told. */
export const sgdSettings = { momentum: { default: 0.9, number: [0, 1], open: 'max' } } as const

/** SGD with momentum: it remembers the velocity.
 * @param momentum from 0 to below 1
 * @throws FailureError if the momentum is out of its range
 * @example sgd().memory // => 1
 */
export const sgd = (momentum: number = sgdSettings.momentum.default): Optimiser => {
  mustFit('sgd', 'momentum', sgdSettings.momentum, momentum)
  return {
    name: 'sgd',
    memory: 1,
    corrections: () => [],
    update: (backend, slot, gradient, rule) => step(backend, momentum, slot, gradient, rule),
    decayOnly: (backend, slot, updates) => {
      const nothing = backend.constant(filled(backend.shape(slot.value)))
      return updates.reduce((past, update) => step(backend, momentum, past, nothing, update), slot)
    }
  }
}
