/** What choices of a plan must not be together. Node only. */
import { scheduleEpochs } from '../core/life/stage.js'
import { failure, FailureError } from '../core/port/failure.js'
import { hint } from '../core/port/nearest.js'
import type { Task } from '../data/dataset.js'
import type { SomeAnyStageChoice } from '../models/stages.js'
import { checkedAnyStage } from '../models/stages.js'
import type { ClassWeights } from './experiment.js'
import type { Loaded } from './load.js'

/** Refuses class weights for what has no such classes.
 * @throws FailureError
 */
export const checkClassWeights = (weights: ClassWeights, { kind, outputs }: Task): void => {
  if (weights === 'none') return
  const refuse = (what: string, cure: string): never => {
    throw new FailureError(failure('usage', '--class-weights', what, cure))
  }
  if (kind !== 'classes') refuse(`the target is ${kind}, not classes`, 'Leave it out')
  const strange = weights === 'balanced' ? undefined : weights.find(w => !outputs.includes(w.class))
  if (strange) refuse(`there is no class ${strange.class}`, hint(strange.class, outputs))
  const twice =
    weights === 'balanced'
      ? undefined
      : weights.find(({ class: c }, i) => weights.some((w, j) => j < i && w.class === c))
  if (twice) refuse(`the class ${twice.class} has two weights`, 'Give one')
}

/** Refuses a score to keep where there is none to watch, or another end of the way down.
 * @throws FailureError
 */
export const checkTarget = (targetSynapses: number | undefined, { task, validation }: Loaded['dataset']): void => {
  const refuse = (what: string, cure: string): never => {
    throw new FailureError(failure('usage', '--target-f1', what, cure))
  }
  if (targetSynapses !== undefined) refuse('a number of synapses is asked for too', 'Leave one of the two out')
  if (task.kind === 'numbers') refuse('the target is numbers, which have no F1', 'Look at sagp path for their R2')
  if (validation.rows.length === 0)
    refuse('there are no validation rows to watch it on', 'Keep some of the rows for it')
}

/** Refuses a number of epochs beside stages, which have theirs.
 * @throws FailureError
 */
export const checkLength = (stages: readonly SomeAnyStageChoice[]): void => {
  const what = `the stages that are given have ${scheduleEpochs(stages.map(checkedAnyStage))} epochs, by themselves`
  throw new FailureError(failure('usage', '--epochs', what, 'Leave it out'))
}
