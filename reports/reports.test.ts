import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { engine } from '../core/life/engine.js'
import { defaults } from '../core/network/hyperparameters.js'
import { filled, tabulate } from '../core/port/ndarray.js'
import { initialState } from '../core/learning/initial-state.js'
import { buildCase, networkCases } from '../properties/network-case.js'
import { snapshot } from '../core/learning/state.js'
import { none } from '../rules/index.js'
import { effectiveSynapses, openSynapses, outDegrees, topologyOf } from '../core/network/topology.js'
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
