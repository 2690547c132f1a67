/** A small program as arithmetic: plain text that can be evaluated, and LaTeX. */
import { failure, FailureError } from '../../core/port/failure.js'
import { equationsOf } from './terms.js'
import { latexOf } from './latex.js'
import { textOf } from './text.js'
import type { Program } from '../program.js'
import type { ExportedFile, WriterOptions } from '../writer.js'
import { identifierOf } from '../writer.js'

/** Most synapses of a formula that somebody may want to read. */
const MOST_SYNAPSES = 40

/**
 * NAME.txt and NAME.tex: what a network computes from its encoded numbers, a line for each neuron and step that an output
 * needs, then classes' or labels' probabilities or numbers in their units. The text is made of assignments in + - * / and
 * exp, tanh, max, with legends behind #, which Python, R and Julia evaluate; the LaTeX is a fragment for amsmath. Weights and
 * biases have 9 significant digits, which tell Float32 numbers apart; all else has all of its digits.
 * @throws FailureError if the program has more than 40 synapses
 */
export const writeFormula = (p: Program, { name }: WriterOptions): readonly ExportedFile[] => {
  const { length } = p.synapses
  if (length > MOST_SYNAPSES) {
    const what = `${length} synapses are no formula to read: at most ${MOST_SYNAPSES} are written as one`
    throw new FailureError(failure('usage', name, what, `Train a smaller network: --target-synapses ${MOST_SYNAPSES}`))
  }
  const equations = equationsOf(p)
  return [
    { name: `${identifierOf(name)}.txt`, content: textOf(p, equations) },
    { name: `${identifierOf(name)}.tex`, content: latexOf(p, equations) }
  ]
}
