import { expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { paperRule } from '../../rules/paper.js'
import { engine } from '../life/engine.js'
import { defaults } from '../network/hyperparameters.js'
import { filled, range } from '../port/ndarray.js'
import { gestated } from '../life/newborn.js'
import { adam } from './optimiser.js'
import { learningRate } from './schedule.js'
import { clip, debiased, decay } from './optimiser.js'
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
  let slot = { value: one(0.5), first: one(0), second: one(0) }
  for (const t of range(20).map(i => i + 1)) {
    const { first, second } = adam().debias(t)
    slot = adam().update(b, slot, one(Math.sin(t)), {
      rate: 0.01,
      decay: 0,
      debias: { first: one(first), second: one(second) }
    })
  }
  const expected = plainAdam(
    0.5,
    (_, t) => Math.sin(t),
    20,
    () => 0.01
  )
  expect(await read(slot.value)).toBeCloseTo(expected[0], 13)
  expect(await read(slot.first)).toBeCloseTo(expected[1], 13)
  expect(await read(slot.second)).toBeCloseTo(expected[2], 13)
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
  const of = (h: Partial<typeof defaults>) => P.names.map(name => decay({ ...defaults, weightDecay: 0.1, ...h }, name))
  expect(of({})).toEqual([0.1, 0, 0.1, 0, 0, 0])
  expect(of({ batchNorm: true })).toEqual([0.1, 0, 0.1, 0, 0.1, 0.1])
  expect(of({ decayMasks: true })).toEqual([0.1, 0.1, 0.1, 0.1, 0, 0])
})

test('clipping leaves a small gradient alone and brings a large one to the limit', async () => {
  const gradient = P.build(name => b.constant(filled([1, 2], name === 'weights' ? 3 : 0)))
  const norm = async (limit: number): Promise<number> => {
    const clipped = clip(b, gradient, limit)
    const all = await Promise.all(P.leaves(clipped).map(async t => Array.from((await b.download(t)).data)))
    return Math.sqrt(all.flat().reduce((s, v) => s + v * v, 0))
  }
  expect(await norm(0)).toBeCloseTo(Math.sqrt(18), 12)
  expect(await norm(100)).toBeCloseTo(Math.sqrt(18), 12)
  expect(await norm(2)).toBeCloseTo(2, 12)
  expect(clip(b, gradient, 0)).toBe(gradient)
})

test("each entry's own age divides its moments, the younger end of a synapse counting", async () => {
  const a = born(born(anatomyOf(1, 1), 1, 0), 1, 7) // born before updates 1 and 8
  const of = async (name: P.Name) => Array.from((await b.download(debiased(b, adam(), 'own', a, 10)(name).first)).data)
  const [old, young] = [Math.fround(1 - 0.9 ** 10), Math.fround(1 - 0.9 ** 3)]
  expect(await of('neurons')).toEqual([old, young])
  expect(await of('biases')).toEqual([old, old, young])
  // rows: input, first, second; columns: output, first, second
  expect(await of('weights')).toEqual([old, old, young, old, old, young, young, young, young])
  const global = debiased(b, adam(), 'global', a, 10)('weights')
  expect((await b.download(global.second)).data[0]).toBeCloseTo(1 - 0.999 ** 10, 7)
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
    expect(await read(made.first)).toBeCloseTo(expected[1], 8)
    expect(await read(made.second)).toBeCloseTo(expected[2], 10)
  }
  const still = gestated(e, { epoch: 9, updates: 9 }, 'synapses', one(0.3))
  expect(await read(still.value)).toBe(0.3)
})
