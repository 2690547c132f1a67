/** One update of any layer: gradient, optimiser. Pure: the given state stays untouched and alive. */
import type { Layer, Sums } from '../network/layer.js'
import type { Kind } from '../network/model.js'
import { mapNamed } from '../network/model.js'
import type { Batch } from './batches.js'
import { checkColumns } from './batches.js'
import type { Losses } from './gradients.js'
import { gradients } from './gradients.js'
import type { Learner, Slot } from './optimiser.js'
import { checkMemory, clip, correctionsOnce } from './optimiser.js'
import { learningRate } from './schedule.js'
import type { State } from './state.js'
import { courseEpoch, tensors } from './state.js'

/** What a step gives: the next state and the losses [1, 1] that it saw. */
export interface Step<T, K extends Kind> {
  readonly state: State<T, K>
  readonly losses: Losses<T>
}

/** The state after one update on a batch.
 * @throws FailureError if the batch does not fit the network, or the state the optimiser
 */
export const stepOf = <T, K extends Kind, S, R, G extends Sums<T>>(
  { backend: b, hyperparameters: h, optimiser }: Learner<T>,
  layer: Layer<T, K, S, R, G>,
  { clock, model, moments }: State<T, K>,
  batch: Batch<T>
): Step<T, K> => {
  checkColumns(b, 'batch', layer.sides(model.facts), batch.x, batch.y)
  checkMemory({ optimiser }, { model, moments })
  return b.scope(
    () => {
      const { losses, gradient, buffers } = gradients({ backend: b, hyperparameters: h }, layer, model, clock, batch)
      const clipped = clip(b, gradient, h.clipNorm)
      const updates = clock.updates + 1
      const corrections = correctionsOnce(b, optimiser)
      const rate = learningRate(h, courseEpoch(clock))
      const slots = mapNamed(model.parameters, (value: T, name: K['parameters']): Slot<T> =>
        layer.still?.(name) === true
          ? { value, memory: moments[name] }
          : optimiser.update(b, { value, memory: moments[name] }, clipped[name], {
              rate,
              decay: layer.decay(name),
              corrections: corrections(layer.age(model, name, updates))
            })
      )
      return {
        losses,
        state: {
          clock: { ...clock, updates },
          model: {
            facts: model.facts,
            parameters: mapNamed(slots, ({ value }: Slot<T>) => value),
            buffers
          },
          moments: mapNamed(slots, ({ memory }: Slot<T>) => memory)
        }
      }
    },
    ({ state, losses }) => [...tensors(state), losses.task, losses.auxiliary]
  )
}
