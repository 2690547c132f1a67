/** An example of another rule: a birth also when the loss has stalled. */
import type { Rule } from '../core/life/census.js'
import { orElse } from './rule.js'

/** Adds a birth to `rule` whenever the monitored loss has not improved for another `epochs` epochs.
 * @example alsoWhenStalled(5, none)({ epoch: 20, hidden: [], births: 0, quiet: 1, stalled: 10 }).newborns // => 1
 */
export const alsoWhenStalled = (epochs: number, rule: Rule): Rule =>
  orElse(rule, ({ epochsSinceBest: stalled }) => ({
    dying: new Set(),
    newborns: stalled > 0 && stalled % epochs === 0 ? 1 : 0
  }))
