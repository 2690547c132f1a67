/** Pictures draw what they are given, all of it or what they say, and nothing that is not so. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { initialState } from '../core/learning/initial-state.js'
import type { State } from '../core/learning/state.js'
import { snapshot } from '../core/learning/state.js'
import { engine } from '../core/life/engine.js'
import { defaults } from '../core/network/hyperparameters.js'
import { effectiveSynapses } from '../core/network/topology.js'
import type { NdArray } from '../core/port/ndarray.js'
import { filled, range, tabulate } from '../core/port/ndarray.js'
import { buildCase, networkCases } from '../properties/network-case.js'
import { none } from '../rules/index.js'
import { compact, ticks } from './axes.js'
import { barsPicture } from './bars.js'
import { lineChart } from './chart.js'
import { page, tableOf } from './html.js'
import { topologyPicture } from './pictures.js'
import { reliabilityPicture } from './reliability.js'
import { residualPicture, scatterPicture } from './residuals.js'
import { confusionPicture, pixelMap } from './shades.js'
import { cut, escape, nameLabel } from './svg.js'

const EVIL = `<script>alert("1")</script>'&\u0000\u202e`

/** How often something stands in a text. */
const times = (text: string, what: RegExp): number => text.match(new RegExp(what.source, 'g'))?.length ?? 0

/** The places of a curve's points. */
const points = (svg: string): readonly (readonly [x: number, y: number])[] =>
  [.../ d="([^"]*)"/.exec(svg)![1]!.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(m => [Number(m[1]), Number(m[2])])

describe('text', () => {
  test('from outside is escaped, and what would not be seen is shown to be there', () => {
    expect(escape(`<script>"&'`)).toBe('&#60;script&#62;&#34;&#38;&#39;')
    expect(escape('a\u0000b\u001bc\u202ed\u2028e\u007ff')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf')
    expect(escape('a\ud83db\ude00c\u{1f600}')).toBe('a\ufffdb\ufffdc\u{1f600}')
    expect(page('<b>', tableOf([['<i>'], ['<u>']]))).not.toMatch(/<b>|<i>|<u>/)
  })
  test('that is too long is cut with an ellipsis, and shown whole to who points at it', () => {
    expect(cut('temperature', 11)).toBe('temperature')
    expect(cut('temperature', 6)).toBe('tempe…')
    expect(cut('\u{1f600}\u{1f600}\u{1f600}', 2)).toBe('\u{1f600}…')
    expect(nameLabel(0, 0, 'a < temperature', 55)).toMatch(/>a &#60; te…<title>a &#60; temperature<\/title></)
    expect(nameLabel(0, 0, 'short', 55)).not.toContain('<title>')
    expect(tableOf([['head'], ['a "long" cell']], { most: 4 })).toContain(
      '<td title="a &#34;long&#34; cell">a &#34;…</td>'
    )
  })
})

describe('a chart', () => {
  const draw = (values: readonly number[], options: object = {}): string =>
    lineChart(range(values.length), [{ name: 'a<b', values }], { title: 'T & t', xLabel: 'x', ...options })
  test('has ticks that are round and inside', () => {
    expect(ticks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100])
    expect(ticks(0.013, 0.052, 4)).toEqual([0.02, 0.03, 0.04, 0.05])
    expect(ticks(3, 3, 5)).toEqual([3])
    expect(ticks(0, Infinity, 5)).toEqual([0])
    const numbers = [1234567, -45678, -0.00012, 9999, 1e13, -2.5e300]
    expect(numbers.map(v => compact(v))).toEqual(['1.23M', '-45.7k', '-0.00012', '9999', '1e13', '-2.5e300'])
  })
  test('draws what it is given, gaps and wild numbers included, and is the same each time', () => {
    for (const values of [[1, 2, 3], [], [NaN, NaN], [0, -1], [1e-300, 1e300, NaN, Infinity], [5], [0.3], [0], [0, 0]])
      for (const logarithmic of [true, false]) {
        expect(draw(values, { logarithmic })).toBe(draw(values, { logarithmic }))
        expect(draw(values, { logarithmic })).not.toMatch(/NaN|Infinity/)
        expect(draw(values, { logarithmic }).length).toBeLessThan(10_000)
      }
    expect(draw([1, 2])).toContain('a&#60;b')
    expect(times(/ d="([^"]*)"/.exec(draw([1, NaN, 2, 3]))![1]!, /M/)).toBe(2)
  })
  test('of many points draws the lowest and the highest of each stretch: no spike is lost', () => {
    const wave = range(50_000).map(i => Math.sin(i / 900))
    const [flat, spiked] = [wave, wave.with(33_333, 7).with(20_001, -7)].map(v => draw(v, { limits: [-10, 10] }))
    const ys = (svg: string): readonly number[] => points(svg).map(([, y]) => y)
    expect(Math.min(...ys(spiked!))).toBeLessThan(Math.min(...ys(flat!)) - 40)
    expect(Math.max(...ys(spiked!))).toBeGreaterThan(Math.max(...ys(flat!)) + 40)
    expect(points(spiked!)).toHaveLength(400)
    expect(draw(range(50_000).map(() => NaN))).not.toContain('NaN')
  })
  test('is interrupted where it is beyond its limits, and says how often that is', () => {
    const svg = draw([0.5, -3, -0.5, 2, -9], { limits: [-1, 1] })
    expect(svg).toContain('2 points below -1')
    expect(svg).toContain('1 point above 1')
    expect(points(svg)).toHaveLength(2)
    expect(draw([0.5, -0.5], { limits: [-1, 1] })).not.toMatch(/point/)
  })
  test('below 0 is below the line of 0', () => {
    const svg = draw([0, -0.5], { limits: [-1, 1] })
    const [zero, below] = points(svg)
    expect(svg).toMatch(new RegExp(`class="grid"[^>]*y1="${zero![1]}"`))
    expect(below![1]).toBeGreaterThan(zero![1])
  })
  test('marks events on the axis and at the top, one mark for those at one place', () => {
    const svg = draw(range(10_001), {
      below: { name: '4 births', at: [0, 1, 5000, 10_000] },
      above: { name: '1 deaths', at: [5000] }
    })
    expect([times(svg, /class="mark s1"/), times(svg, /class="mark s2"/)]).toEqual([3, 1])
    for (const name of ['4 births', '1 deaths']) expect(svg).toContain(`>${name}<`)
  })
  test('of less than two powers of ten has ticks between them', () => {
    expect(times(draw([0.2, 0.9, 1.4], { logarithmic: true }), /class="grid"/)).toBe(3)
    expect(times(draw([1e-5, 1e5], { logarithmic: true }), /class="grid"/)).toBe(6)
  })
})

describe('the picture of a network', () => {
  test('has every neuron and every effective synapse where there are few', async () => {
    const [networkCase] = fc.sample(networkCases({ initialHidden: 4, maxHidden: 7 }), { numRuns: 1, seed: 1 })
    const living = await buildCase(reference(), networkCase!)
    const s = await snapshot(living.engine.backend, living.state)
    const { inputs, outputs, hidden } = s.model.facts
    const { svg, shown } = topologyPicture(s, defaults, { inputs: ['first', EVIL], outputs: ['x', EVIL] }, undefined)
    expect(times(svg, /<circle/)).toBe(inputs + hidden.length + outputs)
    expect(svg).toContain('first')
    expect(svg).not.toMatch(/<script|\u0000/)
    const synapses = effectiveSynapses(s.model, defaults).length
    expect(times(svg, /<line/)).toBe(synapses)
    expect(shown).toMatch(new RegExp(`${hidden.length} hidden neurons?, ${outputs} outputs?, ${synapses} effective`))
  })

  /** A network without hidden neurons, all of whose synapses are open. */
  const full = (inputs: number, outputs: number): State<NdArray> => {
    const start = initialState(engine(reference(), defaults, none), inputs, outputs, 1)
    const synapses = filled([inputs, outputs], 1)
    return { ...start, model: { ...start.model, parameters: { ...start.model.parameters, synapses } } }
  }
  const names = (n: number, what: string): readonly string[] => range(n).map(i => `${what}${i}`)

  test('of 745 inputs has the strongest synapses alone, their inputs by name, and says so', () => {
    const s = full(745, 8)
    const { svg, shown } = topologyPicture(
      s,
      defaults,
      { inputs: names(745, 'word'), outputs: names(8, 'c') },
      undefined
    )
    expect(times(svg, /<line/)).toBe(60)
    const strongest = effectiveSynapses(s.model, defaults).toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    const touched = new Set(strongest.slice(0, 60).map(e => e.from))
    expect(shown).toBe(`${touched.size} of 745 inputs, 0 hidden neurons, 8 outputs, 60 of 5960 effective synapses`)
    for (const i of touched) expect(svg).toContain(`>word${i}<`)
    expect(times(svg, />word/)).toBe(touched.size)
  })
  test('has at most 200 lines, and of very many neurons is small', () => {
    const pixels = topologyPicture(
      full(3072, 10),
      defaults,
      { inputs: [], outputs: names(10, 'c') },
      { width: 32, height: 32 }
    )
    expect(times(pixels.svg, /<line/)).toBe(200)
    expect(pixels.shown).toContain('200 of 30720 effective synapses')
    const classes = topologyPicture(
      full(4, 5000),
      defaults,
      { inputs: names(4, 'x'), outputs: names(5000, 'c') },
      undefined
    )
    expect(classes.svg.length).toBeLessThan(30_000)
    expect(classes.shown).toMatch(/^4 inputs, 0 hidden neurons, \d+ of 5000 outputs, 60 of 20000/)
  })
  test('draws a neuron of no effect hollow', () => {
    const s = full(2, 1)
    const half = tabulate([2, 1], i => (i === 0 ? 1 : -1))
    const state = { ...s, model: { ...s.model, parameters: { ...s.model.parameters, synapses: half } } }
    const { svg } = topologyPicture(state, defaults, { inputs: ['a', 'b'], outputs: ['c'] }, undefined)
    expect([times(svg, /"input"/), times(svg, /"unused"/), times(svg, /<line/)]).toEqual([1, 1, 1])
  })
})

describe('shades and bars', () => {
  test('a confusion matrix has each number that is not 0, rows in shares, names whole on demand', () => {
    const svg = confusionPicture(
      [
        [3, 1],
        [0, 8]
      ],
      ['a very long name of a cat', EVIL]
    )
    expect(svg).toMatch(/>3<.*>1<.*>8</)
    expect(svg).not.toMatch(/<script|>0</)
    expect([...svg.matchAll(/class="shade"[^>]*fill-opacity="([\d.]+)"/g)].map(m => Number(m[1]))).toEqual([
      0.38, 0.13, 0.5
    ])
    expect(svg).toContain('<title>a very long name of a cat</title>')
  })
  test('24 classes are drawn as large as ten, and moved inside the page', () => {
    const n = 24
    const table = range(n).map(i => range(n).map(j => Number(i === j)))
    expect(confusionPicture(table, range(n).map(String))).toMatch(/min-width:\d+px/)
  })
  test('a map of pixels has a shade for each, the largest the full one, none for what is not above 0', () => {
    const svg = pixelMap('t', [1, -2, 0, 4], { width: 2, height: 2 })
    expect([...svg.matchAll(/fill-opacity="([\d.]+)"/g)].map(m => Number(m[1]))).toEqual([0.25, 0, 0, 1])
    expect(pixelMap('t', [0, 0, 0, NaN], { width: 2, height: 2 })).not.toMatch(/opacity="NaN/)
  })
  test('bars start at 0, to the left below it, each with its deviation beside it', () => {
    const svg = barsPicture('t', [
      { name: 'up', value: 3, spread: 1, text: '3.0' },
      { name: 'down', value: -1, text: '-1.0' },
      { name: EVIL, value: NaN, text: '-' }
    ])
    const bars = [...svg.matchAll(/class="bar" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)].map(m =>
      m.slice(1).map(Number)
    )
    const zero = Number(/class="axis" x1="([\d.]+)"/.exec(svg)![1])
    expect(bars[0]![0]).toBe(zero)
    expect(bars[1]![0]! + bars[1]![2]!).toBeCloseTo(zero, 1)
    expect(bars[0]![2]!).toBeCloseTo(3 * bars[1]![2]!, 1)
    const [from, to, y] = /class="spread" x1="([\d.]+)" x2="([\d.]+)" y1="([\d.]+)"/.exec(svg)!.slice(1).map(Number)
    expect([from! - zero, to! - zero].map(v => v / bars[1]![2]!)).toEqual([expect.closeTo(2, 1), expect.closeTo(4, 1)])
    expect(y!).toBeGreaterThan(bars[0]![1]! + bars[0]![3]!)
    expect(svg).not.toMatch(/<script|NaN/)
  })
})

describe('errors', () => {
  test('are counted, every one, those of 0 in the middle bar', () => {
    const errors = [0, 0, 0.01, -1, 1, 0.5, -0.5]
    const counts = [...residualPicture('y', errors).matchAll(/<title>(\d+) rows/g)].map(m => Number(m[1]))
    expect(counts).toHaveLength(21)
    expect(counts.reduce((s, n) => s + n, 0)).toBe(errors.length)
    expect([counts[0], counts[10], counts[20]]).toEqual([1, 3, 1])
    expect(residualPicture('y', [0, 0])).not.toContain('NaN')
  })
  test('of many rows are drawn in part, which is said; on the line where nothing is wrong', () => {
    expect(scatterPicture('y', range(2500), range(2500)).drawn).toBe(834)
    const { svg, drawn } = scatterPicture(EVIL, [1, 5, 9], [1, 5, 9])
    expect(drawn).toBe(3)
    expect(svg).not.toMatch(/<script|NaN/)
    const [x1, y1, x2, y2] = /class="ideal" x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)"/
      .exec(svg)!
      .slice(1)
      .map(Number)
    for (const [, cx, cy] of svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g))
      expect((Number(cx) - x1!) / (x2! - x1!)).toBeCloseTo((Number(cy) - y1!) / (y2! - y1!), 2)
    expect(scatterPicture('y', [4, 4], [4, 4]).svg).not.toContain('NaN')
  })
  test('of numbers far from 0 are drawn where they are, and their ticks are told apart', () => {
    const texts = (svg: string): readonly string[] => [...svg.matchAll(/"tick"[^>]*>([^<]*)</g)].map(m => m[1]!)
    const near = texts(scatterPicture('y', [997_000, 1_003_000], [998_000, 1_002_000]).svg).filter(t =>
      /^[\d.]+[kM]$/.test(t)
    )
    expect(new Set(near).size).toBe(near.length / 2)
    const { svg } = scatterPicture('y', [1.6e9 + 1, 1.6e9 + 5], [1.6e9 + 2, 1.6e9 + 4])
    expect(texts(svg)).toEqual(expect.arrayContaining(['true - 1600000001', 'predicted - 1600000001', '0', '4']))
    expect(new Set([...svg.matchAll(/cx="([\d.]+)"/g)].map(m => m[1])).size).toBe(2)
  })
  test('of probabilities: a dot for each bin that has rows', () => {
    const bins = [
      { from: 0, to: 0.5, rows: 0, confidence: NaN, frequency: NaN },
      { from: 0.5, to: 1, rows: 9, confidence: 0.75, frequency: 1 }
    ]
    const svg = reliabilityPicture(bins)
    expect(times(svg, /<circle/)).toBe(1)
    expect(svg).not.toContain('NaN')
  })
})

test('the text of a tick at the right edge stays within the drawing', () => {
  const svg = lineChart([0, 3000], [{ name: 'a', values: [0, 1] }], { title: 't', xLabel: 'epoch' })
  const [, width = '0'] = /viewBox="0 0 ([\d.]+)/.exec(svg) ?? []
  const [, x = '0'] = /x="([\d.]+)"[^>]*>3000</.exec(svg) ?? []
  expect(Number(x)).toBeGreaterThan(0)
  expect(Number(x) + 3.5 * '3000'.length).toBeLessThanOrEqual(Number(width))
})
