import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { engine } from '../core/life/engine.js'
import { defaults } from '../core/network/hyperparameters.js'
import { filled, range, tabulate } from '../core/port/ndarray.js'
import { initialState } from '../core/learning/initial-state.js'
import { buildCase, networkCases } from '../properties/network-case.js'
import { snapshot } from '../core/learning/state.js'
import { none } from '../rules/index.js'
import { effectiveSynapses, openSynapses, outDegrees, topologyOf } from '../core/network/topology.js'
import { lineChart, ticks } from './chart.js'
import { page, tableOf } from './html.js'
import {
  auc,
  classMetrics,
  confusion,
  f1Macro,
  f1Micro,
  labelMetrics,
  largest,
  numberMetrics,
  softmaxRows
} from './metrics.js'
import { confusionPicture, degreeBars, degreeMap, topologyPicture } from './pictures.js'
import { escape } from './svg.js'

type Matrix = readonly (readonly number[])[]
const array = (m: Matrix) => ({ shape: [m.length, m[0]!.length] as const, data: Float64Array.from(m.flat()) })

describe('metrics equal those of scikit-learn', () => {
  const v = JSON.parse(readFileSync(new URL('sklearn_values.json', import.meta.url), 'utf8')) as {
    z: Matrix
    truth: number[]
    labels: Matrix
    numbers: Matrix
    predicted: Matrix
    confusion: Matrix
    classes: Record<string, number>
    multilabel: Record<string, number>
    regression: Record<string, number>
  }
  const close = (actual: object, expected: Record<string, number>): void => {
    for (const [k, e] of Object.entries(expected)) expect((actual as Record<string, number>)[k], k).toBeCloseTo(e, 12)
  }
  test('of classes', () => {
    expect(confusion(v.truth, largest(array(v.z)), 4)).toEqual(v.confusion)
    close(classMetrics(array(v.z), v.truth), v.classes)
  })
  test('of labels', () => close(labelMetrics(array(v.z), array(v.labels), 0.6), v.multilabel))
  test('of numbers', () => close(numberMetrics(array(v.predicted), array(v.numbers)), v.regression))
})

test('F1 of empty classes is 0, AUC of one kind alone is undefined', () => {
  expect(
    f1Macro([
      [2, 0],
      [0, 0]
    ])
  ).toBe(0.5)
  expect(
    f1Micro([
      [0, 0],
      [0, 0]
    ])
  ).toBe(0)
  expect(auc([1, 2], [true, true])).toBe(NaN)
  expect(auc([1, 2, 2], [false, true, false])).toBe(0.75)
})

test('probabilities are positive and add up to 1, however large the outputs', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 8 }), row => {
      const p = Array.from(softmaxRows({ shape: [1, row.length], data: Float64Array.from(row) }).data)
      expect(p.reduce((s, x) => s + x, 0)).toBeCloseTo(1, 12)
      expect(p.every(x => x >= 0)).toBe(true)
    })
  )
})

describe('the anatomy of a network', () => {
  // inputs 0, 1; hidden 0, 1, 2; output 0: in0 -> h0 -> h1 -> out, in1 -> out, h2 -> out (no way in), h0 -> h2 closed
  const e = engine(reference(), { ...defaults, initialHidden: 3, maxHidden: 3 }, none)
  const host = initialState(e, 2, 1, 1)
  const open: readonly (readonly [number, number])[] = [
    [0, 1],
    [2, 2],
    [3, 0],
    [1, 0],
    [4, 0]
  ]
  const synapses = tabulate([5, 4], (i, j) => (open.some(([f, t]) => f === i && t === j) ? 1 : -1))
  const s = {
    ...host.model,
    parameters: { ...host.model.parameters, synapses, neurons: filled([1, 3], 1) }
  }

  const of = (steps: number) => ({ ...defaults, steps })

  test('counts open synapses and out-degrees', () => {
    expect(openSynapses(s).map(x => [x.from, x.to])).toEqual([
      [0, 1],
      [1, 0],
      [2, 2],
      [3, 0],
      [4, 0]
    ])
    expect(outDegrees(s)).toEqual([1, 1])
  })
  test('knows which lie on a path of at most L steps', () => {
    expect(effectiveSynapses(s, of(3)).map(x => [x.from, x.to])).toEqual([
      [0, 1],
      [1, 0],
      [2, 2],
      [3, 0]
    ])
    expect(effectiveSynapses(s, of(2)).map(x => [x.from, x.to])).toEqual([[1, 0]])
    expect(topologyOf(s, of(3))).toEqual({
      living: 3,
      open: 3,
      synapses: 5,
      effectiveNeurons: 2,
      effectiveSynapses: 4,
      constantNeurons: 0
    })
  })
  test('takes a bias for a source', () => {
    const biased = { ...s, parameters: { ...s.parameters, biases: tabulate([1, 4], (_, j) => (j === 3 ? 1 : 0)) } }
    expect(effectiveSynapses(biased, of(2)).map(x => [x.from, x.to])).toEqual([
      [1, 0],
      [4, 0]
    ])
    expect(effectiveSynapses(biased, of(1)).map(x => [x.from, x.to])).toEqual([[1, 0]])
  })
  test('leaves out what leaves a closed neuron', () => {
    const closed = { ...s, parameters: { ...s.parameters, neurons: tabulate([1, 3], (_, j) => (j === 1 ? 0 : 1)) } }
    expect(topologyOf(closed, of(3))).toEqual({
      living: 3,
      open: 2,
      synapses: 4,
      effectiveNeurons: 0,
      effectiveSynapses: 1,
      constantNeurons: 0
    })
  })
  test('has at most as many effective synapses as open ones; properties/topology.ts has the rest', async () => {
    await fc.assert(
      fc.asyncProperty(networkCases({ evaluationMasks: 'noiseless' }), async networkCase => {
        const living = await buildCase(reference(), networkCase)
        const state = await snapshot(living.engine.backend, living.state)
        const t = topologyOf(state.model, networkCase.hyperparameters)
        expect(t.effectiveSynapses).toBeLessThanOrEqual(t.synapses)
        expect(t.open).toBeLessThanOrEqual(t.living)
      }),
      { numRuns: 100 }
    )
  })
})

describe('pictures', () => {
  test('ticks are round and inside', () => {
    expect(ticks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100])
    expect(ticks(0.013, 0.052, 4)).toEqual([0.02, 0.03, 0.04, 0.05])
    expect(ticks(3, 3, 5)).toEqual([3])
    expect(ticks(0, Infinity, 5)).toEqual([0])
  })
  test('a chart draws what it is given, gaps and wild numbers included, and is the same each time', () => {
    const draw = (values: readonly number[]): string =>
      lineChart(range(values.length), [{ name: 'a<b', values }], { title: 'T & t', xLabel: 'x', logarithmic: true })
    for (const values of [[1, 2, 3], [], [NaN, NaN], [0, -1], [1e-300, 1e300, NaN, Infinity], [5]]) {
      expect(draw(values)).toBe(draw(values))
      expect(draw(values)).not.toMatch(/NaN|Infinity/)
      expect(draw(values).length).toBeLessThan(10_000)
    }
    expect(draw([1, 2])).toContain('a&#60;b')
    expect(
      draw([1, NaN, 2, 3])
        .match(/ d="([^"]*)"/)![1]!
        .match(/M/g)
    ).toHaveLength(2)
    expect(
      lineChart(range(5000), [{ name: 'n', values: range(5000) }], { title: 't', xLabel: 'x' }).length
    ).toBeLessThan(12_000)
  })
  test('topology, degrees and mistakes are drawn with every neuron, pixel and class', async () => {
    const [networkCase] = fc.sample(networkCases({ initialHidden: 4, maxHidden: 7 }), { numRuns: 1, seed: 1 })
    const living = await buildCase(reference(), networkCase!)
    const s = await snapshot(living.engine.backend, living.state)
    const svg = topologyPicture(s, defaults, { inputs: ['first', 'second'], outputs: ['x', 'y', 'z'] }, undefined)
    expect(svg.match(/<circle/g)).toHaveLength(
      s.model.facts.inputs + s.model.facts.hidden.length + s.model.facts.outputs
    )
    expect(svg).toContain('first')
    expect(svg.match(/<line/g) ?? []).toHaveLength(effectiveSynapses(s.model, defaults).length)
    expect(degreeMap([1, 2, 3, 4, 10, 20, 30, 40], { width: 2, height: 2 })).toMatch(/>11<.*>22<.*>33<.*>44</)
    expect(
      confusionPicture(
        [
          [3, 1],
          [0, 2]
        ],
        ['cat', 'dog']
      )
    ).toMatch(/>3<.*>1<.*>0<.*>2<.*cat.*dog/)
    expect(degreeBars([1, 5, 3], ['a', 'b', 'c'], 2)).toMatch(/b.*>5<.*c.*>3</)
    expect(degreeBars([1, 5, 3], ['a', 'b', 'c'], 2)).not.toContain('>a<')
  })
  test('text from outside is escaped', () => {
    expect(escape(`<script>"&'`)).toBe('&#60;script&#62;&#34;&#38;&#39;')
    expect(page('<b>', tableOf([['<i>'], ['<u>']]))).not.toMatch(/<b>|<i>|<u>/)
  })
})
