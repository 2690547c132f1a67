import { describe, expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { stageNamed } from '../../rules/index.js'
import { adam } from '../learning/adam.js'
import { initialState } from '../learning/initial-state.js'
import type { Optimiser } from '../learning/optimiser.js'
import { sgd } from '../learning/sgd.js'
import type { State } from '../learning/state.js'
import { restore, snapshot } from '../learning/state.js'
import { evaluate } from '../learning/trainable.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import { defaults } from '../network/hyperparameters.js'
import { effectiveSynapses, openSynapses } from '../network/topology.js'
import type { NdArray } from '../port/ndarray.js'
import { sigmoid } from '../port/elementary.js'
import { range } from '../port/ndarray.js'
import { noChange } from './census.js'
import { cubic, prune, strongest } from './pruning.js'
import { engine } from './engine.js'
import { train } from './train.js'

const b = reference()
const settings: Hyperparameters = { ...defaults, steps: 3, maxHidden: 6, initialHidden: 6, initialLogit: 0.5 }

/** A state whose logits, weights and biases are spread, from its own initial draw. */
const spread = (inputs: number, outputs: number, seed: number, h: Hyperparameters = settings): State<NdArray> => {
  const s = initialState(
    engine(b, h, () => noChange),
    inputs,
    outputs,
    seed
  )
  const { weights, synapses, biases } = s.model.parameters
  // every hidden neuron reaches an output, so that what dies dies by its own mask
  const reaches = (i: number): boolean => i >= inputs * synapses.shape[1] && i % synapses.shape[1] === 0
  const logits = synapses.data.map((v, i) => (v === 0 ? 0 : reaches(i) ? 4 : 8 * Math.sin(7 * i + seed)))
  const model = {
    ...s.model,
    parameters: {
      ...s.model.parameters,
      synapses: { shape: synapses.shape, data: logits },
      biases: { shape: biases.shape, data: biases.data.map((_, i) => Math.cos(i)) }
    }
  }
  const moments = { ...s.moments, weights: s.moments.weights.map(m => ({ ...m, data: weights.data.map(w => w * w) })) }
  return { ...s, model, moments }
}

const deadIsZero = ({ model, moments }: State<NdArray>): void => {
  const { wiring } = model.buffers
  const all = [model.parameters.weights, model.parameters.synapses, ...moments.weights, ...moments.synapses]
  for (const { data } of all) expect(data.every((v, i) => wiring.data[i] === 1 || v === 0)).toBe(true)
}

const outputs = async (s: State<NdArray>, x: NdArray): Promise<readonly number[]> => {
  const e = engine(b, settings, () => noChange)
  return Array.from((await b.download(evaluate(e)(restore(b, s), b.constant(x)))).data)
}

describe('synapses die', () => {
  test('whose soft mask is not above the bound, with their moments; the others keep weight, logit and memory', async () => {
    const before = spread(3, 2, 1)
    const bound = 0.05
    const e = engine(b, settings, () => ({ ...noChange, synapsesUpTo: bound }))
    const after = await snapshot(b, await e.assemble(restore(b, before), () => expect.fail('no batch is wanted')))
    const { synapses, weights } = before.model.parameters
    const may = before.model.buffers.wiring.data
    expect(after.model.facts.hidden).toEqual(before.model.facts.hidden)
    expect(Array.from(after.model.buffers.wiring.data)).toEqual(
      Array.from(may, (is, i) => (is === 1 && sigmoid(synapses.data[i] as number) > bound ? 1 : 0))
    )
    deadIsZero(after)
    after.model.buffers.wiring.data.forEach((is, i) => {
      if (is === 0) return
      expect(after.model.parameters.weights.data[i]).toBe(weights.data[i])
      expect(after.model.parameters.synapses.data[i]).toBe(synapses.data[i])
      expect(after.moments.weights[1]?.data[i]).toBe(before.moments.weights[1]?.data[i])
    })
  })

  test('a neuron that none of its own leaves any more dies, and with it what fed it alone', async () => {
    const before = spread(3, 2, 2)
    const { shape, data } = before.model.parameters.synapses
    // all that leaves the first two hidden neurons is as good as closed, but for what joins them to each other
    const logits = data.map((v, i) => {
      const [from, to] = [Math.floor(i / shape[1]), i % shape[1]]
      if (v === 0) return 0
      return from === 3 || from === 4 ? (to === 2 || to === 3 ? 4 : -9) : 4
    })
    const parameters = { ...before.model.parameters, synapses: { shape, data: logits } }
    const e = engine(b, settings, () => ({ ...noChange, synapsesUpTo: 0.01 }))
    const s = { ...before, model: { ...before.model, parameters } }
    const after = await snapshot(b, await e.assemble(restore(b, s), () => expect.fail('no batch is wanted')))
    expect(after.model.facts.hidden).toEqual([2, 3, 4, 5])
    expect(after.model.facts.quiet).toBe(0)
    deadIsZero(after)
  })

  test('nothing is copied where none dies', async () => {
    const s = restore(b, spread(3, 2, 1))
    const e = engine(b, settings, () => ({ ...noChange, synapsesUpTo: 1e-9 }))
    const after = await e.assemble(s, () => expect.fail('no batch is wanted'))
    expect(after.model.parameters.weights).toBe(s.model.parameters.weights)
    expect(after.model.buffers.wiring).toBe(s.model.buffers.wiring)
  })
})

describe('pruned to a number', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('exactly so many are of effect, of seed %d', seed => {
    const { model } = spread(4, 3, seed)
    const all = effectiveSynapses(model, settings).length
    for (let count = 1; count <= all; count++) expect(strongest(model, settings, count).length).toBe(count)
    expect(strongest(model, settings, all + 5).length).toBe(all)
  })

  test('where whatever goes takes another along, those that are too few are filled up', () => {
    // two paths by way of a hidden neuron each, and a weaker second input of the first: 4 or 2 are of effect, or 3 with it
    const h: Hyperparameters = { ...settings, initialHidden: 2, batchNorm: false }
    const s = initialState(
      engine(b, h, () => noChange),
      2,
      2,
      1
    )
    const open = new Map([
      [2, 9],
      [8, 8],
      [3, 7],
      [13, 6],
      [6, 1]
    ]) // by place in 4 x 4, its weight
    const { weights, synapses, neurons, biases } = s.model.parameters
    const parameters = {
      ...s.model.parameters,
      weights: { ...weights, data: weights.data.map((_, k) => open.get(k) ?? 0) },
      synapses: { ...synapses, data: synapses.data.map((_, k) => (open.has(k) ? 1 : -1)) },
      neurons: { ...neurons, data: neurons.data.map(() => 1) },
      biases: { ...biases, data: biases.data.map(() => 0) }
    }
    const kept = (count: number): readonly number[] =>
      strongest({ ...s.model, parameters }, h, count).map(({ weight }) => weight)
    expect([1, 2, 3, 4, 5].map(count => [...kept(count)].sort((p, q) => q - p))).toEqual([
      ...[[], [9, 8], [9, 8, 1], [9, 8, 7, 6], [9, 8, 7, 6, 1]]
    ])
  })

  test('the strongest stay, where all are of effect', () => {
    const flat = { ...settings, initialHidden: 0 }
    const { model } = spread(5, 3, 3, flat)
    const sizes = strongest(model, flat, 1000).map(({ weight }) => Math.abs(weight))
    const four = strongest(model, flat, 4).map(({ weight }) => Math.abs(weight))
    expect([...four].sort()).toEqual(
      [...sizes]
        .sort((p, q) => q - p)
        .slice(0, 4)
        .sort()
    )
  })

  test('a slope weighs |w| by what is remembered of the squared gradients of its sender; an optimiser that keeps none leaves |w|', async () => {
    const flat = { ...settings, initialHidden: 0, initialLogit: 1 }
    const s = spread(5, 3, 3, flat)
    const open = openSynapses(s.model)
    // a seventh has learned nothing, and is no part of a mean
    const v = s.moments.weights[1]?.data.map((_, k) => (k % 7 === 0 ? 0 : 10 ** -(k % 7))) as Float64Array
    const means = range(5).map(i => {
      const known = Array.from(v.slice(3 * i, 3 * i + 3)).filter(value => value > 0)
      return known.reduce((sum, value) => sum + value, 0) / known.length
    })
    const sends = (k: number): number => means[Math.floor(k / 3)] as number
    const state: State<NdArray> = {
      ...s,
      moments: { ...s.moments, weights: s.moments.weights.map((m, i) => (i === 1 ? { ...m, data: v } : m)) }
    }
    const keptBy = async (optimiser: Optimiser, slope: number): Promise<readonly number[]> => {
      const memory = (all: readonly NdArray[]): readonly NdArray[] => all.slice(0, optimiser.memory)
      const moments = Object.fromEntries(Object.entries(state.moments).map(([name, all]) => [name, memory(all)]))
      const living = restore(b, { ...state, moments: moments as unknown as State<NdArray>['moments'] })
      const pruned = await prune(
        engine(b, flat, () => noChange, { optimiser }),
        living,
        4,
        slope
      )
      const { data } = await b.download(pruned.model.buffers.wiring)
      return range(data.length).filter(k => data[k] === 1)
    }
    const strongestBy = (strength: (weight: number, k: number) => number): readonly number[] =>
      open
        .map(({ from, to, weight }) => ({ k: 3 * from + to, size: strength(Math.abs(weight), 3 * from + to) }))
        .sort((p, q) => q.size - p.size)
        .slice(0, 4)
        .map(({ k }) => k)
        .sort((p, q) => p - q)
    expect(await keptBy(adam(), 0.5)).toEqual(strongestBy((w, k) => w * Math.sqrt(sends(k))))
    expect(await keptBy(adam(), 1)).toEqual(strongestBy((w, k) => w * sends(k)))
    expect(await keptBy(adam(), 0)).toEqual(strongestBy(w => w))
    expect(await keptBy(sgd(), 0.5)).toEqual(strongestBy(w => w))
    expect(strongestBy((w, k) => w * Math.sqrt(sends(k)))).not.toEqual(strongestBy(w => w))
    expect(strongestBy((w, k) => w * Math.sqrt(sends(k)))).not.toEqual(
      strongestBy((w, k) => w * Math.sqrt(v[k] as number))
    )
  })

  test('the cubic of Zhu and Gupta: sparsity 0, .52031, .7875, .88594, .9 of 100,000 at quarters of the span', () => {
    const left = [0, 0.25, 0.5, 0.75, 1].map(share => cubic(100_000, 10_000, share))
    expect(left).toEqual([100_000, 47_969, 21_250, 11_406, 10_000])
    expect(cubic(50, 80, 0.5)).toBe(80)
  })
})

describe('stages', () => {
  const x: NdArray = { shape: [6, 4], data: Float64Array.from({ length: 24 }, (_, i) => Math.sin(3 * i)) }
  const y: NdArray = { shape: [6, 3], data: Float64Array.from({ length: 18 }, (_, i) => (i % 4 === 0 ? 1 : 0)) }

  const run = async (stages: Parameters<typeof stageNamed>[0][], start: State<NdArray>) => {
    const held = b.liveTensors()
    const h = { ...settings, epochs: 99 }
    const e = engine(b, h, () => noChange, { stages: stages.map(stageNamed) })
    const data = { training: { x: b.constant(x), y: b.constant(y), weights: [1, 1, 1, 1, 1, 1] } }
    const seen: { readonly state: State<NdArray>; readonly events: readonly string[] }[] = []
    for await (const frame of train(e, data, restore(b, start)))
      seen.push({ state: await snapshot(b, frame.state), events: frame.events.map(({ _tag }) => _tag) })
    b.release([data.training.x, data.training.y])
    expect(b.liveTensors()).toBe(held)
    return seen
  }

  test('a consolidation closes masks as they stand: answers stay, masks keep still, what is dead stays 0', async () => {
    const start = spread(4, 3, 5)
    const frames = await run([{ name: 'consolidate', epochs: 4 }], start)
    const still = ({ model }: State<NdArray>): unknown => [
      model.parameters.synapses,
      model.parameters.neurons,
      model.buffers.wiring
    ]
    const first = frames[0]?.state as State<NdArray>
    for (const { state } of frames) {
      expect(still(state)).toEqual(still(first))
      deadIsZero(state)
    }
    expect(
      first.model.parameters.synapses.data.every((v, i) => v > 0 === (first.model.buffers.wiring.data[i] === 1))
    ).toBe(true)
    expect(frames.map(({ events }) => events)).toEqual([['Entered', ...diedOf(start, first)], [], [], ['Stopped']])
    const frozen = await run([{ name: 'consolidate', epochs: 1, with: { learningRate: 1e-300 } }], start)
    const [was, is] = [await outputs(start, x), await outputs(frozen[0]?.state as State<NdArray>, x)]
    is.forEach((v, i) => expect(v).toBeCloseTo(was[i] as number, 12))
  })

  test('one schedule is its stages one after the other, by snapshot', async () => {
    const start = spread(4, 3, 6)
    const stages = [
      { name: 'life', epochs: 2 },
      { name: 'consolidate', epochs: 3 },
      { name: 'prune', epochs: 2, synapses: 9 }
    ] as const
    const whole = await run([...stages], start)
    const [life] = stages
    const half = (await run([life], start)).at(-1)?.state as State<NdArray>
    const rest = await run([...stages], half)
    expect(rest.at(-1)?.state).toEqual(whole.at(-1)?.state)
    expect(whole.map(({ state }) => state.clock.stage?.index)).toEqual([0, 0, 1, 1, 1, 2, 2])
    const last = whole.at(-1)?.state as State<NdArray>
    expect(effectiveSynapses(last.model, settings).length).toBe(9)
    expect(last.clock.progress.bestEpoch).toBeGreaterThan(5)
  })
})

/** `Died`, once for each neuron that is gone. */
const diedOf = (before: State<NdArray>, after: State<NdArray>): readonly string[] =>
  before.model.facts.hidden.filter(id => !after.model.facts.hidden.includes(id)).map(() => 'Died')

test('a gradual cut leaves enough for the last one, however few of the strongest are of effect', async () => {
  const start = spread(4, 3, 8)
  for (const wanted of [3, 5, 8, 12]) {
    const e = engine(b, { ...settings, epochs: 9 }, () => noChange, {
      stages: [
        stageNamed({ name: 'prune', epochs: 8, synapses: wanted, over: 6, every: 1, with: { learningRate: 1e-9 } })
      ]
    })
    let last: State<NdArray> | undefined
    const x = b.constant({ shape: [4, 4], data: Float64Array.from({ length: 16 }, (_, i) => Math.sin(i)) })
    const y = b.constant({ shape: [4, 3], data: Float64Array.from({ length: 12 }, (_, i) => (i % 4 === 0 ? 1 : 0)) })
    for await (const { state } of train(e, { training: { x, y, weights: [1, 1, 1, 1] } }, restore(b, start)))
      last = await snapshot(b, state)
    expect(effectiveSynapses((last as State<NdArray>).model, settings).length).toBe(wanted)
  }
})
