/** The neurons of a program one by one: what pictures and tables of its topology share. */
import type { Affine, Program } from '../program.js'

/** A neuron as a row of a table. */
export interface NeuronRow {
  /** As synapses name it: inputs first, then hidden neurons, then outputs. */
  readonly number: number
  readonly kind: 'input' | 'hidden' | 'output'
  /** Of inputs and outputs their own, of hidden neurons `hidden` and the birth number. */
  readonly name: string
  /** The birth number of a hidden neuron. */
  readonly id?: number
  /** Of those that sum. */
  readonly bias?: number
  /** Synapses that end here. */
  readonly inDegree: number
  /** Synapses that begin here. */
  readonly outDegree: number
  /** What stands before an input, or after an output: see `ProgramInput` and `ProgramOutput`. */
  readonly offset?: number
  readonly factor?: number
  /** Of a hidden neuron with BatchNorm of its own, one for each step but the last. */
  readonly norms?: readonly Affine[] | undefined
}

/** All neurons of a program by number, inputs that it never uses too. */
export const neuronsOf = (program: Program): readonly NeuronRow[] => {
  const { inputs, hidden, outputs, synapses } = program
  const degrees = (end: 'from' | 'to'): Uint32Array => {
    const counts = new Uint32Array(inputs.length + hidden.length + outputs.length)
    for (const synapse of synapses) counts[synapse[end]] = (counts[synapse[end]] as number) + 1
    return counts
  }
  const [entering, leaving] = [degrees('to'), degrees('from')]
  const own = [
    ...inputs.map(({ name, offset, factor }) => ({ kind: 'input' as const, name, offset, factor })),
    ...hidden.map(({ id, bias, norms }) => ({ kind: 'hidden' as const, name: `hidden ${id}`, id, bias, norms })),
    ...outputs.map(output => ({ kind: 'output' as const, ...output }))
  ]
  return own.map((neuron, number) => ({
    number,
    inDegree: entering[number] as number,
    outDegree: leaving[number] as number,
    ...neuron
  }))
}

/** The neurons that a picture shows: all but inputs that are never used. */
export const shownNeurons = (program: Program): readonly NeuronRow[] =>
  neuronsOf(program).filter(({ kind, outDegree }) => kind !== 'input' || outDegree > 0)
