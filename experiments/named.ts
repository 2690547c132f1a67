/** What an experiment names of the values that ship: its model, its rule, its optimiser. Node only. */
import type { Tensor } from '../backends/open.js'
import { choiceCodec } from '../codecs/recipes.js'
import type { Codec } from '../codecs/strict.js'
import type { OptimiserChoice, SomeOptimiserChoice } from '../core/learning/optimisers.js'
import { optimisers } from '../core/learning/optimisers.js'
import type { Engine, EngineOptions } from '../core/life/engine.js'
import { engine } from '../core/life/engine.js'
import type { Rule } from '../core/life/census.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import type { ChoiceOf } from '../core/port/recipes.js'
import { checkedChoice } from '../core/port/recipes.js'
import type { RuleChoice, SomeRuleChoice } from '../rules/named.js'
import { rules } from '../rules/named.js'

/** What an experiment trains, made of where it computes and the choices of its life. */
export type OpenModel = (b: Backend<Tensor>, h: Hyperparameters, rule: Rule, options: EngineOptions) => Engine<Tensor>

/** The models that ship, by name. */
export const models = {
  /** A graph perceptron that assembles itself. */
  sagp: { settings: {}, make: (): OpenModel => engine }
} as const

/** A model by name. */
export type ModelChoice = ChoiceOf<typeof models>

/** What of an experiment is a value of the library, by name and plain settings. */
export interface NamedParts {
  readonly model: ModelChoice
  readonly rule: RuleChoice
  readonly optimiser: OptimiserChoice
}

/** Some of it, chosen by somebody. */
export interface SomeNamedParts {
  readonly model?: ModelChoice | undefined
  readonly rule?: SomeRuleChoice | undefined
  readonly optimiser?: SomeOptimiserChoice | undefined
}

/** All of it with all settings; what is left out is the paper's: a SAGP under its rules and Adam.
 * @throws FailureError if a name or a setting is wrong
 * @example checkedParts({ optimiser: { name: 'sgd' } }).optimiser // => { name: 'sgd', momentum: 0.9 }
 */
export const checkedParts = ({ model, rule, optimiser }: SomeNamedParts): NamedParts => ({
  model: checkedChoice('model', models, model ?? { name: 'sagp' }),
  rule: checkedChoice('rule', rules, rule ?? { name: 'paper' }),
  optimiser: checkedChoice('optimiser', optimisers, optimiser ?? { name: 'adam' })
})

/** Their codecs. */
export const partFields: { readonly [K in keyof NamedParts]: Codec<NamedParts[K]> } = {
  model: choiceCodec('a model', models),
  rule: choiceCodec('a rule', rules),
  optimiser: choiceCodec('an optimiser', optimisers)
}
