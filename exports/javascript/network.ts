/** The code by which a module of JavaScript computes its network: constants, how they are unpacked, and `compute`. */
import type { Activation } from '../../core/port/activation.js'
import { range } from '../../core/port/ndarray.js'
import { compute } from '../compute.js'
import { generatedRows } from '../make-program.js'
import { base64, base64Bytes, base64Floats, base64Nibbles, packedPlaces } from './packed.js'
import type { Affine, Program, ProgramInput } from '../program.js'
import type { Quantised } from '../quantise.js'
import { quantise } from '../quantise.js'
import type { Precision } from '../writer.js'

/** Each activation of x; e^-x may be infinite: what is divided by it is then 0. */
const activationCode: Readonly<Record<Activation, string>> = {
  swish: 'x / (1 + Math.exp(-x))',
  identity: 'x',
  relu: 'Math.max(x, 0)',
  tanh: 'Math.tanh(x)',
  gelu: '0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))',
  sigmoid: '1 / (1 + Math.exp(-x))'
}

/** Lines of code; those that a network does not need are false. */
export const lines = (...parts: readonly (string | false)[]): string => parts.filter(part => part !== false).join('\n')

const none: Affine = { scale: 1, shift: 0 }

/** Largest difference of outputs that offsets and factors in Float32 may make, as a share of the largest output. */
const CLOSE = 1e-6

/** Bytes that offsets and factors of inputs need: 4 where Float32 keeps to the outputs of generated rows. */
const bytesOf = (p: Program): 4 | 8 => {
  const inputs = p.inputs.map(({ name, offset, factor }) => ({
    name,
    offset: Math.fround(offset),
    factor: Math.fround(factor)
  }))
  const rows = generatedRows(p.inputs)
  const [exact, near] = [compute(p, rows).data, compute({ ...p, inputs }, rows).data]
  const size = Array.from(exact).reduce((most, z) => Math.max(most, Math.abs(z)), 0)
  return exact.every((z: number, k: number) => Math.abs(z - (near[k] as number)) <= CLOSE * size) ? 4 : 8
}

/** What of a program has an effect on how it is computed. */
interface Shape {
  readonly clamped: boolean
  /** Whether inputs are standardised before all else. */
  readonly apart: boolean
  readonly norms: boolean
  readonly loops: boolean
  readonly hidden: boolean
  readonly steps: number
}

const shapeOf = (p: Program): Shape => ({
  clamped: p.clampedInputs || p.steps === 1,
  apart: p.inputs.some(({ offset, factor }) => offset !== 0 || factor !== 1),
  norms: p.hidden.some(({ norms }) => norms !== undefined),
  loops: p.outputLoops && p.steps > 1,
  hidden: p.hidden.length > 0 && p.steps > 1,
  steps: p.steps
})

const decoding = `
// Bytes as base64, and the little-endian numbers of 4 or 8 bytes in them.
const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0))
const floats = (text, size) => {
  const view = new DataView(bytes(text).buffer)
  const number = k => (size === 4 ? view.getFloat32(4 * k, true) : view.getFloat64(8 * k, true))
  return Float64Array.from({ length: view.byteLength / size }, (_, k) => number(k))
}
`

/** Weights, or what they are made of once the receivers are known. */
const weightsCode = (p: Program, precision: Precision, quantised: Quantised | undefined): string => {
  if (!quantised) {
    const weights = p.synapses.map(s => s.weight)
    return `const weight = floats('${base64Floats(weights, 4)}', 4)`
  }
  const { levels, scales } = quantised
  return lines(
    '// A weight is its level times the scale of its receiver.',
    precision === 'int8' && `const level = new Int8Array(bytes('${base64Bytes(levels)}').buffer)`,
    precision === 'int4' && '// Two levels to a byte, 8 more than each is, the first of them in the lower four bits.',
    precision === 'int4' && `const pairs = bytes('${base64Nibbles(levels)}')`,
    precision === 'int4' && 'const levelIn = (_, k) => ((pairs[k >> 1] >> (4 * (k % 2))) & 15) - 8',
    precision === 'int4' && `const level = Int8Array.from({ length: ${levels.length} }, levelIn)`,
    `const scale = floats('${base64Floats([...scales], 4)}', 4)`,
    'const weight = new Float64Array(level.length)'
  )
}

const placesCode = (p: Program, isQuantised: boolean): string => {
  const { bits, unit } = packedPlaces(p)
  return `
// The synapses of receiver j, hidden neurons first, are start[j] .. start[j + 1], those from hidden neurons middle[j] on.
// Each has a place, its receiver times the number of senders plus its sender. Told is how many places are left out before
// it, as a Rice code: units of ${unit} as so many 1, a 0, then the rest from its lowest bit on.
const from = new Uint32Array(weight.length)
const start = new Uint32Array(HIDDEN + OUTPUTS + 1)
const middle = new Uint32Array(HIDDEN + OUTPUTS)
const code = bytes('${base64(bits)}')
let at = 0
const bit = () => (code[at >> 3] >> (at++ & 7)) & 1
for (let k = 0, place = 0; k < weight.length; k++, place++) {
  while (bit()) place += ${unit}
  for (let unit = 1; unit < ${unit}; unit *= 2) place += unit * bit()
  const j = Math.floor(place / (INPUTS + HIDDEN))
  from[k] = place % (INPUTS + HIDDEN)
${isQuantised ? '  weight[k] = Math.fround(level[k] * scale[j])\n' : ''}  if (from[k] < INPUTS) middle[j] = k + 1
  start[j + 1] = k + 1
}
for (let j = 0; j < HIDDEN + OUTPUTS; j++) {
  middle[j] = Math.max(middle[j], start[j])
  start[j + 1] = Math.max(start[j + 1], start[j])
}
`
}

/** The constants of a network, and how they are unpacked. */
const constantsCode = (p: Program, precision: Precision, shape: Shape): string => {
  const quantised = precision === 'float32' ? undefined : quantise(p, precision)
  const size = shape.apart ? bytesOf(quantised?.program ?? p) : 4
  const norms = range(p.steps - 1).flatMap(step => p.hidden.map(neuron => neuron.norms?.[step] ?? none))
  const inputs = (f: (input: ProgramInput) => number): string =>
    `floats('${base64Floats(p.inputs.map(f), size)}', ${size})`
  const affine = (f: (norm: Affine) => number): string => `floats('${base64Floats(norms.map(f), 8)}', 8)`
  return lines(
    `const [INPUTS, HIDDEN, OUTPUTS, STEPS] = [${p.inputs.length}, ${p.hidden.length}, ${p.outputs.length}, ${p.steps}]`,
    decoding,
    shape.apart && '// An input is (number - offset) * factor.',
    shape.apart && `const offset = ${inputs(i => i.offset)}`,
    shape.apart && `const factor = ${inputs(i => i.factor)}`,
    `const bias = floats('${base64Floats(
      [...p.hidden, ...p.outputs].map(n => n.bias),
      4
    )}', 4)`,
    shape.norms && '// What a sum is multiplied by and added to before its activation, step by step.',
    shape.norms && `const gain = ${affine(n => n.scale)}`,
    shape.norms && `const shift = ${affine(n => n.shift)}`,
    weightsCode(p, precision, quantised),
    placesCode(p, quantised !== undefined)
  )
}

/** The code of `compute`: z of a row. */
const computeCode = (p: Program, { clamped, apart, norms, loops, hidden, steps }: Shape): string => {
  const each = (count: string, what: string): string => `for (let j = 0; j < ${count}; j++) ${what}`
  /** A hidden neuron's message by its sum, and by where its gain and shift are. */
  const sent = (sum: string, place: string): string => (norms ? `send(${sum}, ${place})` : `act(${sum})`)
  const first = `${clamped ? 'base[j] = ' : ''}sum(bias[j], start[j], middle[j])`
  const later = clamped ? 'sum(base[j], middle[j], start[j + 1])' : 'sum(bias[j], start[j], start[j + 1])'
  // who hears no hidden neuron says the same in every step
  const kept = clamped && !norms ? 'middle[j] === start[j + 1] ? message[INPUTS + j] : ' : ''
  const output = 'sum(bias[HIDDEN + j], start[HIDDEN + j], start[HIDDEN + j + 1])'
  const activated = 'for (let i = 0; i < INPUTS; i++) message[i] = act(message[i])'
  const between = steps > 2 && (hidden || loops || !clamped)
  return lines(
    'const message = new Float64Array(INPUTS + HIDDEN) // of each sender',
    hidden && clamped && 'const base = new Float64Array(HIDDEN) // bias and what inputs send: the same in every step',
    hidden && 'const next = new Float64Array(HIDDEN)',
    loops && 'const loop = new Float64Array(OUTPUTS) // outputs of the step before',
    'const sum = (s, k, end) => {',
    '  for (; k < end; k++) s += weight[k] * message[from[k]]',
    '  return s',
    '}',
    (hidden || loops || !clamped) && `const act = x => ${activationCode[p.activation]}`,
    norms && 'const send = (s, k) => act(gain[k] * s + shift[k])',
    `
const refuse = (i, number) => {
  const what = String(number) + ' is not a finite number, or too far from those of the training rows'
  throw new RangeError('number ' + i + ' of the row, ' + inputs[i] + ': ' + what)
}

/** The outputs z of a row of numbers, written to z where that is given. */
export const compute = (row, z = new Float64Array(OUTPUTS)) => {
  if (row?.length !== INPUTS) throw new RangeError('a row is ' + INPUTS + ' numbers, not ' + (row?.length ?? typeof row))
  for (let i = 0; i < INPUTS; i++) {
    message[i] = ${apart ? '(row[i] - offset[i]) * factor[i]' : 'row[i]'}
    if (typeof row[i] !== 'number' || !Number.isFinite(message[i])) refuse(i, row[i])
  }`,
    hidden && '  // in step 1 no hidden neuron has sent anything yet',
    hidden && `  ${each('HIDDEN', `message[INPUTS + j] = ${sent(first, 'j')}`)}`,
    loops && `  ${each('OUTPUTS', 'loop[j] = sum(bias[HIDDEN + j], start[HIDDEN + j], middle[HIDDEN + j])')}`,
    between && '  for (let step = 2; step < STEPS; step++) {',
    between && !clamped && `    ${activated}`,
    between && loops && `    ${each('OUTPUTS', `loop[j] = ${output} + act(loop[j])`)}`,
    between && hidden && `    ${each('HIDDEN', `next[j] = ${kept}${sent(later, '(step - 1) * HIDDEN + j')}`)}`,
    between && hidden && '    for (let j = 0; j < HIDDEN; j++) message[INPUTS + j] = next[j]',
    between && '  }',
    !clamped && `  ${activated}`,
    `  ${each('OUTPUTS', `z[j] = ${output}${loops ? ' + act(loop[j])' : ''}`)}`,
    '  return z',
    '}'
  )
}

/** The code of a program with weights of some precision: `compute`, and all that it needs but the names of `inputs`. */
export const networkCode = (p: Program, precision: Precision): string => {
  const shape = shapeOf(p)
  return `${constantsCode(p, precision, shape)}\n${computeCode(p, shape)}`
}
