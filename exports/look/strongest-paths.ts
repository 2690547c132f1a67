/** By which ways inputs reach outputs: the paths of the largest products of weights. */
import { gainsOf } from './gains.js'
import type { Program } from '../program.js'

/** A path from an input to an output, of at most L synapses. It may go round a loop. */
export interface Path {
  /** Its neurons by number: an input, hidden neurons, an output. */
  readonly neurons: readonly number[]
  /** The weight of each of its synapses, with the scale of its receiver in the step where BatchNorm stands apart. */
  readonly weights: readonly number[]
  /** All of them multiplied, from the last to the first. */
  readonly product: number
}

const byStrength = (a: Path, b: Path): number => {
  const [one, other] = [Math.abs(a.product), Math.abs(b.product)]
  if (one !== other) return other - one
  if (a.neurons.length !== b.neurons.length) return a.neurons.length - b.neurons.length
  const k = a.neurons.findIndex((n, i) => n !== b.neurons[i])
  return k < 0 ? 0 : (a.neurons[k] as number) - (b.neurons[k] as number)
}

/** From which inputs, to which outputs (0 the first of them), and how many paths at most. */
export interface PathQuery {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly most: number
}

/**
 * The strongest paths by |product of weights|, the strongest first; of equals the shorter first, then by neurons. Exact: the
 * best ways on from each neuron are kept step by step, from the outputs back, and a path's rest is one of the best of its
 * neuron. As with `pathWeights`, a program whose standardisation is kept apart compares inputs in units that can be compared.
 */
export const strongestPaths = (p: Program, { from, to, most }: PathQuery): readonly Path[] => {
  const [first, firstOutput] = [p.inputs.length, p.inputs.length + p.hidden.length]
  const [starts, ends] = [new Set(from), new Set(to.map(j => firstOutput + j))]
  const best = (paths: readonly Path[]): readonly Path[] => paths.toSorted(byStrength).slice(0, most)
  const found: Path[] = []
  /** The best ways on from each hidden neuron's message after the step at hand. */
  let onward: ReadonlyMap<number, readonly Path[]> = new Map()
  for (let step = p.steps; step > 0; step--) {
    const before = new Map<number, Path[]>()
    for (const { from: sender, to: receiver, weight } of gainsOf(p, step)) {
      const rests = receiver < firstOutput ? onward.get(receiver) : ends.has(receiver) ? [arrived(receiver)] : undefined
      if (!rests || (sender < first && !starts.has(sender))) continue
      const ways = sender < first ? found : (before.get(sender) ?? [])
      for (const { neurons, weights, product } of rests)
        ways.push({ neurons: [sender, ...neurons], weights: [weight, ...weights], product: weight * product })
      if (sender >= first) before.set(sender, ways)
    }
    onward = new Map([...before].map(([neuron, ways]) => [neuron, best(ways)]))
  }
  return best(found)
}

/** The end of every path to an output. */
const arrived = (output: number): Path => ({ neurons: [output], weights: [], product: 1 })
