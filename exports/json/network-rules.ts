/** What must hold of a program beyond the kinds of its fields: whoever computes it may then trust all of its numbers. */
import { shown } from '../../core/port/checks.js'
import type { Code } from '../../data/codes.js'
import { featuresOf } from '../../data/codes.js'
import { ISO } from '../../data/dates.js'
import type { Program } from '../program.js'

/** What is wrong, and how to mend it. */
export type Fault = readonly [what: string, cure: string]

/** The first text that stands twice, if any does. */
const repeated = <A extends string | number>(values: readonly A[]): A | undefined => {
  const met = new Set<A>()
  return values.find(value => met.size === met.add(value).size)
}

const ends = ({ kind, targets, threshold, inputs, outputs, table }: Program): Fault | undefined => {
  if (inputs.length === 0 || outputs.length === 0)
    return [`it has no ${inputs.length === 0 ? 'inputs' : 'outputs'}`, 'Give at least one']
  const alike = table ? undefined : repeated(inputs.map(({ name }) => name))
  if (alike !== undefined) return [`two inputs are called ${shown(alike)}`, 'Give each input its own name']
  if (kind === 'classes') {
    const twice = repeated(outputs.map(({ name }) => name))
    if (twice !== undefined) return [`two classes are called ${shown(twice)}`, 'Give each class its own name']
    if (targets.length !== 1)
      return [`${targets.length} targets have the classes`, 'Name the one column of the classes']
  }
  if (kind !== 'numbers') {
    const odd = outputs.findIndex(({ offset, factor }) => offset !== 0 || factor !== 1)
    if (odd >= 0) return [`outputs.${odd} has an offset or a factor`, `Leave them out: ${kind} have none`]
  }
  return threshold === undefined || kind === 'labels' || (kind === 'classes' && outputs.length === 2)
    ? undefined
    : [`a threshold decides nothing among ${outputs.length} ${kind}`, 'Leave it out']
}

const neurons = ({ steps, hidden }: Program): Fault | undefined => {
  const odd = hidden.findIndex(({ norms }) => norms !== undefined && norms.length !== steps - 1)
  if (odd >= 0)
    return [
      `hidden.${odd} has ${hidden[odd]?.norms?.length} numbers in scale and shift, not ${steps - 1}`,
      'Give one for each step but the last'
    ]
  const twice = repeated(hidden.map(({ id }) => id))
  return twice === undefined ? undefined : [`two hidden neurons have the id ${twice}`, 'Give each its own']
}

const wiring = ({ inputs, hidden, outputs, synapses }: Program): Fault | undefined => {
  const [first, firstOutput] = [inputs.length, inputs.length + hidden.length]
  const end = firstOutput + outputs.length
  let [receiver, sender] = [-1, -1]
  for (const [k, { from, to }] of synapses.entries()) {
    if (from >= firstOutput)
      return [`synapses.from.${k} is ${from}, no input or hidden neuron`, `Give a number below ${firstOutput}`]
    if (to < first || to >= end)
      return [`synapses.to.${k} is ${to}, no hidden neuron or output`, `Give a number from ${first} to ${end - 1}`]
    if (to === receiver && from === sender)
      return [`the synapse from ${from} to ${to} stands twice`, 'Leave one of them out']
    if (to < receiver || (to === receiver && from < sender))
      return [`synapse ${k}, from ${from} to ${to}, is out of order`, 'Order them by to, then by from']
    ;[receiver, sender] = [to, from]
  }
  return undefined
}

/** Whether a format of dates is a pattern that is read in time: each letter once, at most four in a row, single blanks. */
const isQuick = (format: string): boolean => {
  const runs = format.match(/Y+|M+|D+|H+|m+|s+|A|Z/g) ?? []
  return (
    !/ {2}/.test(format) && runs.every(run => run.length <= 4) && repeated(runs.map(run => run.charAt(0))) === undefined
  )
}

/** Whether a format names year, month and day. */
const isFormat = (format: string): boolean => [/YY/, /M/, /D/].every(part => part.test(format))

const codeFault = (code: Code, k: number): Fault | undefined => {
  const place = `table.encoding.${k}`
  if (code.as === 'words') {
    const twice = repeated(code.words)
    if (twice !== undefined) return [`${place} has the word ${shown(twice)} twice`, 'Leave one of them out']
  }
  if (code.as === 'number' && code.format !== undefined) {
    const { decimal, group, unit } = code.format
    if (decimal === group)
      return [`${place} has ${shown(group)} before decimals and between thousands`, 'Tell them apart']
    if (/\d/.test(unit)) return [`${place} has digits in its unit ${shown(unit)}`, 'Name a unit, or leave it empty']
  }
  return code.as !== 'date' || code.format === ISO || (isQuick(code.format) && isFormat(code.format))
    ? undefined
    : [`${place}: ${shown(code.format)} is no format of dates`, 'Name year, month and day once each, as in DD/MM/YYYY']
}

const columns = ({ inputs, table }: Program): Fault | undefined => {
  if (!table) return undefined
  let next = 0
  for (const [k, code] of table.encoding.entries()) {
    const fault = codeFault(code, k)
    if (fault) return fault
    for (const name of featuresOf(code)) {
      const input = inputs[next]
      if (input === undefined) return [`the columns of its table make more than its ${next} inputs`, 'Give as many']
      if (input.name !== name)
        return [`inputs.${next} is called ${shown(input.name)}, the table makes ${shown(name)}`, 'Give it that name']
      next += 1
    }
  }
  return next === inputs.length
    ? undefined
    : [`the columns of its table make ${next} inputs, not ${inputs.length}`, 'Give as many']
}

/** The first of what is wrong with a program whose fields are each of their kind, if anything is. */
export const programFault = (p: Program): Fault | undefined => ends(p) ?? neurons(p) ?? wiring(p) ?? columns(p)
