/** Which stages a fit has. */
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Dataset } from '../data/dataset.js'
import type { StageChoice } from '../rules/stages.js'
import { checkedStage } from '../rules/stages.js'
import type { FitOptions } from './options.js'
import { refuse } from './options.js'
import { schedules } from './presets.js'
import { stepsToScore, wayDown } from './way-down.js'

/** The stages of a fit: those that are given, or the preset's; a model that is gone on with has none of its own. */
export const stagesOf = <T>(
  { preset = 'swift', from, stages, targetSynapses: synapses, targetF1 }: FitOptions<T>,
  d: Dataset,
  asked: Hyperparameters
): readonly StageChoice[] => {
  if (stages && synapses !== undefined) refuse('targetSynapses', 'stages are given too', 'Leave one of the two out')
  const life = stages ?? (from ? [] : schedules[preset](d, { ...asked, synapses }))
  if (targetF1 === undefined) return life.map(checkedStage)
  if (synapses !== undefined) refuse('targetF1', 'targetSynapses is given too', 'Leave one of the two out')
  if (d.task.kind === 'numbers') refuse('targetF1', 'y are numbers, which have no F1', 'Leave it out')
  if (d.validation.rows.length === 0) refuse('targetF1', 'no rows are watched', 'Give a validationShare above 0')
  const epochs = asked.epochs - (from?.state.clock.epoch ?? 0)
  return wayDown(life, stepsToScore, { ...asked, epochs }).map(checkedStage)
}
