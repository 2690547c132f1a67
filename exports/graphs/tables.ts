/** A program as two tables of comma-separated values (RFC 4180), one of its synapses and one of its neurons. */
import { range } from '../../core/port/ndarray.js'
import { shortestFloat32 } from '../float32.js'
import { neuronsOf } from './neurons.js'
import type { Program } from '../program.js'
import type { ExportedFile, WriterOptions } from '../writer.js'
import { identifierOf } from '../writer.js'

type Cell = string | number | undefined

/**
 * Names are quoted where they must be and changed nowhere, those too that a spreadsheet takes for formulas, as with
 * `sagp predict`: they are to equal the columns of the table that they come from.
 */
const cell = (value: Cell): string => {
  const text = String(value ?? '')
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const table = (rows: readonly (readonly Cell[])[]): string => rows.map(row => `${row.map(cell).join(',')}\r\n`).join('')

const SYNAPSES = ['from', 'from_kind', 'from_name', 'to', 'to_kind', 'to_name', 'weight'] as const
const NEURONS = ['number', 'kind', 'name', 'id', 'bias', 'in_degree', 'out_degree', 'offset', 'factor'] as const

/**
 * NAME-synapses.csv: both ends of each synapse by number, kind and name, and its weight; NAME-neurons.csv: all inputs,
 * hidden neurons and outputs by number. Where BatchNorm could not be folded, scale and shift of each step stand behind.
 */
export const writeCsv = (program: Program, { name }: WriterOptions): readonly ExportedFile[] => {
  const neurons = neuronsOf(program)
  const end = (n: number): readonly Cell[] => [n, neurons[n]?.kind, neurons[n]?.name]
  const synapses = program.synapses.map(({ from, to, weight }) => [...end(from), ...end(to), shortestFloat32(weight)])
  const steps = range(program.hidden.some(({ norms }) => norms) ? program.steps - 1 : 0)
  const rows = neurons.map(n => [
    ...[
      n.number,
      n.kind,
      n.name,
      n.id,
      n.bias === undefined ? undefined : shortestFloat32(n.bias),
      n.inDegree,
      n.outDegree,
      n.offset,
      n.factor
    ],
    ...steps.flatMap(step => [n.norms?.[step]?.scale, n.norms?.[step]?.shift])
  ])
  const norms = steps.flatMap(step => [`scale_${step + 1}`, `shift_${step + 1}`])
  const own = identifierOf(name)
  return [
    { name: `${own}-synapses.csv`, content: table([SYNAPSES, ...synapses]) },
    { name: `${own}-neurons.csv`, content: table([[...NEURONS, ...norms], ...rows]) }
  ]
}
