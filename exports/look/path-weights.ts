/**
 * How strongly each input is tied to each output: over all paths between the two of at most L synapses, the products of
 * their |weights| added up, paths that go round a loop included. What core/network/path-strength.ts says of a trained
 * network as a whole, output by output, of a program.
 */
import type { NdArray } from '../../core/port/ndarray.js'
import { gainsOf } from './gains.js'
import type { Program } from '../program.js'

/**
 * The path weights `[inputs, outputs]` of a program, at least 0. They can be compared among inputs whose units can be: so
 * of a program whose standardisation is kept apart, `programOf(net, { inputs: false })`. Infinity where a double does not
 * reach. What rows at hand do of it, attribution.ts and a permutation of the inputs say.
 */
export const pathWeights = (p: Program): NdArray => {
  const { inputs, hidden, outputs, steps } = p
  const [first, firstOutput, width] = [inputs.length, inputs.length + hidden.length, outputs.length]
  const weights = new Float64Array(first * width)
  /** Path weights from hidden neurons, of messages after the step at hand. */
  let arriving = new Float64Array(hidden.length * width)
  for (let step = steps; step > 0; step--) {
    const before = new Float64Array(hidden.length * width)
    for (const { from, to, weight } of gainsOf(p, step)) {
      const [sums, at] = from < first ? [weights, from * width] : [before, (from - first) * width]
      for (let j = 0; j < width; j++) {
        const reached =
          to < firstOutput ? (arriving[(to - first) * width + j] as number) : Number(to - firstOutput === j)
        if (reached !== 0) sums[at + j] = (sums[at + j] as number) + Math.abs(weight) * reached
      }
    }
    arriving = before
  }
  return { shape: [first, width], data: weights }
}
