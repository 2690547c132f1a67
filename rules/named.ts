/** The rules that ship, by name. To add one: a file with it, and an entry here; codec, flags and help follow. */
import type { Rule } from '../core/life/census.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { ChoiceOf, SomeChoiceOf } from '../core/port/recipes.js'
import { madeOf } from '../core/port/recipes.js'
import { paperRule } from './paper.js'
import { none } from './rule.js'
import { alsoWhenStalled } from './stalled.js'

/** A rule that heeds hyperparameters. */
export type RuleOf = (h: Hyperparameters) => Rule

/** The table. */
export const rules = {
  /** The paper's two. */
  paper: { settings: {}, make: (): RuleOf => paperRule },
  /** The paper's, and a birth also whenever the monitored loss has not improved for another `epochs` epochs. */
  stalled: {
    settings: { epochs: { default: 10, whole: [1, 1e9] } },
    make:
      ({ epochs }: { readonly epochs: number }): RuleOf =>
      h =>
        alsoWhenStalled(epochs, paperRule(h))
  },
  /** Nobody ever dies or is born. */
  none: { settings: {}, make: (): RuleOf => () => none }
} as const

/** A rule by name with all of its settings. */
export type RuleChoice = ChoiceOf<typeof rules>
/** A rule by name; settings left out stand at their defaults. */
export type SomeRuleChoice = SomeChoiceOf<typeof rules>

/** The rule of a name.
 * @throws FailureError if name or settings are wrong
 * @example ruleNamed({ name: 'stalled', epochs: 5 })(defaults)({ epoch: 9, hidden: [], births: 0, epochsSinceChange: 1, epochsSinceBest: 5 }).newborns // => 1
 */
export const ruleNamed = (choice: SomeRuleChoice): RuleOf => madeOf('rule', rules, choice)
