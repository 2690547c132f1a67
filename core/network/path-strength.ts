/**
 * How strongly each input is tied to the outputs: over all its paths to an output of at most L synapses, the products of
 * their |weights| added up, paths that go round a loop included. With |W| of the open synapses that are of effect
 *
 *     v_1 = |W_ho| 1    v_(k+1) = |W_hh| v_k    strength = |W_io| 1 + |W_ih| (v_1 + ... + v_(L-1))
 *
 * so that a synapse into a dead end counts for nothing. With BatchNorm each v is multiplied by what a neuron's sum is scaled
 * by in evaluation, after the step in which a path arrives there. It bounds what the inputs could do where no activation amplifies; it
 * does not say what they do in the rows at hand: for that, permute them (estimators/importance.ts).
 */
import type { NdArray } from '../port/ndarray.js'
import type { GraphPerceptron } from './parameters.js'
import { normAt } from './running-norm.js'
import type { TopologySettings } from './topology.js'
import { effectiveSynapses } from './topology.js'

/** The path strength of each input, at least 0: 0 is an input that nothing depends on. Infinity where a double does not reach. */
export const pathStrengths = (s: GraphPerceptron<NdArray>, settings: TopologySettings): readonly number[] => {
  const { inputs, outputs, hidden } = s.facts
  const synapses = effectiveSynapses(s, settings)
  const gain = (step: number, j: number): number => (settings.batchNorm ? Math.abs(normAt(s, step, j).scale) : 1)
  const strengths = new Float64Array(inputs)
  let arriving: Float64Array | undefined // v of the hidden neurons; in the last step outputs alone are reached
  for (let step = settings.steps; step > 0; step--) {
    const next: Float64Array = new Float64Array(hidden.length)
    for (const { from, to, weight } of synapses) {
      const reached = arriving ? (arriving[to - outputs] ?? 0) : Number(to < outputs)
      if (from < inputs) strengths[from] = (strengths[from] as number) + Math.abs(weight) * reached
      else next[from - inputs] = (next[from - inputs] as number) + Math.abs(weight) * reached
    }
    arriving = step > 1 ? next.map((v, j) => v * gain(step - 2, j)) : next
  }
  return Array.from(strengths)
}
