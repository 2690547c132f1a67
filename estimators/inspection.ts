/**
 * A look inside a network: which inputs matter and for which answer, which are never used, how many synapses each neuron
 * has. Of a program alone, so an imported network can be looked into as well; what permuting the inputs says is added where
 * there are rows to permute (importance.ts).
 */
import { range } from '../core/port/ndarray.js'
import { neuronsOf } from '../exports/graphs/neurons.js'
import { pathWeights } from '../exports/look/path-weights.js'
import type { Program } from '../exports/program.js'
import type { Importance, InputImportance } from './importance.js'
import type { InputGroup } from './input-groups.js'

/** How strongly an input, or a feature of it, is tied to the outputs. */
export interface Ties {
  /** Path weights to each output, as `pathWeights` has them; those of the features of one input are added up. */
  readonly toOutputs: readonly number[]
  /** All of these together. */
  readonly paths: number
  /** Synapses that leave it. */
  readonly synapses: number
}

/** An input as people know it: a column, a pixel, a feature. */
export interface InspectedInput extends InputGroup, Ties {
  /** What the headline score loses where it is permuted; undefined where that was not computed. */
  readonly drop?: InputImportance['drop']
  /** Its share of all path weights, 0 to 1. */
  readonly share: number
  /** Whether any synapse leaves it: nothing depends on an input that is not used. */
  readonly used: boolean
  /** The same of each of its features. */
  readonly features: readonly (Ties & { readonly name: string })[]
}

/** Synapses of a neuron. */
export interface NeuronDegree {
  readonly name: string
  readonly kind: 'input' | 'hidden' | 'output'
  /** Those that enter it, and that leave it. */
  readonly in: number
  readonly out: number
}

/** What a look inside a network shows. */
export interface Inspection {
  /** The most important first: by what the score loses, those where this is not known after all others, by path weight. */
  readonly inputs: readonly InspectedInput[]
  /** Names of the inputs that nothing depends on. */
  readonly unused: readonly string[]
  /** The outputs, with all path weights that end at each. */
  readonly outputs: readonly { readonly name: string; readonly paths: number }[]
  /** All path weights added up. */
  readonly paths: number
  /** All synapses, those that no input reaches left out where they could go into biases. */
  readonly synapses: number
  /** Inputs, hidden neurons, outputs, in the order of the network. */
  readonly neurons: readonly NeuronDegree[]
  /** How inputs were permuted, where they were. */
  readonly permutation?: Omit<Importance, 'inputs'>
}

const sumOf = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0)

/** Largest drop first, then largest share, then as they stand; what has no drop comes last. */
const byImportance = (a: InspectedInput, b: InspectedInput): number =>
  Number(b.drop !== undefined) - Number(a.drop !== undefined) ||
  (b.drop?.mean ?? 0) - (a.drop?.mean ?? 0) ||
  b.share - a.share

/**
 * Looks into a program, best one whose standardisation is kept apart, whose inputs can be compared. `groups` says which of
 * its inputs are one thing (`inputGroups`); `permuted` is what `importanceOf` says of the same groups.
 */
export const inspectionOf = (p: Program, groups: readonly InputGroup[], permuted?: Importance): Inspection => {
  const { data } = pathWeights(p)
  const neurons = neuronsOf(p)
  const columns = p.outputs.length
  const ofFeature = (i: number): Ties => {
    const toOutputs = Array.from(data.subarray(i * columns, (i + 1) * columns))
    return { toOutputs, paths: sumOf(toOutputs), synapses: neurons[i]?.outDegree ?? 0 }
  }
  const features = p.inputs.map(({ name }, i) => ({ name, ...ofFeature(i) }))
  const all = sumOf(features.map(({ paths }) => paths))
  const inputs = groups.map((group, g): InspectedInput => {
    const own = group.columns.map(i => features[i] as (typeof features)[number])
    const paths = sumOf(own.map(f => f.paths))
    const synapses = sumOf(own.map(f => f.synapses))
    const drop = permuted?.inputs[g]?.drop
    return {
      ...{ name: group.name, columns: group.columns },
      ...(drop === undefined ? {} : { drop }),
      ...{ paths, share: all > 0 ? paths / all : 0, synapses, used: synapses > 0 },
      toOutputs: range(columns).map(j => sumOf(own.map(f => f.toOutputs[j] as number))),
      features: own
    }
  })
  const { inputs: _, ...permutation } = permuted ?? { inputs: [] }
  return {
    inputs: inputs.toSorted(byImportance),
    unused: inputs.filter(({ used }) => !used).map(({ name }) => name),
    outputs: p.outputs.map(({ name }, j) => ({ name, paths: sumOf(features.map(f => f.toOutputs[j] as number)) })),
    paths: all,
    synapses: p.synapses.length,
    neurons: neurons.map(({ name, kind, inDegree, outDegree }) => ({ name, kind, in: inDegree, out: outDegree })),
    ...('metric' in permutation ? { permutation } : {})
  }
}
