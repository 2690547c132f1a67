/** What every transformation of a state is given: where to compute, by which choices. */
import type { Backend } from './backend.js'
import type { Rule } from './census.js'
import type { Hyperparameters } from './hyperparameters.js'
import type { Optimiser } from './optimiser.js'
import { adam } from './optimiser.js'
import type { Wiring } from './wiring.js'
import { withLoops, withoutLoops } from './wiring.js'

/** A backend with the choices that define a life. */
export interface Engine<T> {
  readonly backend: Backend<T>
  readonly hyperparameters: Hyperparameters
  readonly rule: Rule
  readonly wiring: Wiring
  readonly optimiser: Optimiser
}

/** An engine with Adam and, unless given, the wiring that the hyperparameters ask for.
 * @example engine(reference(), defaults, paperRule(defaults)).optimiser.name // => 'adam'
 */
export const engine = <T>(
  backend: Backend<T>,
  hyperparameters: Hyperparameters,
  rule: Rule,
  wiring: Wiring = hyperparameters.hiddenLoops ? withLoops : withoutLoops
): Engine<T> => ({ backend, hyperparameters, rule, wiring, optimiser: adam() })
