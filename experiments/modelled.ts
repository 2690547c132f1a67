/** What the model of an experiment makes of the other choices. Node only. */
import { shown } from '../core/port/checks.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { PresetName, Subject } from '../estimators/presets.js'
import { schedules } from '../estimators/presets.js'
import type { ModelChoice, NamedModel } from '../models/rivals.js'
import { modelNamed } from '../models/rivals.js'
import type { SparseName } from '../models/schedules.js'
import { alongLasso, rivalSchedule, toNoNumber } from '../models/schedules.js'
import type { SomeAnyStageChoice } from '../models/stages.js'
import type { Experiment } from './experiment.js'
import type { NamedParts, SomeNamedParts } from './named.js'
import { checkedParts } from './named.js'

const wrong = (flag: string, what: string, cure: string): never => {
  throw new FailureError(failure('usage', flag, what, cure))
}

/** Model, rule and optimiser, what is left out being the model's own; a run that goes on from another has its model.
 * @throws FailureError if the rule or the optimiser, or the run that is gone on from, do not suit the model
 */
export const modelled = (
  { model, rule, optimiser }: Omit<SomeNamedParts, 'stages'>,
  start: Pick<Experiment, 'model' | 'from'> | undefined
): Omit<NamedParts, 'stages'> => {
  const parts = checkedParts({ model: model ?? start?.model, rule, optimiser })
  const { name } = parts.model
  const inherits = start === undefined || JSON.stringify(start.model) === JSON.stringify(parts.model)
  if (!inherits) wrong('--from', `the run is of a ${start.model.name}, not of this ${name}`, 'Leave --model out')
  const own: NamedModel = modelNamed(parts.model)
  if (own.static && rule !== undefined && rule.name !== 'none')
    wrong('--rule', `nobody is born or dies in a model ${name}`, 'Leave it out')
  if (own.optimiser === 'sgd' && optimiser !== undefined && optimiser.name !== 'sgd')
    wrong('--optimiser', `the lasso of a model ${name} is that of gradient descent`, 'Leave it out, or take sgd')
  const made = checkedParts({
    model: parts.model,
    rule: own.static ? { name: 'none' } : rule,
    optimiser: optimiser ?? { name: own.optimiser }
  })
  return { model: made.model, rule: made.rule, optimiser: made.optimiser }
}

/** The hyperparameters that a model has in any case.
 * @throws FailureError if others are wanted
 */
export const demandedOf = (
  model: ModelChoice,
  wanted: { readonly [K in keyof Hyperparameters]?: Hyperparameters[K] | undefined }
): Partial<Hyperparameters> => {
  const { demands } = modelNamed(model)
  for (const [name, demanded] of Object.entries(demands) as [keyof Hyperparameters, unknown][]) {
    const given = wanted[name]
    if (given === undefined || given === demanded) continue
    const settings = Object.keys(model).slice(1)
    const cure = settings.length === 0 ? 'Leave it out' : `Leave it out, or set ${settings.join(' and ')} of the model`
    const flag = `--${name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`
    wrong(flag, `a model ${model.name} has ${shown(demanded)}, not ${shown(given)}`, cure)
  }
  return demands
}

/** The stages by which an experiment gets what is asked for: the preset's for a SAGP, else those that suit the model.
 * @throws FailureError if what is asked for does not suit the model
 */
export const scheduleOf = (
  model: ModelChoice,
  preset: PresetName,
  subject: Subject,
  {
    sparse,
    weighed,
    ...wish
  }: {
    readonly epochs: number
    readonly synapses: number | undefined
    readonly sparse: SparseName | undefined
    readonly weighed: boolean
    readonly hyperparameters: Hyperparameters
  }
): readonly SomeAnyStageChoice[] => {
  if (model.name !== 'sagp') return rivalSchedule(model.name, sparse, { ...wish, width: modelNamed(model).width })
  if (sparse !== undefined && sparse !== 'lasso')
    wrong('--sparse', 'a sagp prunes itself', 'Leave it out, say lasso, or take --model dense or mlp')
  if (sparse !== undefined && wish.synapses === undefined) toNoNumber(sparse)
  const stages = schedules[preset](subject, { ...wish.hyperparameters, synapses: wish.synapses, weighed })
  return sparse === 'lasso' ? alongLasso(stages) : stages
}
