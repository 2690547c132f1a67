/** What every transformation of a state is given: where to compute, by which choices. */
import type { Backend } from '../port/backend.js'
import type { Rule } from './census.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import type { Learner } from '../learning/optimiser.js'
import { adam } from '../learning/optimiser.js'
import type { Wiring } from '../network/wiring.js'
import { withLoops, withoutLoops } from '../network/wiring.js'

/** A backend with the choices that define a life. */
export interface Engine<T> extends Learner<T> {
  readonly rule: Rule
  readonly wiring: Wiring
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
