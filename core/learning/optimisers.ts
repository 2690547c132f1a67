/** The optimisers that ship, by name. To add one: a file with it, and an entry here; codec, flags and help follow. */
import type { AdamSettings } from '../port/adam.js'
import type { ChoiceOf, SomeChoiceOf } from '../port/recipes.js'
import { madeOf } from '../port/recipes.js'
import { adam, adamSettings } from './adam.js'
import type { Optimiser } from './optimiser.js'
import { sgd, sgdSettings } from './sgd.js'

/** The table. */
export const optimisers: {
  /** Adam (Kingma and Ba 2015). */
  readonly adam: { readonly settings: typeof adamSettings; readonly make: (settings: AdamSettings) => Optimiser }
  /** SGD with momentum (Polyak 1964). */
  readonly sgd: {
    readonly settings: typeof sgdSettings
    readonly make: (settings: { readonly momentum: number }) => Optimiser
  }
} = {
  adam: { settings: adamSettings, make: ({ b1, b2, epsilon }) => adam({ b1, b2, epsilon }) },
  sgd: { settings: sgdSettings, make: ({ momentum }) => sgd(momentum) }
}

/** An optimiser by name with all of its settings. */
export type OptimiserChoice = ChoiceOf<typeof optimisers>
/** An optimiser by name; settings left out stand at their defaults. */
export type SomeOptimiserChoice = SomeChoiceOf<typeof optimisers>

/** The optimiser of a name.
 * @throws FailureError if name or settings are wrong
 * @example optimiserNamed({ name: 'sgd', momentum: 0.8 }).memory // => 1
 */
export const optimiserNamed = (choice: SomeOptimiserChoice): Optimiser => madeOf('optimiser', optimisers, choice)
