/**
 * What paths through a program multiply by. A path of k synapses ends at an output in the last step, L; so its last synapse
 * is read in step L, the one before in step L - 1, and so on. Where BatchNorm stands apart a neuron's sum is scaled after
 * each step by another number: a synapse counts with it, so that paths are the same whether or not it is folded.
 */
import type { Program, ProgramSynapse } from '../program.js'

/** The synapses that paths use in a step, 1 .. L: those into outputs in the last, into hidden neurons before; with their receivers' scale. */
export const gainsOf = (p: Program, step: number): readonly ProgramSynapse[] => {
  const [first, firstOutput] = [p.inputs.length, p.inputs.length + p.hidden.length]
  if (step === p.steps) return p.synapses.filter(({ to }) => to >= firstOutput)
  return p.synapses.flatMap(({ from, to, weight }) => {
    if (to >= firstOutput) return []
    return [{ from, to, weight: weight * (p.hidden[to - first]?.norms?.[step - 1]?.scale ?? 1) }]
  })
}
