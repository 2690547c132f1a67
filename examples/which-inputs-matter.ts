/**
 * Which inputs the answers depend on.
 *
 * A self-assembling network closes synapses that do not earn their place. `model.inputImportance` counts the effective
 * synapses that leave each input. An input with 0 has no influence on any answer; you may leave it out. The fewer synapses
 * are asked for, the more sharply inputs are told apart. The count is not a size of effect: one strong synapse counts as
 * much as a weak one.
 *
 * Here two of eight inputs say which class it is, six are noise.
 */
import { fitClassifier } from '../index.js'
import { range } from '../core/index.js'
import { kinds, points } from './ring.js'

/** Numbers that look random and are the same each time. */
const noise = (i: number, j: number): number => (Math.sin(i * 12.9898 + j * 78.233) * 43758.5453) % 1

/** A point's two coordinates, squared, between inputs of noise. */
const rows = points.map(([x, y], i) => [
  noise(i, 1),
  noise(i, 2),
  x * x,
  noise(i, 3),
  noise(i, 4),
  y * y,
  noise(i, 5),
  noise(i, 6)
])

/** Trains; gives the count for each input, and the inputs from the most to the least important. */
export const example = async (): Promise<{
  readonly importance: readonly number[]
  readonly ranking: readonly number[]
  readonly accuracy: number
}> => {
  const model = await fitClassifier(rows, kinds, { epochs: 600, targetSynapses: 30 })
  const { inputImportance: importance } = model
  const ranking = range(importance.length).toSorted((a, b) => (importance[b] as number) - (importance[a] as number))
  const accuracy = await model.score(rows, kinds)
  model.close()
  return { importance, ranking, accuracy }
}
