/**
 * Ending a training early.
 *
 * A fit takes an `AbortSignal`. Once it is aborted, by a button, a timeout (`AbortSignal.timeout(5000)`) or what you see in
 * `onEpoch`, the fit ends before its next update and gives the model of the last whole epoch. Nothing is lost, and nothing
 * is thrown. A training gives way to timers and messages many times a second, so a page stays alive and a button works.
 *
 * With the engine itself there is nothing to abort: whoever leaves the loop over `train` has ended the training.
 */
import { fitClassifier } from '../index.js'
import { kinds, points } from './ring.js'

/** Trains until the validation loss has come down to `goal`, however many epochs that takes. */
export const example = async (goal: number = 0.4): Promise<{ readonly epochs: number; readonly loss: number }> => {
  const enough = new AbortController()
  let loss = Infinity
  const model = await fitClassifier(points, kinds, {
    epochs: 50_000,
    maxHidden: 16,
    signal: enough.signal,
    onEpoch: epoch => {
      loss = epoch.losses.validation ?? Infinity
      if (loss <= goal) enough.abort()
    }
  })
  const epochs = model.stored.state.clock.epoch
  model.close()
  return { epochs, loss }
}
