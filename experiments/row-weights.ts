/** What each row of a run weighs: by its class, and by what a column says. */
import { FailureError, failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { Dataset, Part } from '../data/dataset.js'
import { classWeightsOf } from '../estimators/class-weights.js'
import type { PartWeights } from '../estimators/on-backend.js'
import { largest } from '../reports/metrics.js'
import type { ClassWeight, Experiment } from './experiment.js'

/**
 * Weights of the training rows and, if they are to be weighed, of the validation rows, which class weights are counted
 * without; none where all weigh 1.
 * @throws FailureError if none of the rows of a part weighs anything
 */
export const rowWeights = (
  { classWeights, weighValidation }: Pick<Experiment, 'classWeights' | 'weighValidation'>,
  { task, training, validation, weights }: Pick<Dataset, 'task' | 'training' | 'validation' | 'weights'>
): PartWeights => {
  if (classWeights === 'none' && weights === undefined) return {}
  const learned = training.rows.length
  const values = classWeights === 'none' ? [] : [...largest(training.y), ...largest(validation.y)]
  const weighting = Array.isArray(classWeights)
    ? new Map((classWeights as readonly ClassWeight[]).map(w => [w.class, w.weight]))
    : ('balanced' as const)
  const byClass = classWeights === 'none' ? () => 1 : classWeightsOf(task.outputs, values, weighting)(range(learned))
  const weightsIn = ({ rows }: Part, first: number): readonly number[] => {
    const made = rows.map((row, i) => byClass(first + i) * (weights?.[row] ?? 1))
    if (rows.length === 0 || made.some(w => w > 0)) return made
    const part = first === 0 ? 'training' : 'validation'
    throw new FailureError(
      failure(
        'usage',
        classWeights === 'none' ? '--weights' : '--class-weights',
        `all ${part} rows weigh nothing`,
        'Give some of them more'
      )
    )
  }
  return {
    training: weightsIn(training, 0),
    ...(weighValidation ? { validation: weightsIn(validation, learned) } : {})
  }
}
