/** The places of a network where synapses may be, by matrix, and random ones of them. */
import { receiverNumbers, receivers, senderNumbers, senders } from '../../core/network/anatomy.js'
import type { GraphPerceptron } from '../../core/network/parameters.js'
import type { Synapse, TopologySettings } from '../../core/network/topology.js'
import { effectiveSynapses } from '../../core/network/topology.js'
import type { Site, Wiring } from '../../core/network/wiring.js'
import { receiverAt, senderAt } from '../../core/network/wiring.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { range } from '../../core/port/ndarray.js'
import { address, foldIn, randomBits } from '../../core/port/random.js'
import type { MatrixSize } from './densities.js'
import { countsOf, erdosRenyi, uniformly } from './densities.js'

/** What random wirings draw for: far from the purposes of a network. */
export const SparsePurpose = { wiring: 0, growth: 1 } as const

/** A random word for each place of a matrix over synapses, a function of seed, epoch and the two neurons. */
export const wordsOf = (
  { facts }: Pick<GraphPerceptron<unknown>, 'facts'>,
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
  purpose: number
): Uint32Array =>
  randomBits(address(foldIn(seed, 'sparse'), epoch, purpose), senderNumbers(facts), receiverNumbers(facts))

/** Places of a matrix, as numbers row by row in the one over all synapses. */
export interface MatrixPlaces extends MatrixSize {
  readonly at: readonly number[]
}

/** Hidden neurons by layers of `width`, all in one if it is 0. */
const groupOf = ({ layer, id }: Site, width: number): string =>
  layer === 'hidden' && width > 0 ? `hidden ${Math.floor(id / width)}` : layer

/** Which of some sites are in each group. */
const groupsOf = (sites: readonly Site[], width: number): readonly (readonly number[])[] => {
  const groups = new Map<string, number[]>()
  sites.forEach((site, i) => {
    const name = groupOf(site, width)
    const members = groups.get(name) ?? []
    groups.set(name, members)
    members.push(i)
  })
  return [...groups.values()]
}

/** Where a wiring allows synapses, by the matrix between two layers: those of an MLP, or a graph perceptron's four. */
export const placesOf = (
  { facts }: Pick<GraphPerceptron<unknown>, 'facts'>,
  wiring: Wiring,
  width: number
): readonly MatrixPlaces[] => {
  const from = range(senders(facts)).map(i => senderAt(facts, i))
  const to = range(receivers(facts)).map(j => receiverAt(facts, j))
  const matrices = groupsOf(from, width).flatMap(rows =>
    groupsOf(to, width).map(columns => {
      const at = rows.flatMap(i =>
        columns.filter(j => wiring(from[i] as Site, to[j] as Site)).map(j => i * to.length + j)
      )
      return { rows: rows.length, columns: columns.length, places: at.length, at }
    })
  )
  return matrices.filter(({ places }) => places > 0).sort((a, b) => (a.at[0] as number) - (b.at[0] as number))
}

/** Synapses at some places, in their order. */
export const synapsesAt = (
  { facts, parameters: { weights } }: GraphPerceptron<NdArray>,
  places: readonly number[]
): readonly Synapse[] => {
  const columns = receivers(facts)
  return [...places]
    .sort((p, q) => p - q)
    .map(k => ({ from: Math.floor(k / columns), to: k % columns, weight: weights.data[k] as number }))
}

/** The places of synapses. */
export const placesAt = ({ facts }: GraphPerceptron<unknown>, synapses: readonly Synapse[]): readonly number[] =>
  synapses.map(({ from, to }) => from * receivers(facts) + to)

/** The same matrices, the places of each by their words, the smallest first. */
const shuffled = (matrices: readonly MatrixPlaces[], words: Uint32Array): readonly MatrixPlaces[] =>
  matrices.map(matrix => ({
    ...matrix,
    at: [...matrix.at].sort((p, q) => (words[p] as number) - (words[q] as number) || p - q)
  }))

/** The first places of matrices, `count` of them: of each as many as it gets. */
const first = (matrices: readonly MatrixPlaces[], kernel: boolean, count: number): readonly number[] => {
  const counts = countsOf(matrices, (kernel ? erdosRenyi : uniformly)(matrices, count), count)
  return matrices.flatMap(({ at }, l) => at.slice(0, counts[l]))
}

/**
 * The fewest random places of which at least `effective` synapses are of effect, or all. With `kernel`, matrices have the
 * densities of the Erdos-Renyi kernel, else the same.
 */
export const randomPlaces = (
  s: GraphPerceptron<NdArray>,
  h: TopologySettings,
  matrices: readonly MatrixPlaces[],
  words: Uint32Array,
  { kernel, effective }: { readonly kernel: boolean; readonly effective: number }
): readonly number[] => {
  const all = matrices.reduce((n, { places }) => n + places, 0)
  const random = shuffled(matrices, words)
  const enough = (count: number): boolean =>
    effectiveSynapses(s, h, synapsesAt(s, first(random, kernel, count))).length >= effective
  let [low, high] = [Math.min(effective, all), all]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle + 1
  }
  return first(random, kernel, low)
}
