/** What each training row of a run weighs: by its class, and by what a column says. */
import { FailureError, failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'
import { classWeightsOf } from '../estimators/class-weights.js'
import { largest } from '../reports/metrics.js'
import type { Experiment } from './experiment.js'

/** Weights of the training rows in their order; undefined where all weigh 1.
 * @throws FailureError if none of them weighs anything
 */
export const trainingWeights = (
  { classWeights }: Pick<Experiment, 'classWeights'>,
  { task, training, weights }: Pick<Dataset, 'task' | 'training' | 'weights'>
): readonly number[] | undefined => {
  if (classWeights === 'none' && weights === undefined) return undefined
  const places = range(training.rows.length)
  const weighting =
    classWeights === 'balanced' || classWeights === 'none'
      ? classWeights
      : new Map(classWeights.map(w => [w.class, w.weight]))
  const byClass = weighting === 'none' ? () => 1 : classWeightsOf(task.outputs, largest(training.y), weighting)(places)
  const made = places.map(i => byClass(i) * (weights?.[training.rows[i] as number] ?? 1))
  if (made.some(w => w > 0)) return made
  throw new FailureError(
    failure('usage', '--class-weights', 'all training rows weigh nothing', 'Give some of them more')
  )
}
