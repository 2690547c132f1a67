import { expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { paperRule } from '../../rules/paper.js'
import { engine } from '../life/engine.js'
import { defaults } from '../network/hyperparameters.js'
import { filled, range } from '../port/ndarray.js'
import { gestated } from '../life/newborn.js'
import { adam, debias } from './adam.js'
import { adamDefaults } from '../port/adam.js'
import { learningRate } from './schedule.js'
import { clip } from './optimiser.js'
import { decayOf, graphPerceptron } from '../network/graph-perceptron.js'
import { valuesOf } from '../network/model.js'
import { withoutLoops } from '../network/wiring.js'
import type { Optimiser, Slot } from './optimiser.js'
import { optimiserNamed, optimisers } from './optimisers.js'
import { checkedChoice } from '../port/recipes.js'
import { sgd } from './sgd.js'
import { born, anatomyOf } from '../network/anatomy.js'
import * as P from '../network/parameters.js'

const b = reference()
const one = (v: number) => b.constant({ shape: [1, 1], data: Float64Array.of(v) })
const read = async (t: ReturnType<typeof one>): Promise<number> => (await b.download(t)).data[0]!

/** Adam by its paper, on plain numbers. */
const plainAdam = (
  start: number,
  gradients: (x: number, t: number) => number,
  updates: number,
  rate: (t: number) => number
): readonly [number, number, number] => {
  let [x, m, v] = [start, 0, 0]
  for (const t of range(updates).map(i => i + 1)) {
    const g = gradients(x, t)
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    x -= (rate(t) * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8)
  }
  return [x, m, v]
}

test('adam follows its paper', async () => {
  let slot: Slot<ReturnType<typeof one>> = { value: one(0.5), memory: [one(0), one(0)] }
  for (const t of range(20).map(i => i + 1)) {
    const corrections = adam().corrections(b, t)
    slot = adam().update(b, slot, one(Math.sin(t)), { rate: 0.01, decay: 0, corrections })
  }
  const expected = plainAdam(
    0.5,
    (_, t) => Math.sin(t),
    20,
    () => 0.01
  )
  expect(await read(slot.value)).toBeCloseTo(expected[0], 13)
  expect(await read(slot.memory[0]!)).toBeCloseTo(expected[1], 13)
  expect(await read(slot.memory[1]!)).toBeCloseTo(expected[2], 13)
})

test('the learning rate is constant, or falls along a cosine to 0 at the last epoch', () => {
  const h = { ...defaults, learningRate: 0.02, epochs: 100 }
  expect([0, 50, 100].map(e => learningRate(h, e))).toEqual([0.02, 0.02, 0.02])
  const cosine = { ...h, schedule: 'cosine' as const }
  expect(learningRate(cosine, 0)).toBe(0.02)
  expect(learningRate(cosine, 50)).toBeCloseTo(0.01, 15)
  expect(learningRate(cosine, 25)).toBeCloseTo(0.01 * (1 + Math.SQRT1_2), 15)
  expect(learningRate(cosine, 100)).toBe(0)
  expect(learningRate(cosine, 150)).toBe(0)
})

test('weight decay is for weights, biases and norm parameters in use, for mask logits only if asked', () => {
  const of = (h: Partial<typeof defaults>) =>
    P.names.map(name => decayOf({ ...defaults, weightDecay: 0.1, ...h }, name))
  expect(of({})).toEqual([0.1, 0, 0.1, 0, 0, 0])
  // BatchNorm takes a hidden bias out again: it is not learned, and does not decay
  expect(of({ batchNorm: true })).toEqual([0.1, 0, 0, 0, 0.1, 0.1])
  expect(of({ batchNorm: true, outputBias: true })).toEqual([0.1, 0, 0.1, 0, 0.1, 0.1])
  expect(of({ decayMasks: true })).toEqual([0.1, 0.1, 0.1, 0.1, 0, 0])
})

test('clipping leaves a small gradient alone and brings a large one to the limit', async () => {
  const gradient = P.build(name => b.constant(filled([1, 2], name === 'weights' ? 3 : 0)))
  const norm = async (limit: number): Promise<number> => {
    const clipped = clip(b, gradient, limit)
    const all = await Promise.all(valuesOf(clipped).map(async t => Array.from((await b.download(t)).data)))
    return Math.sqrt(all.flat().reduce((s, v) => s + v * v, 0))
  }
  expect(await norm(0)).toBeCloseTo(Math.sqrt(18), 12)
  expect(await norm(100)).toBeCloseTo(Math.sqrt(18), 12)
  expect(await norm(2)).toBeCloseTo(2, 12)
  expect(clip(b, gradient, 0)).toBe(gradient)
})

test("each entry's own age divides its moments, the younger end of a synapse counting", async () => {
  const a = born(born(anatomyOf(1, 1), 1, 0), 1, 7) // born before updates 1 and 8
  const empty = b.constant(filled([0, 0]))
  const model = { facts: a, parameters: P.build(() => empty), buffers: { wiring: empty, mean: empty, variance: empty } }
  const ages = (h: Partial<typeof defaults>, name: P.Name) =>
    graphPerceptron({ backend: b, hyperparameters: { ...defaults, ...h } }, withoutLoops).age(model, name, 10)
  const of = async (name: P.Name) => {
    const [first] = adam().corrections(b, ages({ biasCorrection: 'own' }, name))
    return Array.from((await b.download(first!)).data)
  }
  const [old, young] = [debias(adamDefaults, 10).first, debias(adamDefaults, 3).first]
  expect(await of('neurons')).toEqual([old, young])
  expect(await of('biases')).toEqual([old, old, young])
  // rows: input, first, second; columns: output, first, second
  expect(await of('weights')).toEqual([old, old, young, old, old, young, young, young, young])
  expect(ages({ biasCorrection: 'own', newborn: 'gestated' }, 'weights')).toBe(10)
  expect(ages({}, 'weights')).toBe(10)
  expect(debias(adamDefaults, 10).second).toBeCloseTo(1 - 0.999 ** 10, 12)
})

test('SGD with momentum follows its formula', async () => {
  let slot: Slot<ReturnType<typeof one>> = { value: one(0.5), memory: [one(0)] }
  let [x, v] = [0.5, 0]
  for (const t of range(20).map(i => i + 1)) {
    slot = sgd(0.8).update(b, slot, one(Math.sin(t)), { rate: 0.01, decay: 0.1, corrections: [] })
    v = 0.8 * v + Math.sin(t) + 0.1 * x
    x -= 0.01 * v
  }
  expect(await read(slot.value)).toBeCloseTo(x, 13)
  expect(await read(slot.memory[0]!)).toBeCloseTo(v, 13)
})

test('a gestated newborn is what Adam makes of decay alone, learning rate by epoch included', async () => {
  const h = {
    ...defaults,
    weightDecay: 0.01,
    learningRate: 0.02,
    schedule: 'cosine' as const,
    epochs: 100,
    newborn: 'gestated' as const
  }
  const e = engine(b, h, paperRule(h))
  for (const [epoch, updates] of [
    [0, 0],
    [1, 1],
    [50, 150],
    [70, 70]
  ] as const) {
    const made = gestated(e, { epoch, updates }, 'weights', one(0.3))
    const rate = (t: number): number => learningRate(h, Math.floor((t - 1) / (updates / epoch)))
    const expected = plainAdam(0.3, x => 0.01 * x, updates, rate)
    expect(await read(made.value)).toBeCloseTo(expected[0], 6)
    expect(await read(made.memory[0]!)).toBeCloseTo(expected[1], 8)
    expect(await read(made.memory[1]!)).toBeCloseTo(expected[2], 10)
  }
  const still = gestated(e, { epoch: 9, updates: 9 }, 'synapses', one(0.3))
  expect(await read(still.value)).toBe(0.3)
})

test('optimisers by name: every one of the table, with its defaults or with settings', async () => {
  for (const name of ['adam', 'sgd'] as const) expect(optimiserNamed({ name }).name).toBe(name)
  expect(checkedChoice('optimiser', optimisers, { name: 'adam' })).toEqual({ name: 'adam', ...adamDefaults })
  const moved = async (optimiser: Optimiser): Promise<unknown> => {
    let slot = { value: one(0.5), memory: range(optimiser.memory).map(() => one(0)) } as Slot<ReturnType<typeof one>>
    for (const t of [1, 2, 3]) {
      const corrections = optimiser.corrections(b, t)
      slot = optimiser.update(b, slot, one(Math.sin(t)), { rate: 0.01, decay: 0, corrections })
    }
    return read(slot.value)
  }
  expect(await moved(optimiserNamed({ name: 'adam' }))).toBe(await moved(adam()))
  const settings = { b1: 0.8, b2: 0.9, epsilon: 0.1 }
  expect(await moved(optimiserNamed({ name: 'adam', ...settings }))).toBe(await moved(adam(settings)))
  expect(await moved(optimiserNamed({ name: 'sgd' }))).toBe(await moved(sgd(0.9)))
  expect(await moved(optimiserNamed({ name: 'sgd', momentum: 0.5 }))).toBe(await moved(sgd(0.5)))
  expect(() => optimiserNamed({ name: 'sgd', momentum: 1 })).toThrow('momentum must be a number from 0 to below 1')
  expect(() => sgd(2)).toThrow('sgd: momentum must be a number from 0 to below 1, not 2. Give one in that range.')
  expect(() => sgd({ momentun: 0.1 } as never)).toThrow(
    'sgd: momentum must be a number from 0 to below 1, not {"momentun"'
  )
  expect(() => adam({ b1: 2 })).toThrow('adam: b1 must be a number from 0 to below 1, not 2')
  expect(() => adam({ b3: 0 } as never)).toThrow('adam: b3 is unknown. Did you mean')
  expect(await moved(adam({ b1: 0.8 }))).toBe(await moved(adam({ ...adamDefaults, b1: 0.8 })))
  expect(() => optimiserNamed({ name: 'adan' } as never)).toThrow('optimiser: adan is unknown. Did you mean adam')
})
