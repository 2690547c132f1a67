/** An example of another rule: a birth also when the loss has stalled. */
import type { Rule } from '../core/life/census.js'
import { mustFit } from '../core/port/checks.js'
import { orElse } from './rule.js'

/** Adds a birth to `rule` whenever the monitored loss has not improved for another `epochs` epochs.
 * @throws FailureError if epochs is no whole number from 1
 * @example alsoWhenStalled(5, none)({ epoch: 20, hidden: [], births: 0, epochsSinceChange: 1, epochsSinceBest: 10 }).newborns // => 1
 */
export const alsoWhenStalled = (epochs: number, rule: Rule): Rule => {
  mustFit('alsoWhenStalled', 'epochs', { whole: [1] }, epochs)
  return orElse(rule, ({ epochsSinceBest }) => ({
    dying: new Set(),
    newborns: epochsSinceBest > 0 && epochsSinceBest % epochs === 0 ? 1 : 0
  }))
}
