/** A program as a digraph in Graphviz's language (https://graphviz.org/doc/info/lang.html): `dot -Tsvg FILE`. */
import { palettes } from '../../reports/style.js'
import { cut, escape, round } from '../../reports/svg.js'
import type { NeuronRow } from './neurons.js'
import { shownNeurons } from './neurons.js'
import { shortestFloat32 } from '../float32.js'
import type { Program } from '../program.js'
import type { ExportedFile, WriterOptions } from '../writer.js'
import { identifierOf } from '../writer.js'
import { xmlText } from './xml-text.js'

/** Characters of a name that are drawn, and those that are shown when it is pointed at. */
const [DRAWN, SHOWN] = [40, 300] as const

/** Width of the heaviest synapse's line and what all of them have, in points. */
const [WIDEST, THINNEST] = [3, 0.3] as const

/**
 * A string in quotes. Graphviz reads entities as HTML has them, so that quotes, brackets and ampersands need no escape of
 * its own; backslashes do, twice in a tooltip, whose escapes it resolves twice.
 */
const quoted = (text: string, most: number, backslash: string): string =>
  `"${escape(cut(xmlText(text), most)).replaceAll('\\', backslash)}"`
const label = (text: string, most: number): string => `label=${quoted(text, most, '\\\\')}`
const tooltip = (text: string): string => `tooltip=${quoted(text, SHOWN, '\\\\\\\\')}`

const nodeOf = ({ number, id, name }: NeuronRow): string =>
  `n${number} [${label(id === undefined ? name : `${id}`, DRAWN)}, ${tooltip(name)}]`

/**
 * NAME.dot: inputs that are used on the left, hidden neurons with their birth numbers in the middle, outputs on the right;
 * Graphviz orders each column so that lines cross least. A synapse is as wide as its weight is large, blue where it is
 * positive and orange where it is negative, as in reports, which the colour-blind tell apart.
 */
export const writeDot = (program: Program, { name }: WriterOptions): readonly ExportedFile[] => {
  const neurons = shownNeurons(program)
  const heaviest = program.synapses.reduce((most, { weight }) => Math.max(most, Math.abs(weight)), 0) || 1
  const edge = ({ from, to, weight }: Program['synapses'][number]): string => {
    const colour = weight < 0 ? palettes.light.c1 : palettes.light.c0
    const width = round(THINNEST + (WIDEST - THINNEST) * (Math.abs(weight) / heaviest))
    return `  n${from} -> n${to} [color="${colour}", penwidth=${width}, ${tooltip(`${shortestFloat32(weight)}`)}]`
  }
  const rank = (kind: NeuronRow['kind'], place: string, look: string): readonly string[] => [
    `  subgraph { rank=${place}; node [${look}]`,
    ...neurons.filter(neuron => neuron.kind === kind).map(neuron => `    ${nodeOf(neuron)}`),
    '  }'
  ]
  const lines = [
    `digraph "${identifierOf(name)}" {`,
    `  graph [rankdir=LR, ranksep=3, nodesep=0.08, outputorder=edgesfirst, ${label(name, SHOWN)}]`,
    '  node [fontname="sans-serif", fontsize=10, height=0.2, width=0.2, margin="0.06,0.02", style=filled, fillcolor=white]',
    '  edge [arrowsize=0.4]',
    ...rank('input', 'source', 'shape=box'),
    ...rank('hidden', 'same', 'shape=ellipse'),
    ...rank('output', 'sink', 'shape=box'),
    ...program.synapses.map(edge),
    '}',
    ''
  ]
  return [{ name: `${identifierOf(name)}.dot`, content: lines.join('\n') }]
}
