/** Pruning to a number of effective synapses, the weakest first. */
import type { TrainedPerceptron } from './birth-and-death.js'
import { keepSynapses, onHost } from './closing.js'
import type { Learner } from '../learning/optimiser.js'
import type { GraphPerceptron } from '../network/parameters.js'
import type { Synapse, TopologySettings } from '../network/topology.js'
import { effectiveSynapses, openSynapses } from '../network/topology.js'
import { power } from '../port/elementary.js'
import type { NdArray } from '../port/ndarray.js'

/** How much a synapse is worth: the weakest go first. */
type Strength = (synapse: Synapse) => number

const magnitude: Strength = ({ weight }) => Math.abs(weight)

/** Open synapses, the strongest first; of equals the one that comes earlier in the matrix. */
const byStrength = (s: GraphPerceptron<NdArray>, strength: Strength): readonly Synapse[] =>
  openSynapses(s)
    .map((synapse, i) => ({ synapse, i, size: strength(synapse) }))
    .sort((p, q) => q.size - p.size || p.i - q.i)
    .map(({ synapse }) => synapse)

/** Too few synapses, and of the others, the strongest first, each between neurons at work that brings no more than are wanted. */
const filled = (
  { facts: { inputs, outputs } }: GraphPerceptron<NdArray>,
  ordered: readonly Synapse[],
  count: number,
  few: readonly Synapse[],
  effective: (open: readonly Synapse[]) => readonly Synapse[]
): readonly Synapse[] => {
  const working = new Set(few.flatMap(({ from }) => (from < inputs ? [] : [from - inputs])))
  const between = ({ from, to }: Synapse): boolean =>
    (from < inputs || working.has(from - inputs)) && (to < outputs || working.has(to - outputs))
  let left = few
  for (const synapse of ordered) {
    if (left.length >= count) break
    if (left.includes(synapse) || !between(synapse)) continue
    const more = effective([...left, synapse])
    if (more.length <= count && more.length > left.length) left = more
  }
  return left
}

/**
 * The `count` effective synapses that are left when the weakest go: of the fewest strongest ones that leave as many of
 * effect, the weakest whose going leaves no fewer go too, until the number is met. Where that is never, the strongest come to
 * those that are too few, each that brings no more than are wanted. `strength` is by default |w|; of equals the later in the
 * matrix is weaker. All that are of effect, if they are no more; fewer where no single one that could come meets the number.
 */
export const strongest = (
  s: GraphPerceptron<NdArray>,
  h: TopologySettings,
  count: number,
  strength: Strength = magnitude
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
  return left.length > count ? filled(s, ordered, count, effective(ordered.slice(0, low - 1)), effective) : left
}

/** The mean of the numbers above 0 of each row of a matrix; 0 where it has none. */
const rowMeans = ({ shape: [rows, columns], data }: NdArray): Float64Array => {
  const means = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    let [sum, count] = [0, 0]
    for (let j = 0; j < columns; j++) {
      const value = data[i * columns + j] as number
      if (value > 0) [sum, count] = [sum + value, count + 1]
    }
    means[i] = count === 0 ? 0 : sum / count
  }
  return means
}

/**
 * Strength of the synapses of a network: |w| m^slope, m being the mean over the synapses of the same sender of the optimiser's
 * running means of squared gradients. A gradient of w is what is sent times what the loss makes of it; so m grows with the
 * square of what a sender sends, and a weight counts for the more the more it carries, as where |w| is multiplied by the norm
 * of its input (Sun et al. 2024). Of single synapses they say too little: those of a network that fits its rows are noise.
 * |w| alone where slope is 0, or the optimiser keeps no such mean.
 */
const strengthOf = async <T>(
  { backend: b, optimiser: { squares } }: Pick<Learner<T>, 'backend' | 'optimiser'>,
  { moments }: TrainedPerceptron<T>,
  slope: number
): Promise<Strength> => {
  const memory = squares === undefined ? undefined : moments.weights[squares]
  if (slope === 0 || memory === undefined) return magnitude
  const means = rowMeans(await b.download(memory)).map(mean => power(mean, slope))
  return ({ from, weight }) => Math.abs(weight) * (means[from] as number)
}

/** A network of exactly `count` effective synapses, if it had as many; see `strongest` and `strengthOf`. */
export const prune = async <T>(
  learner: Learner<T>,
  trained: TrainedPerceptron<T>,
  count: number,
  slope: number = 0
): Promise<TrainedPerceptron<T>> => {
  const { backend: b, hyperparameters: h } = learner
  const strength = await strengthOf(learner, trained, slope)
  return keepSynapses(b, trained, strongest(await onHost(b, trained.model), h, count, strength))
}

/**
 * A network of what is of effect among its `count` strongest open synapses: as `prune`, but seldom exactly so many; exactly
 * `count` where there would be fewer than `least`, to which a later cut is to come.
 */
export const pruneRoughly = async <T>(
  learner: Learner<T>,
  trained: TrainedPerceptron<T>,
  count: number,
  { least = 0, slope = 0 }: { readonly least?: number; readonly slope?: number } = {}
): Promise<TrainedPerceptron<T>> => {
  const { backend: b, hyperparameters: h } = learner
  const strength = await strengthOf(learner, trained, slope)
  const s = await onHost(b, trained.model)
  const left = effectiveSynapses(s, h, byStrength(s, strength).slice(0, count))
  return keepSynapses(b, trained, left.length < least ? strongest(s, h, count, strength) : left)
}

/** Synapses left after a share of a gradual pruning (Zhu and Gupta 2018): to + (from - to) (1 - share)^3, rounded. */
export const cubic = (from: number, to: number, share: number): number => {
  const rest = 1 - Math.min(1, Math.max(0, share))
  return Math.round(to + Math.max(0, from - to) * rest * rest * rest)
}
