/** A program as a document of the format `sagp-network` 1: all that inference needs, by network.schema.json alone. */
import { settle } from '../../codecs/attempt.js'
import { decode } from '../../codecs/strict.js'
import { range } from '../../core/port/ndarray.js'
import type { NetworkDocument } from './network-document.js'
import { NETWORK_FORMAT, NETWORK_VERSION, readNetwork } from './network-document.js'
import type { Program } from '../program.js'
import { EncodingCodec } from './table-codec.js'
import { shortestFloat32 } from '../float32.js'
import type { ExportedFile, WriterOptions } from '../writer.js'
import { identifierOf } from '../writer.js'

const documentOf = (p: Program, place: string): NetworkDocument => ({
  ...{ format: NETWORK_FORMAT, version: NETWORK_VERSION },
  ...{ steps: p.steps, activation: p.activation, clampedInputs: p.clampedInputs, outputLoops: p.outputLoops },
  ...{ kind: p.kind, targets: p.targets, threshold: p.threshold },
  inputs: p.inputs.map(({ name, offset, factor }) => ({ name, offset, factor })),
  hidden: p.hidden.map(({ id, bias, norms }) => ({
    ...{ id, bias: shortestFloat32(bias) },
    ...(norms ? { scale: norms.map(n => n.scale), shift: norms.map(n => n.shift) } : {})
  })),
  outputs: p.outputs.map(({ name, bias, offset, factor }) => ({
    ...{ name, bias: shortestFloat32(bias) },
    ...(p.kind === 'numbers' || offset !== 0 || factor !== 1 ? { offset, factor } : {})
  })),
  synapses: {
    from: p.synapses.map(s => s.from),
    to: p.synapses.map(s => s.to),
    weight: p.synapses.map(s => shortestFloat32(s.weight))
  },
  ...(p.table // whose codes are written in the order in which they are read, so that both ways give the same bytes
    ? { table: { encoding: settle(decode(EncodingCodec, place)(p.table.encoding)), missing: p.table.missing } }
    : {})
})

const pairsOf = (record: object): readonly (readonly [key: string, value: unknown])[] =>
  Object.entries(record).filter(([, value]) => value !== undefined)

/** JSON in one line; unlike that of JSON.stringify it keeps -0, and is none if a number is not finite. */
const inline = (u: unknown): string => {
  if (typeof u === 'number') return Object.is(u, -0) ? '-0' : String(u)
  if (Array.isArray(u)) return `[${u.map(inline).join(', ')}]`
  if (typeof u !== 'object' || u === null) return JSON.stringify(u)
  return `{${pairsOf(u)
    .map(([key, value]) => `${JSON.stringify(key)}: ${inline(value)}`)
    .join(', ')}}`
}

/** JSON of a record or a list whose entries are known, an entry a line. */
const block = ([open, close]: readonly [string, string], entries: readonly string[], indent: string): string =>
  entries.length === 0
    ? open + close
    : `${open}\n${entries.map(entry => `${indent}  ${entry}`).join(',\n')}\n${indent}${close}`

const record = (of: object, indent: string, written: (value: unknown) => string): string =>
  block(
    ['{', '}'],
    pairsOf(of).map(([key, value]) => `${JSON.stringify(key)}: ${written(value)}`),
    indent
  )

const isList = (u: unknown): u is readonly unknown[] => Array.isArray(u)

/** A list of records, one a line; whatever else in one line. */
const listed = (u: unknown, indent: string): string =>
  isList(u) && u.every(item => typeof item === 'object') ? block(['[', ']'], u.map(inline), indent) : inline(u)

/** Lists of numbers, one for each synapse: those of one receiver a line, so that lines of all three belong together. */
const wired = (synapses: NetworkDocument['synapses'], indent: string): string => {
  const { to } = synapses
  const starts = range(to.length).filter(k => to[k] !== to[k - 1])
  const rowsOf = (list: readonly number[]): readonly string[] =>
    starts.map((start, r) =>
      list
        .slice(start, starts[r + 1])
        .map(inline)
        .join(', ')
    )
  return record(synapses, indent, list => block(['[', ']'], rowsOf(list as readonly number[]), `${indent}  `))
}

const textOf = (d: NetworkDocument): string =>
  `${record(d, '', value => {
    if (value === d.synapses) return wired(d.synapses, '  ')
    return d.table && value === d.table ? record(d.table, '  ', part => listed(part, '    ')) : listed(value, '  ')
  })}\n`

/**
 * NAME.json: the document of a program, which `readNetwork` gives back as it was.
 * @throws FailureError if it is none that can be read: names too long, numbers that are not finite, a threshold that decides
 * nothing, and whatever else `readNetwork` refuses
 */
export const writeJson = (program: Program, { name }: WriterOptions): readonly ExportedFile[] => {
  const file = `${identifierOf(name)}.json`
  const content = textOf(documentOf(program, file))
  settle(readNetwork(content, file))
  return [{ name: file, content }]
}
