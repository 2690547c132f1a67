/** What may be folded into weights and biases of a program: constants, BatchNorm, standardisation. */
import type { Effects } from '../core/network/topology.js'
import { range } from '../core/port/ndarray.js'
import type { Affine, Program, ProgramNeuron } from './program.js'

/** A program with all of its steps apart, and what is known of its hidden neurons step by step. */
export interface Plain extends Pick<Effects, 'sent' | 'needed'> {
  readonly program: Program
}

/** The same without the hidden neurons that no synapse leaves, again and again; `known` goes along. */
const pruned = (plain: Plain): Plain => {
  const { program, sent, needed } = plain
  const { inputs, hidden, synapses } = program
  const first = inputs.length
  const senders = new Set(synapses.map(({ from }) => from))
  const kept = range(hidden.length).filter(j => senders.has(first + j))
  if (kept.length === hidden.length) return plain
  const place = new Map(kept.map((j, k) => [first + j, first + k]))
  const gone = hidden.length - kept.length
  const moved = (n: number): number | undefined =>
    n < first ? n : n >= first + hidden.length ? n - gone : place.get(n)
  return pruned({
    program: {
      ...program,
      hidden: kept.map(j => hidden[j] as ProgramNeuron),
      synapses: synapses.flatMap(({ from, to, weight }) => {
        const [a, b] = [moved(from), moved(to)]
        return a === undefined || b === undefined ? [] : [{ from: a, to: b, weight }]
      })
    },
    sent: sent.map(step => kept.map(j => step[j])),
    needed: needed.map(step => kept.map(j => step[j] === true))
  })
}

/**
 * Constants into the biases of the outputs that they reach: only the messages before the last step are read, one number
 * each. Not under output loops, which read all steps; not into hidden neurons, whose sums differ from step to step.
 */
export const foldedConstants = (plain: Plain): Plain => {
  const { program, sent } = plain
  const [first, firstOutput] = [program.inputs.length, program.inputs.length + program.hidden.length]
  const read = sent[program.steps - 2]
  if (program.outputLoops || !read) return plain
  const constant = ({ from, to }: { readonly from: number; readonly to: number }): number | undefined =>
    from >= first && to >= firstOutput ? read[from - first] : undefined
  const outputs = program.outputs.map((output, j) => ({
    ...output,
    bias: program.synapses.reduce(
      (sum, s) => (s.to === firstOutput + j ? sum + s.weight * (constant(s) ?? 0) : sum),
      output.bias
    )
  }))
  const synapses = program.synapses.filter(s => constant(s) === undefined)
  return pruned({ ...plain, program: { ...program, outputs, synapses } })
}

/** BatchNorm into weights and bias of each neuron whose messages are needed after one step alone, or alike after all. */
export const foldedNorms = (plain: Plain): Plain => {
  const { program, needed } = plain
  const first = program.inputs.length
  const found = program.hidden.map(({ norms }, j): Affine | undefined => {
    const [one, ...others] = norms?.filter((_, step) => needed[step]?.[j]) ?? []
    return others.every(o => o.scale === one?.scale && o.shift === one.shift) ? one : undefined
  })
  return {
    ...plain,
    program: {
      ...program,
      hidden: program.hidden.map((neuron, j) => {
        const norm = found[j]
        return norm ? { id: neuron.id, bias: norm.scale * neuron.bias + norm.shift } : neuron
      }),
      synapses: program.synapses.map(s => ({ ...s, weight: s.weight * (found[s.to - first]?.scale ?? 1) }))
    }
  }
}

/** Standardisation into weights and biases; inputs that are not clamped are activated as they stand, and stay apart. */
export const foldedInputs = (plain: Plain): Plain => {
  const { program } = plain
  if (!program.clampedInputs) return plain
  const first = program.inputs.length
  const moved = [...program.hidden, ...program.outputs].map(() => 0)
  for (const { from, to, weight } of program.synapses) {
    const input = program.inputs[from]
    if (input) moved[to - first] = (moved[to - first] as number) - weight * input.factor * input.offset
  }
  const bias = (of: { readonly bias: number }, j: number): number => of.bias + (moved[j] as number)
  return {
    ...plain,
    program: {
      ...program,
      inputs: program.inputs.map(({ name }) => ({ name, offset: 0, factor: 1 })),
      hidden: program.hidden.map((neuron, j) => ({ ...neuron, bias: bias(neuron, j) })),
      outputs: program.outputs.map((output, j) => ({ ...output, bias: bias(output, program.hidden.length + j) })),
      synapses: program.synapses.map(s => ({ ...s, weight: s.weight * (program.inputs[s.from]?.factor ?? 1) }))
    }
  }
}
