/** The optimisers that ship, by name. To add one: a file with it, and an entry here; codec, flags and help follow. */
import type { AdamSettings } from '../port/adam.js'
import type { ChoiceOf, SomeChoiceOf } from '../port/recipes.js'
import { madeOf } from '../port/recipes.js'
import { adam } from './adam.js'
import type { Optimiser } from './optimiser.js'
import { sgd } from './sgd.js'

/** The table. */
export const optimisers = {
  /** Adam (Kingma and Ba 2015); a test says that these are its `adamDefaults`. */
  adam: {
    settings: {
      b1: { default: 0.9, number: [0, 1], open: 'max' },
      b2: { default: 0.999, number: [0, 1], open: 'max' },
      epsilon: { default: 1e-8, number: [0, 1], open: 'min' }
    },
    make: ({ b1, b2, epsilon }: AdamSettings): Optimiser => adam({ b1, b2, epsilon })
  },
  /** SGD with momentum (Polyak 1964). */
  sgd: {
    settings: { momentum: { default: 0.9, number: [0, 1], open: 'max' } },
    make: ({ momentum }: { readonly momentum: number }): Optimiser => sgd(momentum)
  }
} as const

/** An optimiser by name with all of its settings. */
export type OptimiserChoice = ChoiceOf<typeof optimisers>
/** An optimiser by name; settings left out stand at their defaults. */
export type SomeOptimiserChoice = SomeChoiceOf<typeof optimisers>

/** The optimiser of a name.
 * @throws FailureError if name or settings are wrong
 * @example optimiserNamed({ name: 'sgd', momentum: 0.8 }).memory // => 1
 */
export const optimiserNamed = (choice: SomeOptimiserChoice): Optimiser => madeOf('optimiser', optimisers, choice)
