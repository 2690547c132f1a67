/** What is wrong with a network whatever its score is: said, because a score alone does not tell why it is low. */
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { GraphPerceptron } from '../core/network/parameters.js'
import { effectiveSynapses } from '../core/network/topology.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Task } from '../data/dataset.js'

/** Names in a sentence: all of a few, else some and how many more. */
const listed = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`

/**
 * Outputs that no synapse of effect reaches, which stay the same for all rows, and a network that no hidden neuron is left
 * of though some were born; who won before any was, against those that came later, is no fault. One class without any is
 * what the others are held against, and no fault. Mostly none.
 */
export const warningsOf = (
  model: GraphPerceptron<NdArray>,
  h: Hyperparameters,
  { kind, outputs }: Task
): readonly string[] => {
  const synapses = effectiveSynapses(model, h)
  const { inputs } = model.facts
  const reached = new Set(synapses.map(({ to }) => to))
  const mute = outputs.filter((_, i) => !reached.has(i))
  const hidden = synapses.some(({ from }) => from >= inputs)
  const wanted = h.maxHidden > 0 && h.steps > 1 && model.facts.births > 0
  return [
    ...(mute.length > (kind === 'classes' ? 1 : 0)
      ? [`no synapse reaches ${listed(mute)}: the output is the same for all rows; more epochs may help`]
      : []),
    ...(wanted && !hidden && mute.length < outputs.length
      ? [
          'no hidden neuron is left: the outputs are linear in the inputs; a lower gamma2, or more epochs, may keep some'
        ]
      : [])
  ]
}
