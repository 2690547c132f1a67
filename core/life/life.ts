/** What birth and death take: an optimiser that remembers, the rule that decides, the wiring that newborns may have. */
import type { Learner } from '../learning/optimiser.js'
import type { Wiring } from '../network/wiring.js'
import type { Rule } from './census.js'

/** A learner under a rule of life. */
export interface Life<T> extends Learner<T> {
  readonly rule: Rule
  readonly wiring: Wiring
}
