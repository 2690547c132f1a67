/** How networks are chosen and compared, by numbers worked out by hand. */
import { describe, expect, test } from 'vitest'
import { pricedLoss } from '../core/life/price.js'
import type { Candidate, Screened } from './ablation-rules.js'
import { comparisons, folds, judged, presetRule, pricedAs, rules, ruleText, worthOf } from './ablation-rules.js'
import type { VariantName } from './ablation-variants.js'

/** A candidate of so many synapses, the same losses and scores on both halves unless said. */
const candidate = (
  synapses: number,
  loss: readonly number[],
  score: number,
  other: { readonly loss?: readonly number[]; readonly score?: number } = {}
): Candidate => ({ synapses, losses: [loss, other.loss ?? loss], scores: [score, other.score ?? score] })

const screened = (
  problem: string,
  variant: VariantName,
  candidates: readonly Candidate[],
  rest: Partial<Screened> = {}
): Screened => ({ problem, variant, seed: 101, rows: 1000, size: 100, candidates, ...rest })

describe('a choice', () => {
  test("prices a network as the preset's contests do", () => {
    for (const [loss, synapses] of [
      [0.1, 10],
      [2, 90],
      [0.3, 250]
    ] as const)
      expect(pricedAs(candidate(synapses, [loss], 1), 0, { rows: 1000, size: 100 }, presetRule)).toBe(
        pricedLoss(loss, synapses, 100)
      )
  })

  test('takes the best of the temperatures if it calibrates, and rows into account', () => {
    const sure = candidate(50, [0.9, 0.2], 1)
    const at = (rule: typeof presetRule, rows = 1000): number => pricedAs(sure, 0, { rows, size: 100 }, rule)
    expect(at(presetRule)).toBeCloseTo(0.2 * Math.SQRT2, 12)
    expect(at({ ...presetRule, calibrated: false })).toBeCloseTo(0.9 + 0.3 * (Math.SQRT2 - 1), 12)
    expect(at({ ...presetRule, calibrated: false, learnable: Infinity })).toBeCloseTo(0.9 * Math.SQRT2, 12)
    expect(at(presetRule, 1)).toBeCloseTo(0.2 * 2 ** (50 / 20), 12) // one row speaks for 20 synapses
    expect(at({ ...presetRule, synapsesPerRow: Infinity }, 1)).toBeCloseTo(0.2 * Math.SQRT2, 12)
    expect(at({ ...presetRule, price: 1 })).toBe(0.2)
  })

  test('is made by one half and judged by the other, both ways', () => {
    const first = candidate(10, [0.1], 0.5, { loss: [0.5], score: 0.9 })
    const second = candidate(20, [0.5], 0.6, { loss: [0.1], score: 0.8 })
    // the first half chooses the first network, judged .9 by the second; the second half the second, judged .6
    expect(worthOf(screened('p', 'preset', [first, second]), presetRule)).toEqual({ score: 0.75, synapses: 15 })
  })
})

test('rules are told by what differs', () => {
  expect(rules.map(ruleText)).toEqual([
    ...['', 'losses at temperature 1 alone', 'all of a loss is priced', 'rows do not matter'],
    ...['no price', 'price 3', 'price 4', 'price 9']
  ])
})

test('problems count alike, however many seeds they have; synapses by weights count as they are', () => {
  const of = (problem: string, seed: number, score: number, synapses: number, size: number): Screened =>
    screened(problem, 'preset', [candidate(synapses, [0.1], score)], { seed, size })
  const all = [of('a', 101, 0.5, 10, 100), of('a', 102, 0.7, 20, 100), of('b', 101, 1, 60, 400)]
  expect(judged(all, presetRule).score).toBeCloseTo((0.6 + 1) / 2, 12)
  expect(judged(all, presetRule).ratio).toBeCloseTo(90 / 600, 12)
})

test('a variant is compared with the preset on the problems and seeds that both have', () => {
  const one = (problem: string, variant: VariantName, score: number): Screened =>
    screened(problem, variant, [candidate(5, [0.1], score)])
  const found = comparisons([one('a', 'preset', 0.8), one('b', 'preset', 0.1), one('a', 'no-life', 0.6)])
  expect(found[0]).toMatchObject({ variant: 'preset', problems: 2, score: 0.45, preset: { score: 0.45 } })
  expect(found[1]).toMatchObject({ variant: 'no-life', problems: 1, score: 0.6, preset: { score: 0.8 } })
  expect(found[1]?.gap.mean).toBeCloseTo(-0.2, 12)
  expect(found[1]?.scores).toEqual({ a: 0.6 })
  expect(found.slice(2).map(({ rule }) => rule)).toEqual(rules.slice(1))
})

test('each third of the problems is left out once; what the others choose has at most a tenth of the weights', () => {
  const problems = ['a', 'b', 'c']
  const of = (variant: VariantName, score: number, synapses: number): readonly Screened[] =>
    problems.map((problem, i) =>
      screened(problem, variant, [candidate(synapses, [0.1], score + i / 10)], { size: 1000 })
    )
  const made = folds([...of('preset', 0.5, 50), ...of('no-life', 0.6, 40), ...of('no-bias', 0.7, 400)])
  expect(made.map(({ left, variant }) => [left, variant])).toEqual(problems.map(p => [[p], 'no-life']))
  made.forEach(({ score, preset, worst }, i) => {
    expect([score, preset, worst]).toEqual([0.6, 0.5, 0.5].map(v => expect.closeTo(v + i / 10, 12) as number))
  })
  expect(folds(of('preset', 0.5, 500)), 'none is small enough').toEqual([])
})
