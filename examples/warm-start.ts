/**
 * Going on from a model when more rows have come.
 *
 * `model.stored` is everything that a model is, as plain data. Given as `from`, a fit goes on with it for as many more epochs:
 * its neurons and weights, what the optimiser remembers, its classes, and how its inputs are scaled. So rows that come later
 * are scaled by the numbers of the first ones. A class that the model does not know is refused. Hyperparameters are the
 * model's, unless named anew.
 */
import { fitClassifier } from '../index.js'
import { kinds, points } from './ring.js'

/** Trains on every fourth point, then goes on with all of them. */
export const example = async (): Promise<{
  readonly epochs: readonly [number, number]
  readonly accuracy: readonly [number, number]
}> => {
  const some = points.flatMap((_, i) => (i % 4 === 0 ? [i] : []))
  const first = await fitClassifier(
    some.map(i => points[i] as readonly number[]),
    some.map(i => kinds[i] as string),
    { epochs: 60, maxHidden: 16 }
  )
  // it lives on, growing and competing under noise; then what it has become settles
  const stages = [
    { name: 'life', epochs: 150 },
    { name: 'consolidate', epochs: 150, with: { learningRate: 0.02 } }
  ] as const
  const more = await fitClassifier(points, kinds, { from: first.stored, stages })
  const result = {
    epochs: [first.stored.state.clock.epoch, more.stored.state.clock.epoch],
    accuracy: [await first.score(points, kinds), await more.score(points, kinds)]
  } as const
  first.close()
  more.close()
  return result
}
