/** The types of a module of JavaScript, with what they mean. */
import type { Code } from '../../data/codes.js'
import { commented, quoted, quotedList } from './text.js'
import type { Program } from '../program.js'

const comment = (...said: readonly string[]): string =>
  said.length === 1 ? `/** ${said[0]} */` : ['/**', ...said.map(line => ` * ${line}`.trimEnd()), ' */'].join('\n')

const answerTypes = (p: Program): string => {
  const order = 'in the order of `outputs`'
  const names = quotedList(p.outputs.map(({ name }) => name))
  const fields = {
    classes: [
      comment(
        p.threshold === undefined
          ? 'The likeliest class.'
          : `The second class where its probability is at least ${p.threshold}, else the first.`
      ),
      'readonly class: (typeof outputs)[number]',
      comment('Its place among `outputs`.'),
      'readonly index: number',
      comment(`The probability of each class, ${order}.`),
      'readonly probabilities: readonly number[]'
    ],
    labels: [
      comment(`The labels of which the probability is at least ${p.threshold ?? 0.5}.`),
      'readonly labels: readonly (typeof outputs)[number][]',
      comment(`Whether each label is among them, ${order}.`),
      'readonly given: readonly boolean[]',
      comment(`The probability of each label, ${order}.`),
      'readonly probabilities: readonly number[]'
    ],
    numbers: [comment(`The numbers in their own units, ${order}.`), 'readonly values: readonly number[]']
  }[p.kind]
  const what = {
    classes: 'The classes: probabilities stand in their order.',
    labels: 'The labels: probabilities stand in their order.',
    numbers: 'What the numbers are called, in their order.'
  }[p.kind]
  return `${comment(what)}
export declare const outputs: readonly ${names}

${comment('What is predicted of a row.')}
export interface Answer {
  ${fields.join('\n  ')}
}`
}

/** What may stand in the cells of a column, and in words what they are. */
const cellOf = (code: Code): readonly [type: string, what: string] => {
  switch (code.as) {
    case 'number':
      return ['number | bigint | string', 'A number, or one as the table writes it.']
    case 'date':
      return ['Date | string', `A date: ${commented(code.format)}, or a Date.`]
    case 'yes/no':
      return ['boolean | number | string', 'Yes or no: true or false, 1 or 0, or such words.']
    case 'words':
      return [
        'string | number | bigint | boolean',
        `One of ${code.words.length} words; another one is as none of them.`
      ]
  }
}

const rowTypes = (encoding: readonly Code[]): string => {
  const columns = encoding.map(code => {
    const [type, what] = cellOf(code)
    return `  ${comment(what)}\n  readonly ${quoted(code.column)}?: ${type} | null | undefined`
  })
  return `
${comment(
  'A row of the table: cells by the names of columns, which are its own properties. What is left out, null, an empty',
  'text, NaN, or a mark of the table for it is missing. Other columns are ignored.'
)}
export interface Row {
${columns.join('\n')}
}

${comment(
  'What is predicted of a row of the table.',
  '@throws RangeError if a cell is nonsense: it names the column and the cell',
  '@throws TypeError if the row has none of the columns'
)}
export declare const predictRow: (row: Row) => Answer

${comment('The numbers that the network takes of a row of the table, in the order of `inputs`.', '@throws as `predictRow`')}
export declare const encode: (row: Row) => Float64Array
`
}

/** The text of NAME.d.ts. */
export const typesOf = (p: Program, own: string): string => `${comment(
  `${own}: a network of ${p.synapses.length} synapses, without dependencies, for Node and browsers.`,
  '@module'
)}

${comment(
  p.table
    ? 'The numbers that `predict` takes, in order; `predictRow` makes them of a row.'
    : 'The numbers that `predict` takes, in order, each in its own unit:',
  '',
  ...p.inputs.map(({ name }, i) => `${i}: ${commented(name)}`)
)}
export declare const inputs: readonly string[]

${answerTypes(p)}

${comment(
  `What is predicted of the ${p.inputs.length} numbers of a row, in the order of \`inputs\`.`,
  '@throws RangeError if there are more or fewer, or one is not a finite number, or too far from those of the training rows'
)}
export declare const predict: (row: ArrayLike<number>) => Answer

${comment(
  `The ${p.outputs.length} outputs of a row before they are made probabilities or numbers: for loops that need no more.`,
  '@param z where they are written: no memory is taken then',
  '@throws RangeError as `predict`, but for outputs that are not finite'
)}
export declare const compute: (row: ArrayLike<number>, z?: Float64Array) => Float64Array
${p.table ? rowTypes(p.table.encoding) : ''}`
