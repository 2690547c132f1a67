/** A look inside a network on the terminal: tables with bars, within 80 columns where names are short. */
import type { InspectedInput, Inspection } from '../estimators/inspection.js'
import type { Inspected, NamedPath } from '../experiments/inspect-run.js'
import { foldedInWords } from '../experiments/load-program.js'
import { metricName, metricText } from '../experiments/summary-cells.js'
import type { RowReasons } from '../experiments/why-row.js'
import { columns, counted, grouped, shortened, wrapped } from './output.js'

/** Most inputs, outputs and neurons that are shown; letters of a name; signs of a bar; inputs named of one output. */
const [MOST, FEW, LETTERS, SIGNS, NAMED] = [20, 8, 24, 16, 4] as const

const name = (text: string): string => shortened(text, LETTERS)

/** A bar of signs, so wide that all of them end alike. */
const bar = (value: number, largest: number, signs: readonly [up: string, down: string]): string => {
  const length = largest > 0 ? Math.round((SIGNS * Math.abs(value)) / largest) : 0
  return (value < 0 ? signs[1] : signs[0]).repeat(Number.isFinite(length) ? length : 0).padEnd(SIGNS)
}

const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : '-')
const signed = (v: number): string => (v > 0 ? `+${metricText(v)}` : metricText(v))

const more = (all: number, shown: number, what: string): readonly string[] =>
  all > shown ? [`and ${grouped(all - shown)} more ${what}: see --json`] : []

/** Inputs as rows of cells, a head first: what the score loses where that is known, paths, synapses, and a bar of the first. */
const inputCells = (inputs: readonly InspectedInput[], permuted: boolean): readonly (readonly string[])[] => {
  const ranked = (input: InspectedInput): number => (permuted ? (input.drop?.mean ?? 0) : input.share)
  const largest = inputs.reduce((most, input) => Math.max(most, Math.abs(ranked(input))), 0)
  const loss = ({ drop }: InspectedInput): readonly string[] =>
    permuted ? [metricText(drop?.mean), metricText(drop?.deviation)] : []
  return [
    ['input', ...(permuted ? ['loses', '+-'] : []), 'paths', 'synapses', ''.padEnd(SIGNS)],
    ...inputs.map(input => [
      ...[name(input.name), ...loss(input), percent(input.share), String(input.synapses)],
      bar(ranked(input), largest, ['=', '-'])
    ])
  ]
}

const basis = ({ permutation: found, inputs }: Inspection): readonly string[] => {
  const paths = 'paths: share of the products of |weights| on all paths to the outputs'
  if (!found) return [paths]
  const { metric, score, repeats, part, rows, of } = found
  const where = rows < of ? `${grouped(rows)} of the ${grouped(of)} ${part} rows` : `the ${grouped(of)} ${part} rows`
  const unknown = inputs.filter(({ drop }) => drop === undefined).length
  const left = unknown > 0 ? `; of ${grouped(unknown)} of the weakest paths it was not computed` : ''
  return [
    `loses: of ${metricName(metric)} ${metricText(score)} on ${where}, an input's values dealt out anew, ${counted(repeats, 'time')}${left}`,
    paths
  ]
}

/** The inputs that an output hears most. */
const heard = ({ inputs, outputs }: Inspection, j: number): string =>
  inputs
    .map(input => ({ name: input.name, share: (input.toOutputs[j] ?? 0) / (outputs[j]?.paths || 1) }))
    .filter(({ share }) => share > 0)
    .toSorted((a, b) => b.share - a.share)
    .slice(0, NAMED)
    .map(({ name: input, share }) => `${name(input)} ${percent(share)}`)
    .join('; ')

const idle = (unused: readonly string[]): readonly string[] => [
  ...(unused.length > 0 ? [wrapped(`nothing depends on: ${unused.slice(0, MOST).map(name).join('; ')}`)] : []),
  ...more(unused.length, MOST, 'inputs that are not used')
]

/** Inputs by importance, what each output hears, neurons by synapses. */
export const inspectionText = (inspection: Inspected, which: string): string => {
  const { inputs, outputs, neurons, unused, synapses, permutation } = inspection
  const used = inputs.filter(input => input.used)
  const hidden = neurons.filter(({ kind }) => kind === 'hidden').toSorted((a, b) => b.in + b.out - a.in - a.out)
  const ends = neurons.filter(({ kind }) => kind === 'output')
  const size = [
    `${counted(synapses, 'synapse')}${foldedInWords('synapses', synapses, inspection.effectiveSynapses)}`,
    `${counted(hidden.length, 'hidden neuron')}${foldedInWords('neurons', hidden.length, inspection.effectiveNeurons)}`,
    counted(outputs.length, 'output')
  ].join(', ')
  return [
    wrapped(`the network of ${which}: ${used.length} of ${counted(inputs.length, 'input')} used, ${size}`),
    '',
    columns(inputCells(used.slice(0, MOST), permutation !== undefined)),
    ...more(used.length, MOST, 'inputs'),
    ...basis(inspection).map(line => wrapped(line)),
    ...idle(unused),
    '',
    'outputs, their synapses, and whose paths they hear most:',
    ...ends.slice(0, MOST).map((n, j) => wrapped(`${name(n.name)} (${n.in}): ${heard(inspection, j) || 'nobody'}`)),
    ...more(ends.length, MOST, 'outputs'),
    ...(hidden.length > 0
      ? [
          '',
          columns([
            ['hidden neuron', 'in', 'out'],
            ...hidden.slice(0, FEW).map(n => [n.name, String(n.in), String(n.out)])
          ]),
          ...more(hidden.length, FEW, 'hidden neurons')
        ]
      : [])
  ].join('\n')
}

/** Paths, a line each: what they multiply to, then neuron by neuron with the weights between. */
export const pathsText = (paths: readonly NamedPath[]): string =>
  paths.length === 0
    ? 'there is no path between them'
    : paths
        .map(({ product, neurons, weights }) => {
          const steps = weights.map((w, k) => ` --(${signed(w)})--> ${name(neurons[k + 1] ?? '')}`)
          return `${signed(product).padStart(10)}  ${name(neurons[0] ?? '')}${steps.join('')}`
        })
        .join('\n')

type Reasons = RowReasons['outputs'][number]

/** Share of the largest contribution below which one is rounding. */
const ROUNDING = 1e-9
const counts = (contribution: number, largest: number): boolean => Math.abs(contribution) > ROUNDING * largest

/** Inputs as rows of cells: what the row says, what it contributed, and a bar of signs. */
const reasonCells = ({ contributions, output, value }: Reasons): readonly (readonly string[])[] => {
  const largest = contributions.reduce((most, c) => Math.max(most, Math.abs(c.contribution)), 0)
  const told = contributions.filter(c => counts(c.contribution, largest)).slice(0, MOST)
  const amount = value !== undefined
  return [
    ['input', 'in the row', 'to z', ...(amount ? [`to ${name(output)}`] : []), ''.padEnd(SIGNS)],
    ...told.map(c => [
      ...[name(c.name), c.cell === undefined || c.cell === '' ? 'missing' : name(c.cell), signed(c.contribution)],
      ...(amount ? [signed(c.amount ?? 0)] : []),
      bar(c.contribution, largest, ['+', '-'])
    ])
  ]
}

const method = ({ exact, gradients, gap, reached }: Reasons): string => {
  if (exact) return 'exact: the network has no hidden neurons'
  const off = `integrated gradients at ${grouped(gradients)} places, off by ${Number(gap.toPrecision(1))} together`
  return reached ? off : `${off}, which is more than 1e-3 of the difference: take it as rough`
}

const reasonsText = (reasons: Reasons, baseline: string): string => {
  const { output, z, from, sum, value, valueFrom, contributions } = reasons
  const largest = contributions.reduce((most, c) => Math.max(most, Math.abs(c.contribution)), 0)
  const none = contributions.filter(c => !counts(c.contribution, largest)).length
  const own = value === undefined ? '' : ` (${metricText(valueFrom)} -> ${metricText(value)})`
  return [
    wrapped(`${name(output)}: z from ${signed(from)} at ${baseline} to ${signed(z)} here${own}`),
    columns(reasonCells(reasons)),
    ...more(contributions.length - none, MOST, 'inputs'),
    wrapped(
      `together ${signed(sum)}; ${method(reasons)}${none > 0 ? `; ${counted(none, 'input')} contributed nothing` : ''}`
    )
  ].join('\n')
}

/** The answer and the first probabilities. */
const told = (answer: RowReasons['answer']): string =>
  answer
    .slice(0, MOST)
    .map(({ name: n, value }) => `${name(n)} ${value}`)
    .join(', ') + (answer.length > MOST ? ', ...' : '')

/** Why a row is answered as it is: the answer, then each output's inputs, the largest contribution first. */
export const whyText = ({ file, row, answer, baseline, outputs }: RowReasons): string =>
  [
    wrapped(`row ${row} of ${file}: ${told(answer)}`),
    ...outputs.map(reasons => `\n${reasonsText(reasons, baseline)}`)
  ].join('\n')
