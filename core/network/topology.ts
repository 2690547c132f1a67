/** What is left of a network: open synapses, effective ones, out-degrees. Works on snapshots. */
import type { NdArray } from '../port/ndarray.js'
import { range } from '../port/ndarray.js'
import { receivers, senders } from './anatomy.js'
import type { GraphPerceptron } from './parameters.js'

/** A synapse by positions: sender in `[inputs, hidden]`, receiver in `[outputs, hidden]`. */
export interface Synapse {
  readonly from: number
  readonly to: number
  readonly weight: number
}

/** Counts of a topology. */
export interface Topology {
  readonly living: number
  readonly open: number
  /** Open synapses, those leaving a neuron that is not open left out. */
  readonly synapses: number
  /** Neurons and synapses on a path of at most L steps from an input or a bias to an output. */
  readonly effectiveNeurons: number
  readonly effectiveSynapses: number
}

const openNeurons = (s: GraphPerceptron<NdArray>): readonly boolean[] =>
  Array.from(s.parameters.neurons.data, (n: number) => n > 0)

/** Open synapses, those leaving a neuron that is not open left out. */
export const openSynapses = (s: GraphPerceptron<NdArray>): readonly Synapse[] => {
  const {
    facts: anatomy,
    parameters,
    buffers: { wiring }
  } = s
  const columns = receivers(anatomy)
  const open = openNeurons(s)
  return range(senders(anatomy)).flatMap(from =>
    from >= anatomy.inputs && !open[from - anatomy.inputs]
      ? []
      : range(columns).flatMap(to => {
          const k = from * columns + to
          const is = wiring.data[k] !== 0 && (parameters.synapses.data[k] as number) > 0
          return is ? [{ from, to, weight: parameters.weights.data[k] as number }] : []
        })
  )
}

/** Open synapses that leave each input. */
export const outDegrees = (s: GraphPerceptron<NdArray>): readonly number[] => {
  const counts = range(s.facts.inputs).map(() => 0)
  for (const { from } of openSynapses(s)) if (from < counts.length) counts[from] = (counts[from] as number) + 1
  return counts
}

/** Steps from each hidden neuron along `edges` to the goal, Infinity where there is no way. */
const distances = (
  hidden: number,
  start: (i: number) => number,
  edges: readonly (readonly [number, number])[]
): readonly number[] => {
  const distance = range(hidden).map(start)
  for (let changed = true; changed;) {
    changed = false
    for (const [near, far] of edges) {
      const through = (distance[near] as number) + 1
      if (through < (distance[far] as number)) {
        distance[far] = through
        changed = true
      }
    }
  }
  return distance
}

/** Open synapses that lie on a path of at most `steps` steps from an input or a bias to an output. */
export const effectiveSynapses = (s: GraphPerceptron<NdArray>, steps: number): readonly Synapse[] => {
  const { inputs, outputs, hidden } = s.facts
  const open = openSynapses(s)
  const within = open
    .filter(e => e.from >= inputs && e.to >= outputs)
    .map(e => [e.from - inputs, e.to - outputs] as const)
  const fed = new Set(open.filter(e => e.from < inputs && e.to >= outputs).map(e => e.to - outputs))
  const sends = new Set(open.filter(e => e.from >= inputs && e.to < outputs).map(e => e.from - inputs))
  const biased = (i: number): boolean => s.parameters.biases.data[outputs + i] !== 0 || s.parameters.shift.data[i] !== 0
  const fromSource = distances(hidden.length, i => (fed.has(i) || biased(i) ? 1 : Infinity), within)
  const toOutput = distances(
    hidden.length,
    i => (sends.has(i) ? 1 : Infinity),
    within.map(([from, to]) => [to, from] as const)
  )
  const before = (from: number): number => (from < inputs ? 0 : (fromSource[from - inputs] as number))
  const after = (to: number): number => (to < outputs ? 0 : (toOutput[to - outputs] as number))
  return open.filter(e => before(e.from) + 1 + after(e.to) <= steps)
}

/** The counts of a snapshot whose network runs for `steps` steps. */
export const topologyOf = (s: GraphPerceptron<NdArray>, steps: number): Topology => {
  const effective = effectiveSynapses(s, steps)
  return {
    living: s.facts.hidden.length,
    open: openNeurons(s).filter(Boolean).length,
    synapses: openSynapses(s).length,
    effectiveNeurons: new Set(effective.filter(e => e.from >= s.facts.inputs).map(e => e.from)).size,
    effectiveSynapses: effective.length
  }
}
