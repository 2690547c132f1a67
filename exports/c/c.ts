/**
 * A program as one C header: C99, and C++ from 2011. It takes the encoded numbers, allocates nothing, keeps nothing between
 * calls, and needs of libm expf and tanhf at most.
 */
import { range } from '../../core/port/ndarray.js'
import type { Code } from '../../data/codes.js'
import { featuresOf } from '../../data/codes.js'
import { answerCode } from './answers.js'
import { libmOf, outputCode } from './code.js'
import type { CLayout, CTable } from './layout.js'
import { layoutOf, tablesOf } from './layout.js'
import { endsOf, floatOf, inComment, wrapped } from './text.js'
import type { Program } from '../program.js'
import { usedInputs } from '../program.js'
import type { ExportedFile, Precision, WriterOptions } from '../writer.js'
import { identifierOf } from '../writer.js'

type Lines = readonly string[]

/** What a network takes on a small machine, in bytes. */
export interface CBytes {
  /** Of all tables; code comes on top. */
  readonly flash: number
  /** Of the state and the outputs while a row is computed; the row, a few variables and return addresses come on top. */
  readonly ram: number
}

/** A part of what is kept while a row is computed. */
interface Part {
  readonly field: string
  readonly floats: number
  readonly says: string
}

const stateOf = ({ program: { hidden, outputs }, copied }: CLayout): readonly Part[] => {
  const [inputs, receivers] = [copied.length, hidden.length + outputs.length]
  return [
    { field: `input[${inputs}]`, floats: inputs, says: 'messages of the inputs that are used' },
    { field: `sum[${receivers}]`, floats: receivers, says: 'by receiver: its bias and what inputs give it' },
    {
      ...{ field: `message[2][${hidden.length}]`, floats: 2 * hidden.length },
      says: 'messages of hidden neurons, and those of the step after'
    }
  ].filter(({ floats }) => floats > 0)
}

const FLOAT = 4
const sizes: Readonly<Record<CTable['type'], number>> = {
  float: FLOAT,
  int8_t: 1,
  uint8_t: 1,
  uint16_t: 2,
  uint32_t: 4
}

const bytesOf = (l: CLayout): CBytes => ({
  flash: tablesOf(l).reduce((sum, { type, values }) => sum + sizes[type] * values.length, 0),
  ram: FLOAT * stateOf(l).reduce((sum, { floats }) => sum + floats, l.program.outputs.length)
})

/** What the header of a program takes, in bytes: what stands in its comment. */
export const bytesOfC = (program: Program, precision: Precision): CBytes => bytesOf(layoutOf(program, precision))

/** What the features of a column are, one by one, as encoded numbers. */
const meaningsOf = (code: Code): Lines => {
  const filled = code.as === 'words' ? '' : `; ${code.fill} where missing`
  const values = featuresOf(code).length - (code.marked ? 1 : 0)
  const first: Readonly<Record<Code['as'], string>> = {
    number: `a number${filled}`,
    date: `days since 1970-01-01, UTC${filled}`,
    'yes/no': `1 or 0${filled}`,
    words: '1 or 0'
  }
  const others = code.as === 'words' ? first.words : '-1 to 1, of the days'
  return [first[code.as], ...range(values - 1).map(() => others), ...(code.marked ? ['1 or 0'] : [])]
}

/** An enumeration of positions, each with the name that it stands for. */
const positions = (begin: string, names: Lines, otherwise: string, says: (i: number) => string): Lines => {
  const ends = endsOf(names, otherwise)
  const last = names.length - 1
  return [
    'enum {',
    ...names.map((name, i) => `  ${begin}${ends[i]} = ${i}${i < last ? ',' : ''} /* ${inComment(name)}${says(i)} */`),
    '};',
    ''
  ]
}

const inputPositions = (n: string, { inputs, table, ...p }: Program): Lines => {
  const used = new Set(usedInputs({ inputs, ...p }))
  const meanings = table?.encoding.flatMap(meaningsOf)
  const says = (i: number): string => `${meanings ? `: ${meanings[i]}` : ''}${used.has(i) ? '' : '; never read'}`
  const names = inputs.map(input => input.name)
  return ['/* Where the numbers stand in x. */', ...positions(`${n}_IN_`, names, 'input', says)]
}

const outputPositions = (n: string, { outputs }: Program): Lines => {
  const names = outputs.map(output => output.name)
  return ['/* Where the outputs stand. */', ...positions(`${n}_OUT_`, names, 'output', () => '')]
}

const tableText = (n: string, { name, type, values, says }: CTable): Lines => [
  `/* ${says} */`,
  `static const ${type} ${n}_${name}[${values.length}] = {`,
  ...wrapped(values.map(type === 'float' ? floatOf : String)),
  '};',
  ''
]

/** What there is to call, each with what it does. */
const answers = (n: string, kind: Program['kind']): Lines => {
  const outputs = `${n}_outputs(x, z): the outputs z, before they are made`
  switch (kind) {
    case 'classes':
      return [
        `${n}_predict(x): the position of the class of a row x`,
        `${n}_probabilities(x, p): the probability p of each class`,
        `${outputs} probabilities`
      ]
    case 'labels':
      return [
        `${n}_predict(x, labels): 1 or 0 for each label of a row x`,
        `${n}_probabilities(x, p): the probability p of each label`,
        `${outputs} probabilities`
      ]
    case 'numbers':
      return [`${n}_predict(x, values): the numbers of a row x in their own units`, `${outputs} those`]
  }
}

const missing: Readonly<Record<Program['kind'], string>> = {
  classes: 'the class is -1 then',
  labels: 'such a label is -1',
  numbers: 'such a number is NaN'
}

const comment = (n: string, l: CLayout): Lines => {
  const { inputs, hidden, outputs, synapses, steps, activation, kind, table } = l.program
  const { flash, ram } = bytesOf(l)
  const libm = libmOf(l).join(' and ')
  const weights = { float32: 'Float32', int8: '8 bits', int4: '4 bits' }[l.precision]
  return [
    `${n}: a neural network, made by sagp. ${synapses.length} synapses (${weights}), ${inputs.length} inputs,`,
    `${hidden.length} hidden neurons, ${outputs.length} outputs (${kind}), ${steps} steps, activation ${activation}.`,
    '',
    ...answers(n, kind),
    '',
    `x holds ${inputs.length} ${table ? 'encoded numbers' : 'numbers'} as listed below, in their own units: nothing is to be scaled.`,
    `Flash: ${flash} bytes of tables, code on top. RAM: ${ram} bytes on the stack, x (${FLOAT * inputs.length} bytes) on top;`,
    `${n}_outputs_in takes ${ram - FLOAT * outputs.length} of them, the state, from elsewhere.`,
    `Of libm: ${libm || 'nothing'}. Nothing is allocated or kept between calls: threads may call it together.`,
    `A NaN in x makes NaN of each output that it has a path to: ${missing[kind]} (not under -ffast-math).`
  ]
}

const inLines = (lines: Lines): Lines => ['/*', ...lines.map(line => ` * ${line}`.trimEnd()), ' */']

const structure = (n: string, l: CLayout): Lines => [
  '/* What is kept while a row is computed. */',
  'typedef struct {',
  ...stateOf(l).map(({ field, says }) => `  float ${field}; /* ${says} */`),
  `} ${n}_state;`,
  ''
]

/** Sizes as constants, for arrays of whoever calls. */
const constants = (n: string, { program: { inputs, hidden, outputs } }: CLayout): Lines => [
  'enum {',
  `  ${n}_INPUTS = ${inputs.length},`,
  `  ${n}_HIDDEN = ${hidden.length},`,
  `  ${n}_OUTPUTS = ${outputs.length},`,
  `  ${n}_RECEIVERS = ${hidden.length + outputs.length}`,
  '};',
  ''
]

/**
 * A program as the header NAME.h. Weights of 8 or 4 bits lose least of `programOf(net, { inputs: false })`.
 * @throws FailureError if one of its numbers is beyond what Float32 holds
 */
export const writeC = (
  program: Program,
  { name, precision = 'float32' }: WriterOptions & { readonly precision?: Precision }
): readonly ExportedFile[] => {
  const n = identifierOf(name)
  const layout = layoutOf(program, precision)
  const lines = [
    ...inLines(comment(n, layout)),
    `#ifndef SAGP_${n}_H`,
    `#define SAGP_${n}_H`,
    '',
    ...(libmOf(layout).length > 0 ? ['#include <math.h>'] : []),
    '#include <stddef.h>',
    '#include <stdint.h>',
    '',
    ...constants(n, layout),
    ...inputPositions(n, program),
    ...outputPositions(n, program),
    ...tablesOf(layout).flatMap(table => tableText(n, table)),
    ...structure(n, layout),
    ...outputCode(n, layout),
    ...answerCode(n, layout),
    '',
    '#endif',
    ''
  ]
  return [{ name: `${n}.h`, content: lines.join('\n') }]
}
