/** The state from which a training begins. */
import type { State } from './state.js'
import { restore } from './state.js'
import type { Trainable } from './trainable.js'
import { checkedSeed, checkSides } from '../network/checks.js'
import type { Kind } from '../network/model.js'
import type { NdArray } from '../port/ndarray.js'

/** The state before the first epoch, on the host.
 * @throws FailureError if the seed is no whole number from 0, or inputs or outputs none from 1
 * @example initialState(engine(reference(), defaults, none), 4, 2, 1).model.parameters.weights.shape // => [4, 2]
 */
export const initialState = <T, K extends Kind>(
  trainable: Trainable<T, K>,
  inputs: number,
  outputs: number,
  seed: number
): State<NdArray, K> => {
  checkSides(inputs, outputs)
  return trainable.initial(checkedSeed(seed), inputs, outputs)
}

/** The same on the backend; the caller owns its tensors. */
export const initialStateOn = <T, K extends Kind>(
  trainable: Trainable<T, K>,
  inputs: number,
  outputs: number,
  seed: number
): State<T, K> => restore(trainable.backend, initialState(trainable, inputs, outputs, seed))
