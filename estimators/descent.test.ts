import { describe, expect, test } from 'vitest'
import { simd } from '../backends/simd.js'
import { fitClassifier, fitRegressor } from './estimator.js'
import { descentOf, evenly, wayDown } from './way-down.js'

/** Three classes, told by two of four columns. */
const rows = Array.from({ length: 240 }, (_, i) => {
  const noise = (k: number): number => Math.sin(i * 12.9898 + k * 78.233)
  return [(i % 3) + 0.6 * noise(1), noise(2), -2 * (i % 3) + noise(3), noise(4)]
})
const classes = rows.map((_, i) => `c${i % 3}`)

describe('the way down', () => {
  test('ends when five in a row miss the score; the last that kept it is chosen, else the best', () => {
    expect(descentOf([0.9, 0.96, 0.94], 0.95)).toEqual({ chosen: 1, kept: true, over: false })
    expect(descentOf([0.9, 0.96, 0.94, 0.95], 0.95)).toEqual({ chosen: 3, kept: true, over: false })
    const misses = [0.94, 0.9, 0.93, 0.92]
    expect(descentOf([0.96, ...misses], 0.95)).toEqual({ chosen: 0, kept: true, over: false })
    expect(descentOf([0.96, ...misses, 0.9], 0.95)).toEqual({ chosen: 0, kept: true, over: true })
    expect(descentOf([0.96, ...misses, 0.95], 0.95)).toEqual({ chosen: 5, kept: true, over: false })
    expect(descentOf([0.8, 0.9, 0.9, 0.7], 0.95)).toEqual({ chosen: 2, kept: false, over: false })
    expect(descentOf([NaN], 0)).toEqual({ chosen: 0, kept: false, over: false })
  })
  test('goes on past large networks that miss a score, which smaller ones may keep, unless it only falls', () => {
    const overfitted = [0.9333, 0.93, 0.9283, 0.93, 0.925, 0.9317]
    expect(descentOf(overfitted, 0.94)).toEqual({ chosen: 0, kept: false, over: false })
    expect(descentOf([...overfitted, 0.94], 0.94)).toEqual({ chosen: 6, kept: true, over: false })
    const falling = [0.9, 0.8, 0.7, 0.6, 0.5]
    expect(descentOf(falling, 0.95)).toEqual({ chosen: 0, kept: false, over: false })
    expect(descentOf([...falling, 0.4], 0.95)).toEqual({ chosen: 0, kept: false, over: true })
    expect(descentOf([0.2, ...falling, 0.5], 0.95)).toEqual({ chosen: 1, kept: false, over: false })
    expect(descentOf([NaN, 0.5, 0.1, 0.2, 0.3, 0.1], 0.95)).toEqual({ chosen: 1, kept: false, over: false })
  })
  test('follows a life, or whatever stages are given, in steps of a share or to numbers', () => {
    const asked = { epochs: 80, learningRate: 0.02, dropout: 0.1 }
    const still = { with: { learningRate: 0.02, dropout: 0.05 } }
    expect(wayDown([], [0.5, 9], asked)).toEqual([
      { name: 'life', epochs: 20 },
      { name: 'consolidate', epochs: 20, ...still },
      { name: 'shrink', epochs: 10, share: 0.5, slope: 0.25, ...still },
      { name: 'prune', epochs: 10, synapses: 9, over: 5, every: 1, slope: 0.25, ...still }
    ])
    const life = { name: 'life', epochs: 7 } as const
    const given = [life, { name: 'prune', epochs: 3 }, { name: 'consolidate', epochs: 4 }]
    expect(wayDown(given, [5], { ...asked, epochs: 8 })).toEqual([
      ...given,
      { name: 'prune', epochs: 1, synapses: 5, over: 0, every: 1, slope: 0.25, ...still }
    ])
    expect(evenly(4000, 1000, 3)).toEqual([4000, 2000, 1000])
    expect(evenly(40, 10, 1)).toEqual([40])
  })
})

describe('a fit with a score to keep', () => {
  test('gives the smallest network that keeps it, says so, shows its stages, and leaves nothing behind', async () => {
    const backend = await simd()
    const before = backend.liveTensors()
    const seen = new Map<number, number>()
    const onEpoch = ({ stage = -1, synapses }: { readonly stage?: number | undefined; readonly synapses: number }) =>
      void seen.set(stage, synapses)
    const easy = await fitClassifier(rows, classes, { backend, targetF1: 0.5, epochs: 80, onEpoch })
    const { target } = easy.stored
    expect(target).toMatchObject({ f1: 0.5, kept: true })
    expect(target?.validation).toBeGreaterThanOrEqual(0.5)
    expect([...seen.keys()].slice(0, 4)).toEqual([0, 1, 2, 3])
    expect([...seen.values()]).toContain(easy.synapses)
    expect(easy.synapses).toBeLessThan(seen.get(1) ?? 0)
    const hard = await fitClassifier(rows, classes, { backend, targetF1: 1, epochs: 16 })
    expect(hard.stored.target).toMatchObject({ f1: 1, kept: false })
    for (const model of [easy, hard]) model.close()
    expect(backend.liveTensors()).toBe(before)
    backend.close()
  })
  test('is refused where there is none', async () => {
    const numbers = rows.map(([a = 0]) => [a])
    await expect(fitRegressor(rows, numbers, { targetF1: 0.9 })).rejects.toThrow(/numbers, which have no F1/)
    const unwatched = { targetF1: 0.9, validationShare: 0 }
    await expect(fitClassifier(rows, classes, unwatched)).rejects.toThrow(/no rows are watched/)
    const both = { targetF1: 0.9, targetSynapses: 10 }
    await expect(fitClassifier(rows, classes, both)).rejects.toThrow(/targetSynapses is given too/)
    const thinned = { targetF1: 0.9, stages: [{ name: 'life', epochs: 5 }, { name: 'thin' }] } as const
    await expect(fitClassifier(rows, classes, thinned)).rejects.toThrow(
      /stages: thin looks for the best of several sizes/
    )
    await expect(fitClassifier(rows, classes, { targetF1: 2 })).rejects.toThrow(/a number from 0 to 1/)
  })
})
