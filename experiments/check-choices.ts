/** What choices of a plan must not be together. Node only. */
import { scheduleEpochs } from '../core/life/stage.js'
import { failure, FailureError } from '../core/port/failure.js'
import { hint } from '../core/port/nearest.js'
import type { Task } from '../data/dataset.js'
import { checkBefore, notFalling } from '../estimators/way-down.js'
import type { SparseName } from '../models/schedules.js'
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

/** Choices of which each says how a run ends, or how it gets there. */
interface Ends {
  readonly stages?: readonly SomeAnyStageChoice[] | undefined
  readonly down?: readonly number[] | undefined
  readonly targetF1?: number | undefined
  readonly targetSynapses?: number | undefined
  readonly sparse?: SparseName | undefined
}

/**
 * Refuses two ends of one run, and a way to get sparse where stages or steps are one already: one would be in vain;
 * stages that no way down can follow, and steps that do not go down.
 * @throws FailureError
 */
export const checkEnds = ({ stages: given, down, targetF1, targetSynapses, sparse }: Ends): void => {
  const stages = given?.map(checkedAnyStage)
  const refuse = (flag: string, what: string, cure: string): never => {
    throw new FailureError(failure('usage', flag, what, `Leave one of the two out${cure}`))
  }
  const high = notFalling(down ?? [])
  if (high !== undefined)
    throw new FailureError(
      failure('usage', 'down', `${high} is not below the number before it`, 'Give numbers that fall')
    )
  const goesDown = down !== undefined || targetF1 !== undefined
  if (stages && goesDown) checkBefore('--stages', stages)
  if (targetSynapses !== undefined) {
    if (targetF1 !== undefined) refuse('--target-f1', 'a number of synapses is asked for too', '')
    const last = `'prune 500 synapses=${targetSynapses}'`
    if (stages) refuse('--target-synapses', 'stages are given too', `, or end the stages with ${last}`)
    if (down) refuse('--target-synapses', 'steps down are given too', `, or let the last step be ${targetSynapses}`)
  }
  if (sparse !== undefined) {
    const name = sparse === 'gmp' ? 'prune' : sparse
    if (stages) refuse('--sparse', 'stages are given too', `, or make it a stage, as in '${name} 500 synapses=900'`)
    if (goesDown) refuse('--sparse', 'a way down prunes by itself', ', or ask for a number with --target-synapses')
  }
}

/** Refuses a score to keep where there is none to watch.
 * @throws FailureError
 */
export const checkTarget = ({ task, validation }: Loaded['dataset']): void => {
  const refuse = (what: string, cure: string): never => {
    throw new FailureError(failure('usage', '--target-f1', what, cure))
  }
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
