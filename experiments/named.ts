/** What an experiment names of the values that ship: its model, its rule, its optimiser. Node only. */
import * as t from 'io-ts'
import { hyperparameterFields } from '../codecs/hyperparameters.js'
import { choiceCodec } from '../codecs/recipes.js'
import type { Codec } from '../codecs/strict.js'
import { list, optional, record } from '../codecs/strict.js'
import type { Clock } from '../core/learning/state.js'
import type { Ending } from '../core/learning/trainable.js'
import type { StageHyperparameters } from '../core/life/stage.js'
import { scheduleEnding, stageHyperparameterNames } from '../core/life/stage.js'
import type { OptimiserChoice, SomeOptimiserChoice } from '../core/learning/optimisers.js'
import { optimisers } from '../core/learning/optimisers.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { checkedChoice } from '../core/port/recipes.js'
import type { RuleChoice, SomeRuleChoice } from '../rules/named.js'
import { rules } from '../rules/named.js'
import type { ModelChoice, SomeModelChoice } from '../models/rivals.js'
import { models } from '../models/rivals.js'
import type { AnyStageChoice, SomeAnyStageChoice } from '../models/stages.js'
import { allStages, anyStage, checkedAnyStage } from '../models/stages.js'

/** What of an experiment is a value of the library, by name and plain settings. */
export interface NamedParts {
  readonly model: ModelChoice
  readonly rule: RuleChoice
  readonly optimiser: OptimiserChoice
  /** Stages one after the other; none is one stage of all epochs. */
  readonly stages: readonly AnyStageChoice[]
}

/** Some of it, chosen by somebody. */
export interface SomeNamedParts {
  readonly model?: SomeModelChoice | undefined
  readonly rule?: SomeRuleChoice | undefined
  readonly optimiser?: SomeOptimiserChoice | undefined
  readonly stages?: readonly SomeAnyStageChoice[] | undefined
}

/** All of it with all settings; what is left out is the paper's: a SAGP under its rules and Adam.
 * @throws FailureError if a name or a setting is wrong
 * @example checkedParts({ optimiser: { name: 'sgd' } }).optimiser // => { name: 'sgd', momentum: 0.9 }
 */
export const checkedParts = ({ model, rule, optimiser, stages = [] }: SomeNamedParts): NamedParts => ({
  model: checkedChoice('model', models, model ?? { name: 'sagp' }),
  rule: checkedChoice('rule', rules, rule ?? { name: 'paper' }),
  optimiser: checkedChoice('optimiser', optimisers, optimiser ?? { name: 'adam' }),
  stages: stages.map(checkedAnyStage)
})

const isObject = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)
const rest = ({ with: _, ...choice }: Readonly<Record<string, unknown>>): unknown => choice
const chosen = choiceCodec('a stage', allStages)
const differing: Codec<StageHyperparameters> = record<StageHyperparameters>(
  'what differs in a stage',
  Object.fromEntries(
    stageHyperparameterNames.map(name => [name, optional(hyperparameterFields[name] as Codec<unknown>)])
  ) as unknown as { readonly [K in keyof StageHyperparameters]-?: Codec<StageHyperparameters[K]> }
)

/** A stage of a schedule: its name and settings, and beside them what differs of the hyperparameters. */
const stageCodec: Codec<AnyStageChoice> = new t.Type<AnyStageChoice, unknown>(
  'a stage',
  (u): u is AnyStageChoice => isObject(u) && chosen.is(rest(u)) && (u['with'] === undefined || differing.is(u['with'])),
  (u, c) => {
    if (!isObject(u)) return chosen.validate(u, c)
    const choice = chosen.validate(rest(u), c)
    if (choice._tag === 'Left' || u['with'] === undefined) return choice
    const also = differing.validate(u['with'], t.appendContext(c, 'with', differing))
    return also._tag === 'Left' ? also : t.success({ ...choice.right, with: also.right })
  },
  t.identity
)

/** Their codecs. */
export const partFields: { readonly [K in keyof NamedParts]: Codec<NamedParts[K]> } = {
  model: choiceCodec('a model', models),
  rule: choiceCodec('a rule', rules),
  optimiser: choiceCodec('an optimiser', optimisers),
  stages: list(stageCodec, 10_000)
}

/** Stages that take synapses which are of effect. */
const takes: readonly AnyStageChoice['name'][] = ['prune', 'shrink', 'thin', 'set', 'rigl', 'snip', 'lasso']

/** How a rival got sparse, if its stages say so: by the first of them that takes synapses, which gradually is GMP; a SAGP by a lasso, or by itself. */
export const sparsenessOf = ({ model, stages }: Pick<NamedParts, 'model' | 'stages'>): string | undefined => {
  const found = stages.find(({ name }) => (model.name === 'sagp' ? name === 'lasso' : takes.includes(name)))
  return found?.name === 'prune' && found.over > 0 ? 'gmp' : found?.name
}

/** Why a run's training ends at a moment, if it does. */
export const endOf = (
  { hyperparameters, stages }: Pick<NamedParts, 'stages'> & { readonly hyperparameters: Hyperparameters },
  clock: Pick<Clock, 'epoch' | 'progress' | 'stage'>
): Ending | undefined => scheduleEnding(hyperparameters, stages.map(anyStage), clock)
