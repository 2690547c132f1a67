/** What a C header holds of a program: its tables with their types, what it keeps while it computes, and both in bytes. */
import { range } from '../../core/port/ndarray.js'
import type { Program, ProgramInput, ProgramSynapse } from '../program.js'
import { usedInputs } from '../program.js'
import { quantise } from '../quantise.js'
import type { Precision } from '../writer.js'

/** A table of constants. */
export interface CTable {
  readonly name: string
  readonly type: 'float' | 'int8_t' | 'uint8_t' | 'uint16_t' | 'uint32_t'
  readonly values: readonly number[]
  /** What it holds, for a comment. */
  readonly says: string
}

/** Numbers that are the same everywhere are one constant; others are a table. */
export type CNumbers = number | CTable

/** Synapses of one kind of sender, by receiver; left out where there are none. */
export interface CSynapses {
  /** How many each receiver has. */
  readonly counts: CTable
  /** By synapse: the number of its sender among those of its kind. */
  readonly senders: CTable
  /** By synapse: its weight, or its level; of 4 bits two to a byte, the first in the lower half, 8 added to each. */
  readonly weights: CTable
}

/** How inputs become what synapses carry: (x - offset) factor + rest. */
export interface CScaling {
  readonly offset: CNumbers
  readonly factor: CNumbers
  /** What the offset loses as Float32, times the factor: 0 wherever that is too small to matter. */
  readonly rest: CNumbers
}

/** What a header holds. */
export interface CLayout {
  readonly program: Program
  readonly precision: Precision
  /** Numbers of inputs that are copied before they are used, because they are scaled or change; none: used as they are. */
  readonly copied: readonly number[]
  /** Their numbers as a table, unless they are all inputs. */
  readonly positions: CTable | undefined
  readonly scaling: CScaling
  readonly biases: CTable
  /** Of each receiver what its levels are multiplied by, if weights are whole numbers. */
  readonly scales: CTable | undefined
  readonly fromInputs: CSynapses | undefined
  readonly fromHidden: CSynapses | undefined
  /** BatchNorm that stands apart, step by step: all neurons of step 1, then those of step 2. */
  readonly norms: { readonly scale: CTable; readonly shift: CTable } | undefined
  /** Of outputs that are numbers: their own units are offset + z * unit. */
  readonly units: { readonly offset: CNumbers; readonly unit: CNumbers } | undefined
}

/** Below this a part of an input does not matter: sums of Float32 round by more. */
const LOST = 2 ** -21

const typeFor = (values: readonly number[]): CTable['type'] => {
  const largest = values.reduce((most, v) => Math.max(most, v), 0)
  return largest < 2 ** 8 ? 'uint8_t' : largest < 2 ** 16 ? 'uint16_t' : 'uint32_t'
}

const whole = (name: string, says: string, values: readonly number[]): CTable => ({
  ...{ name, says, values },
  type: typeFor(values)
})

const floats = (name: string, says: string, values: readonly number[]): CTable => ({
  ...{ name, says },
  type: 'float',
  values: values.map(Math.fround)
})

const numbers = (name: string, says: string, values: readonly number[]): CNumbers => {
  const table = floats(name, says, values)
  const [first = 0] = table.values
  return table.values.every(v => v === first) ? first : table
}

/** Levels of 4 bits, two to a byte. */
const packed = (levels: readonly number[]): readonly number[] =>
  range(Math.ceil(levels.length / 2)).map(k => {
    const [low = 0, high = 0] = levels.slice(2 * k, 2 * k + 2)
    return low + 8 + 16 * (high + 8)
  })

/** A synapse with its weight as a whole number, and its sender's number among those of its kind. */
interface Levelled extends ProgramSynapse {
  readonly level: number
}

const weightsOf = (name: string, own: readonly Levelled[], precision: Precision): CTable => {
  const levels = own.map(s => s.level)
  switch (precision) {
    case 'float32':
      return floats(
        name,
        'and its weight',
        own.map(s => s.weight)
      )
    case 'int8':
      return { name, says: 'and the level of its weight', type: 'int8_t', values: levels }
    case 'int4': {
      const says = 'and the level of its weight, plus 8, two to a byte, the first in the lower half'
      return { name, says, type: 'uint8_t', values: packed(levels) }
    }
  }
}

const synapsesOf = (
  { inputs, hidden, outputs }: Program,
  kind: 'inputs' | 'hidden',
  own: readonly Levelled[],
  precision: Precision
): CSynapses | undefined => {
  if (own.length === 0) return undefined
  const counts = range(hidden.length + outputs.length).map(() => 0)
  for (const { to } of own) counts[to - inputs.length] = (counts[to - inputs.length] as number) + 1
  const senders = own.map(s => s.from)
  const from = kind === 'inputs' ? 'inputs' : 'hidden neurons'
  return {
    counts: whole(`${kind}_counts`, `by receiver, hidden neurons first: how many synapses come from ${from}`, counts),
    senders: whole(`${kind}_senders`, 'by synapse: where it comes from', senders),
    weights: weightsOf(`${kind}_weights`, own, precision)
  }
}

const scalingOf = ({ inputs }: Program, used: readonly number[]): CScaling => {
  const own = used.map(i => inputs[i] as ProgramInput)
  const [offsets, factors] = [own.map(i => i.offset), own.map(i => i.factor)]
  const rests = own.map(({ offset, factor }) => (Math.fround(offset) - offset) * factor)
  const matters = rests.some(rest => Math.abs(rest) >= LOST)
  return {
    offset: numbers('offsets', 'by input that is used: what is subtracted from it', offsets),
    factor: numbers('factors', 'and what that is multiplied by', factors),
    rest: numbers(
      'rests',
      'and what is added then: the part of the offset that a float cannot hold',
      matters ? rests : []
    )
  }
}

const normsOf = ({ hidden, steps }: Program): CLayout['norms'] => {
  if (steps === 1 || hidden.every(({ norms }) => norms === undefined)) return undefined
  const all = range(steps - 1).flatMap(step => hidden.map(({ norms }) => norms?.[step] ?? { scale: 1, shift: 0 }))
  const [scales, shifts] = [all.map(norm => norm.scale), all.map(norm => norm.shift)]
  return {
    scale: floats('norm_scales', 'step by step, by hidden neuron: what its sum is multiplied by', scales),
    shift: floats('norm_shifts', 'and what is added then', shifts)
  }
}

const unitsOf = ({ kind, outputs }: Program): CLayout['units'] => {
  if (kind !== 'numbers') return undefined
  const units = outputs.map(({ factor }) => (factor === 0 ? 0 : 1 / factor))
  const offsets = outputs.map(output => output.offset)
  return {
    offset: numbers('output_offsets', 'by output: what it is at z = 0', offsets),
    unit: numbers('output_units', 'and what a difference of 1 in z is worth', units)
  }
}

/** What the header of a program holds; whole numbers for weights are made of them here. */
export const layoutOf = (program: Program, precision: Precision): CLayout => {
  const { inputs, hidden, outputs, synapses, clampedInputs } = program
  const quantised = precision === 'float32' ? undefined : quantise(program, precision)
  const used = usedInputs(program)
  const scaling = scalingOf(program, used)
  const isPlain = clampedInputs && scaling.offset === 0 && scaling.factor === 1
  const copied = isPlain ? [] : used
  const place = new Map(copied.map((i, k) => [i, k]))
  const levelled = synapses.map((s, k) => ({ ...s, level: quantised?.levels[k] ?? 0 }))
  const fromInputs = levelled.flatMap(s =>
    s.from < inputs.length ? [{ ...s, from: place.get(s.from) ?? s.from }] : []
  )
  const fromHidden = levelled.flatMap(s => (s.from < inputs.length ? [] : [{ ...s, from: s.from - inputs.length }]))
  const biases = [...hidden, ...outputs].map(neuron => neuron.bias)
  const isPart = copied.length > 0 && copied.length < inputs.length
  return {
    ...{ program, precision, copied, scaling },
    positions: isPart ? whole('positions', 'by input that is used: its place in x', copied) : undefined,
    biases: floats('biases', 'by receiver, hidden neurons first: its bias', biases),
    scales: quantised && floats('scales', 'and what its levels are multiplied by', Array.from(quantised.scales)),
    fromInputs: synapsesOf(program, 'inputs', fromInputs, precision),
    fromHidden: synapsesOf(program, 'hidden', fromHidden, precision),
    norms: normsOf(program),
    units: unitsOf(program)
  }
}

const isTable = (t: CNumbers | undefined): t is CTable => typeof t === 'object'

/** All tables of a header. */
export const tablesOf = (l: CLayout): readonly CTable[] =>
  [
    ...[l.positions, l.scaling.offset, l.scaling.factor, l.scaling.rest],
    ...[l.biases, l.scales],
    ...[l.fromInputs, l.fromHidden].flatMap(s => (s ? [s.counts, s.senders, s.weights] : [])),
    ...[l.norms?.scale, l.norms?.shift, l.units?.offset, l.units?.unit]
  ].filter(isTable)
