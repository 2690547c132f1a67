/**
 * What differs between two networks on the same inputs and outputs. A hidden neuron is known by its birth number, which is
 * the same neuron in both only if it was born before they parted: in one run, or before one was forked from the other.
 */
import type { GraphPerceptron } from '../../core/network/parameters.js'
import type { Synapse, Topology, TopologySettings } from '../../core/network/topology.js'
import { effectiveSynapses, openSynapses, topologyOf } from '../../core/network/topology.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { range } from '../../core/port/ndarray.js'

/** A network to compare. */
export interface ComparedNetwork {
  readonly model: GraphPerceptron<NdArray>
  readonly hyperparameters: TopologySettings
  /** Names of the inputs, and of the outputs. */
  readonly features: readonly string[]
  readonly outputs: readonly string[]
}

/** An open synapse that the two have not alike, by the names of its ends. */
export interface SynapseChange {
  readonly from: string
  readonly to: string
  /** Its weights; left out where it is closed. */
  readonly before?: number
  readonly after?: number
  /** Whether it is of effect in one of the two. */
  readonly effective: boolean
}

/** A bias that the two have not alike. */
export interface BiasChange {
  readonly of: string
  readonly before: number
  readonly after: number
}

/** What is compared neuron by neuron. */
export interface Changes {
  /** Birth numbers of living hidden neurons: in the second alone, in the first alone, in both; ascending. */
  readonly neurons: {
    readonly born: readonly number[]
    readonly dead: readonly number[]
    readonly both: readonly number[]
  }
  /** Open synapses: in the second alone, in the first alone, in both with other weights; the largest change first. */
  readonly opened: readonly SynapseChange[]
  readonly closed: readonly SynapseChange[]
  readonly changed: readonly SynapseChange[]
  /** Synapses that are open in both with the same weight. */
  readonly same: number
  /** Biases of what lives in both, the largest change first. */
  readonly biases: readonly BiasChange[]
}

/** What differs between two networks. */
export interface Difference {
  readonly sizes: readonly [before: Topology, after: Topology]
  /** Inputs that an effective synapse leaves: of the second alone, of the first alone, of both; by name, in their order. */
  readonly inputs: {
    readonly gained: readonly string[]
    readonly lost: readonly string[]
    readonly both: readonly string[]
  }
  /** Left out of networks that have no past in common: their neurons are others. */
  readonly changes?: Changes
}

/** A name for each neuron that is the same in both networks if and only if the neuron is. */
type KeyOf = (position: number) => string

const keysOf = (
  { model: { facts } }: ComparedNetwork,
  side: string,
  shared: number
): { readonly sender: KeyOf; readonly receiver: KeyOf } => {
  const hidden = (j: number): string => {
    const id = facts.hidden[j] as number
    return id < shared ? `hidden ${id}` : `hidden ${id} of ${side}`
  }
  return {
    sender: i => (i < facts.inputs ? `input ${i}` : hidden(i - facts.inputs)),
    receiver: j => (j < facts.outputs ? `output ${j}` : hidden(j - facts.outputs))
  }
}

/** The names of a synapse's ends, for people. */
const namesOf = ({ model: { facts }, features, outputs }: ComparedNetwork, { from, to }: Synapse): [string, string] => [
  from < facts.inputs ? (features[from] as string) : `hidden ${facts.hidden[from - facts.inputs]}`,
  to < facts.outputs ? (outputs[to] as string) : `hidden ${facts.hidden[to - facts.outputs]}`
]

interface Known extends Pick<SynapseChange, 'from' | 'to' | 'effective'> {
  readonly weight: number
}

/** The open synapses of a network by their ends, in the order of the matrix. */
const synapsesOf = (net: ComparedNetwork, side: string, shared: number): ReadonlyMap<string, Known> => {
  const { sender, receiver } = keysOf(net, side, shared)
  const open = openSynapses(net.model)
  const effective = new Set(effectiveSynapses(net.model, net.hyperparameters, open))
  return new Map(
    open.map(synapse => {
      const [from, to] = namesOf(net, synapse)
      const key = `${sender(synapse.from)} > ${receiver(synapse.to)}`
      return [key, { from, to, weight: synapse.weight, effective: effective.has(synapse) }]
    })
  )
}

/** The largest change first; of equals the one that stood first. */
const largestFirst = <A extends { readonly before?: number; readonly after?: number }>(
  all: readonly A[]
): readonly A[] =>
  [...all].sort((a, b) => Math.abs((b.after ?? 0) - (b.before ?? 0)) - Math.abs((a.after ?? 0) - (a.before ?? 0)))

const biasesOf = (net: ComparedNetwork, side: string, shared: number): ReadonlyMap<string, BiasChange> => {
  const { facts, parameters } = net.model
  const { receiver } = keysOf(net, side, shared)
  return new Map(
    range(facts.outputs + facts.hidden.length).map(j => {
      const value = parameters.biases.data[j] as number
      return [receiver(j), { of: namesOf(net, { from: 0, to: j, weight: 0 })[1], before: value, after: value }]
    })
  )
}

const changesOf = (a: ComparedNetwork, b: ComparedNetwork, shared: number): Changes => {
  const [was, is] = [synapsesOf(a, 'the first', shared), synapsesOf(b, 'the second', shared)]
  const [biasesWere, biasesAre] = [biasesOf(a, 'the first', shared), biasesOf(b, 'the second', shared)]
  const [before, after] = [a.model.facts.hidden, b.model.facts.hidden]
  const both = before.filter(id => id < shared && after.includes(id))
  const opened = [...is].flatMap(([key, { weight, ...ends }]) => (was.has(key) ? [] : [{ ...ends, after: weight }]))
  const closed = [...was].flatMap(([key, { weight, ...ends }]) => (is.has(key) ? [] : [{ ...ends, before: weight }]))
  const kept = [...was].flatMap(([key, { weight, ...ends }]) => {
    const now = is.get(key)
    return now ? [{ ...ends, before: weight, after: now.weight, effective: ends.effective || now.effective }] : []
  })
  const changed = kept.filter(synapse => synapse.before !== synapse.after)
  const biases = [...biasesWere].flatMap(([key, bias]) => {
    const now = biasesAre.get(key)
    return now && now.after !== bias.before ? [{ ...bias, after: now.after }] : []
  })
  return {
    neurons: {
      born: after.filter(id => !both.includes(id)),
      dead: before.filter(id => !both.includes(id)),
      both
    },
    opened: largestFirst(opened),
    closed: largestFirst(closed),
    changed: largestFirst(changed),
    same: kept.length - changed.length,
    biases: largestFirst(biases)
  }
}

/** Names of the inputs that an effective synapse leaves, in their order. */
const usedBy = ({ model, hyperparameters, features }: ComparedNetwork): readonly string[] => {
  const used = new Set(effectiveSynapses(model, hyperparameters).map(({ from }) => from))
  return features.filter((_, i) => used.has(i))
}

/**
 * What differs between two networks. `shared` is the number of neurons ever born until they parted: those of a lower birth
 * number are the same in both; left out of networks that have no past in common, which are compared by size and inputs alone.
 */
export const difference = (a: ComparedNetwork, b: ComparedNetwork, shared?: number): Difference => {
  const [before, after] = [usedBy(a), usedBy(b)]
  const [were, are] = [new Set(before), new Set(after)]
  return {
    sizes: [topologyOf(a.model, a.hyperparameters), topologyOf(b.model, b.hyperparameters)],
    inputs: {
      gained: after.filter(name => !were.has(name)),
      lost: before.filter(name => !are.has(name)),
      both: before.filter(name => are.has(name))
    },
    ...(shared === undefined ? {} : { changes: changesOf(a, b, shared) })
  }
}
