/** One update: sample the masks, forward, loss, backward, optimiser. Pure: the given state stays untouched and alive. */
import type { Slot } from '../port/adam.js'
import type { Batch } from './batches.js'
import type { Learner } from './optimiser.js'
import type { Losses } from './gradients.js'
import { gradients } from './gradients.js'
import { clip, debiased, decay } from './optimiser.js'
import { learningRate } from './schedule.js'
import * as P from '../network/parameters.js'
import type { State } from '../network/state.js'
import { tensors } from '../network/state.js'

/** What a step gives: the next state and the losses [1, 1] that it saw. */
export interface Step<T> {
  readonly state: State<T>
  readonly losses: Losses<T>
}

/** The state after one update on a batch. */
export const step =
  <T>(learner: Learner<T>) =>
  (batch: Batch<T>) =>
  (s: State<T>): Step<T> => {
    const { backend: b, hyperparameters: h, optimiser } = learner
    return b.scope(
      () => {
        const { losses, gradient, running } = gradients(learner, batch, s)
        const clipped = clip(b, gradient, h.clipNorm)
        const updates = s.updates + 1
        const debias = debiased(b, optimiser, h.biasCorrection, s.anatomy, updates)
        const rate = learningRate(h, s.epoch)
        const slots = P.build((name): Slot<T> => {
          const slot = { value: s.parameters[name], first: s.moments.first[name], second: s.moments.second[name] }
          return optimiser.update(b, slot, clipped[name], { rate, decay: decay(h, name), debias: debias(name) })
        })
        const state: State<T> = {
          ...s,
          updates,
          parameters: P.map(slots, slot => slot.value),
          moments: { first: P.map(slots, slot => slot.first), second: P.map(slots, slot => slot.second) },
          running
        }
        return { state, losses }
      },
      ({ state, losses }) => [...tensors(state), losses.task, losses.auxiliary]
    )
  }
