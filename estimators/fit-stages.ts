/** Which stages a fit has. */
import type { Stage } from '../core/life/stage.js'
import { scheduleEpochs } from '../core/life/stage.js'
import { checkedStageValues, checkEnough } from '../core/life/stage-values.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Dataset } from '../data/dataset.js'
import type { SomeStageChoice, StageChoice } from '../rules/stages.js'
import { checkedStage, stageNamed } from '../rules/stages.js'
import type { FitOptions } from './options.js'
import { refuse } from './options.js'
import { schedules } from './presets.js'
import { checkBefore, stepsToScore, wayDown } from './way-down.js'

/** A stage of a fit: by name with all of its settings, or a value. */
type FitStage = StageChoice | Stage

const isValue = (stage: SomeStageChoice | Stage): stage is Stage =>
  typeof (stage as unknown) === 'object' && (stage as unknown) !== null && !('name' in stage)

const checkedFitStages = (given: readonly (SomeStageChoice | Stage)[]): readonly FitStage[] => {
  const made = given.map(stage => (isValue(stage) ? stage : checkedStage(stage)))
  checkedStageValues(made.map(stageOf))
  return made
}

/** Refuses what would be in vain beside stages, which have their own end and their own epochs. */
const checkAlone = (
  { targetSynapses, epochs }: Pick<FitOptions, 'targetSynapses' | 'epochs'>,
  stages: readonly FitStage[]
): void => {
  if (targetSynapses !== undefined) {
    const last = `{ name: 'prune', synapses: ${targetSynapses} }`
    refuse('targetSynapses', 'stages are given too', `Leave one of the two out, or end the stages with ${last}`)
  }
  if (epochs !== undefined && stages.length > 0)
    refuse('epochs', `the stages that are given have ${scheduleEpochs(stages)} epochs, by themselves`, 'Leave it out')
}

/** The stages of a fit: those that are given, or the preset's; a model that is gone on with has none of its own. */
export const stagesOf = <T>(options: FitOptions<T>, d: Dataset, asked: Hyperparameters): readonly FitStage[] => {
  const { preset = 'swift', from, targetSynapses: synapses, targetF1, weighValidation: weighed } = options
  const given = options.stages && checkedFitStages(options.stages)
  if (given) checkAlone(options, given)
  const epochs = asked.epochs - (from?.state.clock.epoch ?? 0)
  const wish = { ...asked, epochs, synapses, weighed }
  if (targetF1 === undefined) {
    if (given || (from && synapses === undefined)) return given ?? []
    const own = schedules[preset](d, wish).map(checkedStage)
    if (synapses !== undefined) checkEnough('epochs', epochs, own)
    return own
  }
  if (synapses !== undefined) refuse('targetF1', 'targetSynapses is given too', 'Leave one of the two out')
  if (d.task.kind === 'numbers') refuse('targetF1', 'y are numbers, which have no F1', 'Leave it out')
  if (d.validation.rows.length === 0) refuse('targetF1', 'no rows are watched', 'Give a validationShare above 0')
  if (given) checkBefore('stages', given)
  return checkedFitStages(wayDown(given ?? [], stepsToScore, { ...asked, epochs }))
}

/** What a stage of a fit is. */
export const stageOf = (stage: FitStage): Stage => (isValue(stage) ? stage : stageNamed(stage))
