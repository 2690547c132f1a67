/** A program as GraphML (http://graphml.graphdrawing.org/specification.html): for Gephi, NetworkX, yEd, Cytoscape. */
import type { NeuronRow } from './neurons.js'
import { shownNeurons } from './neurons.js'
import type { Program } from '../program.js'
import type { ExportedFile, WriterOptions } from '../writer.js'
import { identifierOf } from '../writer.js'
import { xmlText } from './xml-text.js'

/** Text as it stands between tags and in attributes; ends of lines as numbers, which parsers leave as they are. */
const xml = (text: string): string => xmlText(text).replace(/[&<>"'\t\n\r]/g, c => `&#${c.charCodeAt(0)};`)

type Value = string | number | undefined

/** What is said of a node or an edge: its key's type, and its value, or nothing. `label` and `weight` are words of Gephi's. */
const nodeKeys = { kind: 'string', label: 'string', birth: 'long', bias: 'double' } as const
const edgeKeys = { weight: 'double', 'abs weight': 'double', sign: 'int' } as const

const keyId = (name: string): string => name.replace(' ', '_')

const declared = (keys: Readonly<Record<string, string>>, of: 'node' | 'edge'): readonly string[] =>
  Object.entries(keys).map(
    ([name, type]) => `  <key id="${keyId(name)}" for="${of}" attr.name="${name}" attr.type="${type}"/>`
  )

const data = (values: Readonly<Record<string, Value>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<data key="${keyId(name)}">${xml(String(value))}</data>`)
    .join('')

const node = ({ number, kind, name, id, bias }: NeuronRow): string => {
  const values: Readonly<Record<keyof typeof nodeKeys, Value>> = { kind, label: name, birth: id, bias }
  return `    <node id="n${number}">${data(values)}</node>`
}

const edge = ({ from, to, weight }: Program['synapses'][number], k: number): string => {
  const values: Readonly<Record<keyof typeof edgeKeys, Value>> = {
    weight,
    'abs weight': Math.abs(weight),
    sign: Math.sign(weight)
  }
  return `    <edge id="e${k}" source="n${from}" target="n${to}">${data(values)}</edge>`
}

/**
 * NAME.graphml: inputs that are used, hidden neurons and outputs as nodes `n` and their number, each with its kind, its
 * name (`label`), its birth number and its bias; synapses as edges with weight, absolute weight and sign. What XML cannot
 * hold of a name becomes a replacement character.
 */
export const writeGraphml = (program: Program, { name }: WriterOptions): readonly ExportedFile[] => {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">',
    ...declared(nodeKeys, 'node'),
    ...declared(edgeKeys, 'edge'),
    `  <graph id="${identifierOf(name)}" edgedefault="directed">`,
    `    <desc>${xml(name)}</desc>`,
    ...shownNeurons(program).map(node),
    ...program.synapses.map(edge),
    '  </graph>',
    '</graphml>',
    ''
  ]
  return [{ name: `${identifierOf(name)}.graphml`, content: lines.join('\n') }]
}
