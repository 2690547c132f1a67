/** Pictures and tables of a program's topology, read again by other means and held against the program. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { shortestFloat32 } from '../float32.js'
import { writeDot } from './dot.js'
import { writeGraphml } from './graphml.js'
import { shownNeurons } from './neurons.js'
import type { Program } from '../program.js'
import { writeCsv } from './tables.js'

/** What columns and classes of strangers' files may be called. */
const hostile = [
  ...['plain', 'a "quote", a comma', "it's", 'back\\slash\\', '\\N \\G \\l', 'line\nfeed', 'carriage\rreturn', '\r\n'],
  ...[
    'tab\there',
    '*/ ?> --> ]]>',
    '</script><b>',
    '&amp; &lt; &#38;',
    '\u2028\u2029',
    '=1+1',
    '@x',
    '-2',
    '__proto__'
  ],
  ...['\u202eright to left', 'nul\u0000nul', 'bell\u0007', '\ufffe\uffff', 'half \ud800 of', '\udc00', '𝄞 clef', 'ö'],
  ...['', ' ', ' room ', '{a|b}', '<i>no tag</i>', 'n0 -> n1; }', '%s', 'x'.repeat(1_000_000), 'toString']
]

const inputs = hostile.map((name, i) => ({ name, offset: i / 3, factor: i === 4 ? 0 : 1.5 + i }))
const first = inputs.length
const norms = [
  { scale: 1.5, shift: -0.25 },
  { scale: 0.1, shift: 2 }
]

/** All inputs but the third are used; hidden neurons feed each other, and one keeps its BatchNorm. */
const program: Program = {
  ...{ steps: 3, activation: 'relu', clampedInputs: true, outputLoops: false, kind: 'classes', targets: ['class'] },
  inputs,
  hidden: [
    { id: 5, bias: 0.5 },
    { id: 70, bias: -1e-9, norms }
  ],
  outputs: hostile.slice(0, 9).map((name, j) => ({ name, bias: Math.fround(j / 7), offset: 0, factor: 1 })),
  synapses: [
    ...inputs.flatMap((_, i) => (i === 2 ? [] : [{ from: i, to: first + (i % 2), weight: Math.fround(i / 10 - 2) }])),
    { from: first + 1, to: first, weight: 4 },
    { from: first, to: first + 1, weight: -0.5 },
    { from: first, to: first + 2, weight: 0 },
    { from: first + 1, to: first + 10, weight: Math.fround(1e-20) }
  ]
}
const named = { name: 'a "run" </graph>' }

/** A file's text as it is read again: written in UTF-8, which has no halves of pairs. */
const read = ({ content }: { readonly content: string | Uint8Array }): string => Buffer.from(content).toString('utf8')
const asRead = (text: string): string => Buffer.from(text).toString('utf8')
const numericEntities = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))

/** Text as Graphviz writes it into SVG. */
const markup = (text: string): string =>
  numericEntities(text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>'))
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ')

/** What a command gives on standard output for a text. */
const answerOf = (command: string, args: readonly string[], text: string): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { input: text, maxBuffer: 2 ** 28, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout
}

const has = (command: string, flag: string): boolean => spawnSync(command, [flag]).error === undefined

test('a picture shows all neurons but inputs that are never used', () => {
  const numbers = shownNeurons(program).map(n => n.number)
  expect(numbers).toHaveLength(first + 11 - 1)
  expect(numbers).not.toContain(2)
})

describe('dot', () => {
  const [file] = writeDot(program, named)
  const text = read(file!)
  /** Statements of nodes and edges with their attributes, strings with what Graphviz makes of them. */
  const statements = [...text.matchAll(/^ +(n\d+)(?: -> (n\d+))? \[(.*)\]$/gm)].map(([, from, to, list]) => {
    const found = [...list!.matchAll(/(\w+)=(?:"([^"]*)"|([\d.]+))(?:, |$)/gy)]
    expect(found.map(([all]) => all).join('')).toBe(list) // nothing stands between them
    const values = found.map(([, key, string, number]) => [
      key,
      number ?? numericEntities(string!).replaceAll(key === 'label' ? '\\\\' : '\\\\\\\\', '\\')
    ])
    return { from, to, attributes: Object.fromEntries(values) as Readonly<Record<string, string>> }
  })

  test('has a node for each neuron that is shown, and an edge for each synapse', () => {
    expect(file?.name).toBe('a_run_graph.dot')
    const nodes = statements.filter(s => s.to === undefined)
    expect(nodes.map(n => n.from)).toEqual(shownNeurons(program).map(n => `n${n.number}`))
    const edges = statements.filter(s => s.to !== undefined)
    expect(edges.map(e => [e.from, e.to, Math.fround(Number(e.attributes['tooltip']))])).toEqual(
      program.synapses.map(s => [`n${s.from}`, `n${s.to}`, s.weight])
    )
  })

  test('shows names as they are, long ones cut, and what is not to be seen as a replacement character', () => {
    const label = (name: string): string | undefined =>
      statements.find(s => s.from === `n${hostile.indexOf(name)}`)?.attributes['label']
    for (const name of [
      'plain',
      'a "quote", a comma',
      'back\\slash\\',
      '\\N \\G \\l',
      '&amp; &lt; &#38;',
      '𝄞 clef',
      ' '
    ])
      expect(label(name), name).toBe(name)
    expect(label('line\nfeed')).toBe('line\ufffdfeed')
    expect(label('half \ud800 of')).toBe('half \ufffd of')
    expect(label('x'.repeat(1_000_000))).toBe(`${'x'.repeat(39)}…`)
    expect(statements.find(s => s.from === `n${first + 1}`)?.attributes['label']).toBe('70')
    expect(text.length).toBeLessThan(20_000)
  })

  test('draws positive weights blue and negative ones orange, the heaviest 3 points wide', () => {
    const look = (from: number, to: number): readonly unknown[] => {
      const found = statements.find(s => s.from === `n${from}` && s.to === `n${to}`)
      return [found?.attributes['color'], found?.attributes['penwidth']]
    }
    expect(look(first + 1, first)).toEqual(['#2563a8', '3'])
    expect(look(first, first + 1)).toEqual(['#b8480f', '0.64'])
    expect(look(first, first + 2)).toEqual(['#2563a8', '0.3'])
  })

  test.skipIf(!has('dot', '-V'))('is read by Graphviz, which draws the same names', () => {
    const svg = answerOf('dot', ['-Tsvg'], text)
    expect(svg.match(/class="node"/g)).toHaveLength(shownNeurons(program).length)
    expect(svg.match(/class="edge"/g)).toHaveLength(program.synapses.length)
    expect(svg).not.toMatch(/[\u0000-\u0008\ufffe]/)
    const drawn = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, inner]) => markup(inner!))
    const pointed = [...svg.matchAll(/xlink:title="([^"]*)"/g)].map(([, title]) => markup(title!))
    for (const name of [
      'a "quote", a comma',
      "it's",
      'back\\slash\\',
      '\\N \\G \\l',
      '</script><b>',
      '&amp; &lt; &#38;'
    ]) {
      expect(drawn, name).toContain(name)
      expect(pointed, name).toContain(name)
    }
    expect(drawn).toContain('a "run" </graph>')
    expect(pointed).toContain('hidden 70')
    expect(pointed).toContain('-0.5')
  })
})

/** What GraphML may hold of a name. */
const inXml = (name: string): string =>
  Array.from(name)
    .map(c => (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(c) ? '\ufffd' : c))
    .join('')

describe('graphml', () => {
  const [file] = writeGraphml(program, named)
  const text = read(file!)
  const shown = shownNeurons(program)
  const expectedNodes = shown.map(n => ({
    ...{ id: `n${n.number}`, kind: n.kind, label: inXml(n.name) },
    ...(n.id === undefined ? {} : { birth: n.id }),
    ...(n.bias === undefined ? {} : { bias: n.bias })
  }))
  const expectedEdges = program.synapses.map(({ from, to, weight }, k) => ({
    ...{ id: `e${k}`, source: `n${from}`, target: `n${to}` },
    ...{ weight, 'abs weight': Math.abs(weight), sign: weight > 0 ? 1 : weight < 0 ? -1 : 0 }
  }))

  test('holds the neurons and synapses of the program, with keys of their types', () => {
    expect(file?.name).toBe('a_run_graph.graphml')
    const keys = new Map(
      [...text.matchAll(/<key id="(\w+)" for="\w+" attr.name="([\w ]+)" attr.type="(\w+)"\/>/g)].map(
        ([, id, name, type]) => [id, { name: name!, type: type! }]
      )
    )
    const values = (inner: string): object => {
      const found = [...inner.matchAll(/<data key="(\w+)">([^<>"']*)<\/data>/gy)]
      expect(found.map(([all]) => all).join('')).toBe(inner)
      return Object.fromEntries(
        found.map(([, id, value]) => {
          const { name, type } = keys.get(id)!
          return [name, type === 'string' ? numericEntities(value!) : Number(value)]
        })
      )
    }
    const nodes = [...text.matchAll(/^ *<node id="(n\d+)">([^\n]*)<\/node>$/gm)]
    expect(nodes.map(([, id, inner]) => ({ id, ...values(inner!) }))).toEqual(expectedNodes)
    const edges = [...text.matchAll(/^ *<edge id="(e\d+)" source="(n\d+)" target="(n\d+)">([^\n]*)<\/edge>$/gm)]
    expect(edges.map(([, id, source, target, inner]) => ({ id, source, target, ...values(inner!) }))).toEqual(
      expectedEdges
    )
    expect(text).not.toMatch(/&(?!#\d+;)/)
    expect(text).toContain('<desc>a &#34;run&#34; &#60;/graph&#62;</desc>')
  })

  test.skipIf(!has('python3', '--version'))("is read by Python's XML parser", () => {
    const script = `
import json, sys
import xml.etree.ElementTree as E
n = '{http://graphml.graphdrawing.org/xmlns}'
g = E.fromstring(sys.stdin.buffer.read())
read = {'string': str, 'int': int, 'long': int, 'double': float}
keys = {k.get('id'): (k.get('attr.name'), read[k.get('attr.type')]) for k in g.findall(n + 'key')}
values = lambda e: {**e.attrib, **{keys[d.get('key')][0]: keys[d.get('key')][1](d.text or '') for d in e.findall(n + 'data')}}
print(json.dumps([[values(e) for e in g.iter(n + kind)] for kind in ('node', 'edge')]))`
    expect(JSON.parse(answerOf('python3', ['-c', script], text))).toEqual([expectedNodes, expectedEdges])
  })
})

describe('csv', () => {
  const files = writeCsv(program, named)
  const [synapses = '', neurons = ''] = files.map(read)
  /** Rows by RFC 4180, character by character. */
  const rowsOf = (text: string): readonly (readonly string[])[] => {
    const rows: string[][] = []
    let at = 0
    while (at < text.length) {
      const row: string[] = []
      for (;;) {
        const start = at
        if (text[at] === '"') {
          do at = text.indexOf('"', at + 1) + 1
          while (text[at] === '"')
          row.push(text.slice(start + 1, at - 1).replaceAll('""', '"'))
        } else {
          while (!',\r"'.includes(text[at]!)) at++
          row.push(text.slice(start, at))
        }
        if (text[at] !== ',') break
        at++
      }
      expect(text.slice(at, at + 2)).toBe('\r\n')
      at += 2
      rows.push(row)
    }
    return rows
  }
  const names = [...hostile, 'hidden 5', 'hidden 70', ...hostile.slice(0, 9)].map(asRead)
  const kinds = names.map((_, n) => (n < first ? 'input' : n < first + 2 ? 'hidden' : 'output'))
  const expectedSynapses = [
    ['from', 'from_kind', 'from_name', 'to', 'to_kind', 'to_name', 'weight'],
    ...program.synapses.map(({ from, to, weight }) =>
      [from, kinds[from], names[from], to, kinds[to], names[to], shortestFloat32(weight)].map(String)
    )
  ]
  const count = (end: 'from' | 'to', n: number): number => program.synapses.filter(s => s[end] === n).length
  const own = [
    ...inputs.map(({ offset, factor }) => ['', '', offset, factor, '', '', '', '']),
    [5, 0.5, '', '', '', '', '', ''],
    [70, -1e-9, '', '', 1.5, -0.25, 0.1, 2],
    ...program.outputs.map(({ bias }) => ['', bias, 0, 1, '', '', '', ''])
  ]
  const expectedNeurons = [
    ['number', 'kind', 'name', 'id', 'bias', 'in_degree', 'out_degree', 'offset', 'factor'].concat([
      ...['scale_1', 'shift_1', 'scale_2', 'shift_2']
    ]),
    ...own.map(([id, bias, ...rest], n) =>
      [
        n,
        kinds[n],
        names[n],
        id,
        typeof bias === 'number' ? shortestFloat32(bias) : bias,
        count('to', n),
        count('from', n),
        ...rest
      ].map(String)
    )
  ]

  test('has a row for each synapse and for each neuron, names as they are, formulas too', () => {
    expect(files.map(f => f.name)).toEqual(['a_run_graph-synapses.csv', 'a_run_graph-neurons.csv'])
    expect(rowsOf(synapses)).toEqual(expectedSynapses)
    expect(rowsOf(neurons)).toEqual(expectedNeurons)
  })

  test('has no columns of BatchNorm where all of it is folded', () => {
    const folded = { ...program, hidden: program.hidden.map(({ id, bias }) => ({ id, bias })) }
    const rows = rowsOf(read(writeCsv(folded, named)[1]!))
    expect(rows).toEqual(expectedNeurons.map(row => row.slice(0, 9)))
  })

  test.skipIf(!has('python3', '--version'))("is read by Python's csv", () => {
    const script = `
import csv, io, json, sys
csv.field_size_limit(2 ** 30)
text = sys.stdin.buffer.read().decode('utf8')
print(json.dumps(list(csv.reader(io.StringIO(text, newline=''), strict=True))))`
    expect(JSON.parse(answerOf('python3', ['-c', script], synapses))).toEqual(expectedSynapses)
    expect(JSON.parse(answerOf('python3', ['-c', script], neurons))).toEqual(expectedNeurons)
  })
})
