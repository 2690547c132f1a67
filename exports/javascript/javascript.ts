/** A program as an ES module without dependencies, for Node and browsers, and its types. */
import { networkCode } from './network.js'
import { rowCode } from './row.js'
import { numeral, numeralList, quotedList } from './text.js'
import { typesOf } from './types.js'
import type { Program } from '../program.js'
import type { ExportedFile, Precision, WriterOptions } from '../writer.js'
import { identifierOf } from '../writer.js'

const answerCode = `
// The outputs of a row, if they are finite.
const answered = new Float64Array(OUTPUTS)
const answer = row => {
  const z = compute(row, answered)
  for (let j = 0; j < OUTPUTS; j++)
    if (!Number.isFinite(z[j])) throw new RangeError('the row is too far from those that the network was trained on')
  return z
}
`

const classesCode = (threshold: number | undefined): string => `
/** The class of a row, its place among outputs, and the probability of each of them. */
export const predict = row => {
  const z = answer(row)
  let top = 0
  for (let j = 1; j < OUTPUTS; j++) if (z[j] > z[top]) top = j
  const probabilities = []
  let all = 0
  for (let j = 0; j < OUTPUTS; j++) all += probabilities[j] = Math.exp(z[j] - z[top])
  for (let j = 0; j < OUTPUTS; j++) probabilities[j] /= all
  const index = ${threshold === undefined ? 'top' : `probabilities[1] >= ${numeral(threshold)} ? 1 : 0`}
  return { class: outputs[index], index, probabilities }
}
`

const labelsCode = (threshold: number): string => `
/** The labels of a row, whether each of outputs is one of them, and the probability of each. */
export const predict = row => {
  const probabilities = Array.from(answer(row), z => 1 / (1 + Math.exp(-z)))
  const given = probabilities.map(p => p >= ${numeral(threshold)})
  return { labels: outputs.filter((_, j) => given[j]), given, probabilities }
}
`

const numbersCode = ({ outputs }: Program): string => `
// A number is offset + z / factor; where factor is 0, it never varied.
const offsets = ${numeralList(outputs.map(({ offset }) => offset))}
const factors = ${numeralList(outputs.map(({ factor }) => factor))}
/** The numbers of a row, in the order of outputs. */
export const predict = row => {
  const z = answer(row)
  return { values: Array.from(z, (value, j) => offsets[j] + (factors[j] === 0 ? 0 : value / factors[j])) }
}
`

const predictCode = (p: Program): string => {
  switch (p.kind) {
    case 'classes':
      return classesCode(p.threshold)
    case 'labels':
      return labelsCode(p.threshold ?? 0.5)
    case 'numbers':
      return numbersCode(p)
  }
}

/**
 * NAME.js and NAME.d.ts. The module gives `predict` for the numbers of a row, `compute` for its outputs alone, written to an
 * array of the caller's, and `predictRow` and `encode` for rows of a table. With weights of few bits, give a program whose
 * standardisation is apart: see `quantise`.
 */
export const writeJavaScript = (
  program: Program,
  { name, precision = 'float32' }: WriterOptions & { readonly precision?: Precision }
): readonly ExportedFile[] => {
  const own = identifierOf(name)
  const { inputs, outputs, synapses, table } = program
  const code = [
    `// ${own}: a network of ${synapses.length} synapses from ${inputs.length} numbers to ${outputs.length} outputs, written by sagp.`,
    `// What it gives is told in ${own}.d.ts.`,
    `export const inputs = ${quotedList(inputs.map(input => input.name))}`,
    `export const outputs = ${quotedList(outputs.map(output => output.name))}`,
    networkCode(program, precision),
    answerCode,
    predictCode(program),
    table ? rowCode(table) : ''
  ].join('\n')
  return [
    { name: `${own}.js`, content: code },
    { name: `${own}.d.ts`, content: typesOf(program, own) }
  ]
}
