/** Rules as values, and what makes one of several. A rule looks at a census and pronounces a verdict; it sees no tensor. */
import type { Census, Rule } from '../core/life/census.js'
import { concat, noChange } from '../core/life/census.js'

/** Nobody ever dies or is born. */
export const none: Rule = () => noChange

/** All rules at once: whoever dies by any, and all newborns.
 * @example all(growth(1, 9), growth(1, 9))({ epoch: 1, hidden: [], births: 0, epochsSinceChange: 1, epochsSinceBest: 0 }).newborns // => 2
 */
export const all =
  (...rules: readonly Rule[]): Rule =>
  census =>
    rules.map(rule => rule(census)).reduce(concat, noChange)

/** A rule for those moments only in which `holds`. */
export const when =
  (holds: (census: Census) => boolean, rule: Rule): Rule =>
  census =>
    holds(census) ? rule(census) : noChange

/** `second` is asked only when `first` lets nobody die or be born; synapses die by either. */
export const orElse =
  (first: Rule, second: Rule): Rule =>
  census => {
    const verdict = first(census)
    return verdict.dying.size > 0 || verdict.newborns > 0 ? verdict : concat(verdict, second(census))
  }
