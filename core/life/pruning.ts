/** Pruning to a number of effective synapses, by the size of their weights. */
import type { TrainedPerceptron } from './birth-and-death.js'
import { keepSynapses, onHost } from './closing.js'
import type { Compute } from '../network/compute.js'
import type { GraphPerceptron } from '../network/parameters.js'
import type { Synapse, TopologySettings } from '../network/topology.js'
import { effectiveSynapses, openSynapses } from '../network/topology.js'
import type { NdArray } from '../port/ndarray.js'

const magnitude = ({ weight }: Synapse): number => Math.abs(weight)

/** Open synapses, the strongest first; of equals the one that comes earlier in the matrix. */
const byStrength = (s: GraphPerceptron<NdArray>, strength: (synapse: Synapse) => number): readonly Synapse[] =>
  openSynapses(s)
    .map((synapse, i) => ({ synapse, i, size: strength(synapse) }))
    .sort((p, q) => q.size - p.size || p.i - q.i)
    .map(({ synapse }) => synapse)

/**
 * The `count` effective synapses that are left when the weakest go: of the fewest strongest ones that leave as many of
 * effect, the weakest whose going leaves no fewer go too, until the number is met. `strength` is by default |w|; of
 * equals the later in the matrix is weaker. All that are of effect, if they are no more; fewer only where each further
 * one would bring several more.
 */
export const strongest = (
  s: GraphPerceptron<NdArray>,
  h: TopologySettings,
  count: number,
  strength: (synapse: Synapse) => number = magnitude
): readonly Synapse[] => {
  const ordered = byStrength(s, strength)
  const effective = (open: readonly Synapse[]): readonly Synapse[] => effectiveSynapses(s, h, open)
  // more synapses make more of effect, never fewer: the smallest number that is enough
  let [low, high] = [0, ordered.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (effective(ordered.slice(0, middle)).length >= count) high = middle
    else low = middle + 1
  }
  let left = effective(ordered.slice(0, low))
  // from the weakest on; whose going takes too many along stays for good, since later it would take no fewer
  for (let i = left.length - 1; i >= 0 && left.length > count; i--) {
    const weakest = left[i]
    if (weakest === undefined) continue
    const rest = effective(left.filter(synapse => synapse !== weakest))
    if (rest.length >= count) left = rest
  }
  return left.length > count ? effective(ordered.slice(0, low - 1)) : left
}

/** A network of exactly `count` effective synapses, if it had as many; see `strongest`. */
export const prune = async <T>(
  { backend: b, hyperparameters: h }: Compute<T>,
  trained: TrainedPerceptron<T>,
  count: number
): Promise<TrainedPerceptron<T>> => keepSynapses(b, trained, strongest(await onHost(b, trained.model), h, count))

/**
 * A network of what is of effect among its `count` strongest open synapses: as `prune`, but seldom exactly so many; exactly
 * `count` where there would be fewer than `least`, to which a later cut is to come.
 */
export const pruneRoughly = async <T>(
  { backend: b, hyperparameters: h }: Compute<T>,
  trained: TrainedPerceptron<T>,
  count: number,
  least: number = 0
): Promise<TrainedPerceptron<T>> => {
  const s = await onHost(b, trained.model)
  const left = effectiveSynapses(s, h, byStrength(s, magnitude).slice(0, count))
  return keepSynapses(b, trained, left.length < least ? strongest(s, h, count) : left)
}

/** Synapses left after a share of a gradual pruning (Zhu and Gupta 2018): to + (from - to) (1 - share)^3, rounded. */
export const cubic = (from: number, to: number, share: number): number => {
  const rest = 1 - Math.min(1, Math.max(0, share))
  return Math.round(to + Math.max(0, from - to) * rest * rest * rest)
}
