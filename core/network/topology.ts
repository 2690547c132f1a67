/**
 * What is left of a network: open synapses, those that are of any effect, out-degrees. Works on snapshots.
 *
 * Whatever an input reaches may differ from 0. A hidden neuron that none reaches sends the same number for all inputs, made
 * of biases, norm and activation alone: a constant, of effect unless that number is 0. A synapse is effective if in some
 * step its sender's message may differ from 0 and its receiver still reaches what is read of the outputs. Closing all other
 * synapses changes no output (properties/topology.ts).
 */
import type { NdArray } from '../port/ndarray.js'
import { range } from '../port/ndarray.js'
import { activated, normalised } from '../port/scalars.js'
import { receivers, senders } from './anatomy.js'
import type { Hyperparameters } from './hyperparameters.js'
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
  /** Hidden neurons that an effective synapse leaves, constants included, and effective synapses. */
  readonly effectiveNeurons: number
  readonly effectiveSynapses: number
  /** Those of the effective neurons whose messages are the same for all inputs, wherever they count. */
  readonly constantNeurons: number
}

/** What decides which synapses are of effect, besides the network itself. */
export type TopologySettings = Pick<Hyperparameters, 'steps' | 'activation' | 'batchNorm' | 'outputEnhancement'>

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

/** What a hidden neuron sends after a step: a number that is the same for all inputs, or undefined if it depends on them. */
export type Message = number | undefined

/** What each hidden neuron sends after each of the steps 0 .. L - 2, as evaluation has it, given the open synapses. */
const messages = (
  { facts: { inputs, outputs, hidden }, parameters, buffers }: GraphPerceptron<NdArray>,
  { steps, activation, batchNorm }: TopologySettings,
  open: readonly Synapse[]
): readonly (readonly Message[])[] => {
  const fed = new Set(open.filter(e => e.from < inputs).map(e => e.to))
  const incoming = range(hidden.length).map((): Synapse[] => [])
  for (const e of open) if (e.from >= inputs && e.to >= outputs) incoming[e.to - outputs]?.push(e)
  const entry = ({ shape, data }: NdArray, i: number, j: number): number => data[i * shape[1] + j] as number
  const act = (h: number, step: number, j: number): number => {
    if (!batchNorm) return activated(activation, h)
    const [mean, variance] = [entry(buffers.mean, step, j), entry(buffers.variance, step, j)]
    const [scale, shift] = [entry(parameters.scale, 0, j), entry(parameters.shift, 0, j)]
    return activated(activation, normalised(h, { mean, variance, scale, shift }))
  }
  const sent: (readonly Message[])[] = []
  for (let step = 0; step < steps - 1; step++) {
    const before = sent[step - 1]
    sent.push(
      range(hidden.length).map(j => {
        if (fed.has(outputs + j)) return undefined
        let sum = 0
        for (const { from, weight } of before ? (incoming[j] as readonly Synapse[]) : []) {
          const message = before?.[from - inputs]
          if (message === undefined) return undefined
          sum += message * weight
        }
        return act(entry(parameters.biases, 0, outputs + j) + sum, step, j)
      })
    )
  }
  return sent
}

/** Whether outputs read what is sent after a step: the last ones do, under output enhancement those before them too. */
const isRead = ({ steps, outputEnhancement }: TopologySettings, step: number): boolean =>
  outputEnhancement || step === steps - 2

/** Whether what each hidden neuron sends after each of the steps 0 .. L - 2 still reaches what is read of the outputs. */
const needs = (
  { inputs, outputs, hidden }: GraphPerceptron<NdArray>['facts'],
  h: TopologySettings,
  open: readonly Synapse[]
): readonly (readonly boolean[])[] => {
  const needed = range(h.steps - 1).map((): boolean[] => range(hidden.length).map(() => false))
  for (let step = h.steps - 2; step >= 0; step--) {
    const [now, next] = [needed[step] as boolean[], needed[step + 1]]
    for (const { from, to } of open)
      if (from >= inputs && (to < outputs ? isRead(h, step) : next?.[to - outputs] === true)) now[from - inputs] = true
  }
  return needed
}

/** What of a network is of effect, step by step. */
export interface Effects {
  /** As the head of this file says. */
  readonly synapses: readonly Synapse[]
  /** What each hidden neuron sends after each of the steps 0 .. L - 2, by position. */
  readonly sent: readonly (readonly Message[])[]
  /** Whether that still reaches what is read of the outputs. */
  readonly needed: readonly (readonly boolean[])[]
}

/** What is of effect if `open` are all the synapses that there are: by default the open ones. */
export const effectsOf = (
  s: GraphPerceptron<NdArray>,
  h: TopologySettings,
  open: readonly Synapse[] = openSynapses(s)
): Effects => {
  const { inputs, outputs } = s.facts
  const [sent, needed] = [messages(s, h, open), needs(s.facts, h, open)]
  const some = (of: (step: number) => boolean): boolean => sent.some((_, step) => of(step))
  const isNeeded = (step: number, j: number): boolean => needed[step]?.[j] === true
  const synapses = open.filter(({ from, to }) => {
    // inputs send in every step, the last one included
    if (from < inputs) return to < outputs || some(step => isNeeded(step, to - outputs))
    const arrives = (step: number): boolean => (to < outputs ? isRead(h, step) : isNeeded(step + 1, to - outputs))
    return some(step => sent[step]?.[from - inputs] !== 0 && arrives(step))
  })
  return { synapses, sent, needed }
}

/** Whether what a hidden neuron sends depends on the inputs in some step in which it counts; it is a constant if not. */
export const varies = ({ sent, needed }: Pick<Effects, 'sent' | 'needed'>, j: number): boolean =>
  sent.some((step, l) => needed[l]?.[j] === true && step[j] === undefined)

/** Synapses that are of effect, as the head of this file says, if `open` are all that there are: by default the open ones. */
export const effectiveSynapses = (
  s: GraphPerceptron<NdArray>,
  h: TopologySettings,
  open: readonly Synapse[] = openSynapses(s)
): readonly Synapse[] => effectsOf(s, h, open).synapses

/** The counts of a snapshot whose network is evaluated under some settings. */
export const topologyOf = (s: GraphPerceptron<NdArray>, h: TopologySettings): Topology => {
  const { inputs, hidden } = s.facts
  const all = openSynapses(s)
  const effects = effectsOf(s, h, all)
  const { synapses } = effects
  const neurons = [...new Set(synapses.filter(e => e.from >= inputs).map(e => e.from - inputs))]
  return {
    living: hidden.length,
    open: openNeurons(s).filter(Boolean).length,
    synapses: all.length,
    effectiveNeurons: neurons.length,
    effectiveSynapses: synapses.length,
    constantNeurons: neurons.filter(j => !varies(effects, j)).length
  }
}
