import { expect, test } from 'vitest'
import type { NeuronId } from '../core/network/anatomy.js'
import type { Census, Rule } from '../core/life/census.js'
import { defaults } from '../core/network/hyperparameters.js'
import { FailureError } from '../core/port/failure.js'
import type { SomeRuleChoice } from './index.js'
import {
  all,
  alsoWhenStalled,
  apoptosis,
  growth,
  none,
  orElse,
  paperRule,
  ruleNamed,
  synapseDeath,
  when
} from './index.js'

const census = (masks: readonly number[], rest: Partial<Census> = {}): Census => ({
  epoch: 5,
  births: masks.length,
  epochsSinceChange: 3,
  epochsSinceBest: 0,
  hidden: masks.map((mask, i) => ({ id: (10 + i) as NeuronId, mask })),
  ...rest
})

test('apoptosis: below beta times the mean, not at it', () => {
  expect([...apoptosis(0.5)(census([0.9, 0.1, 0.5])).dying]).toEqual([11]) // mean 0.5
  expect([...apoptosis(0.5)(census([0.75, 0.25, 0.5])).dying]).toEqual([]) // 0.25 is exactly half the mean
  expect(apoptosis(0.5)(census([])).dying.size).toBe(0)
  expect(apoptosis(1)(census([0.4, 0.6])).dying).toEqual(new Set([10]))
})

test('apoptosis at beta 1: equal masks all live, whatever the rounding of their mean', () => {
  for (let n = 1; n <= 300; n++) {
    for (const mask of [0.1, 0.3, 0.7, 1 / 3]) {
      expect(apoptosis(1)(census(Array.from({ length: n }, () => mask))).dying.size, `${n} of ${mask}`).toBe(0)
    }
  }
})

test('growth: from the N-th quiet epoch on, while fewer than the most were born', () => {
  expect(growth(3, 5)(census([], { epochsSinceChange: 2 })).newborns).toBe(0)
  expect(growth(3, 5)(census([], { epochsSinceChange: 3 })).newborns).toBe(1)
  expect(growth(3, 5)(census([], { epochsSinceChange: 9, births: 4 })).newborns).toBe(1)
  expect(growth(3, 5)(census([], { epochsSinceChange: 9, births: 5 })).newborns).toBe(0)
  expect(growth(3, 5)(census([0.1])).dying.size).toBe(0)
})

test('combinators', () => {
  const birth = growth(1, 100)
  const death = apoptosis(0.9)
  const c = census([0.9, 0.1])
  expect(none(c)).toEqual({ dying: new Set(), newborns: 0 })
  expect(all(birth, death, birth)(c)).toEqual({ dying: new Set([11]), newborns: 2 })
  expect(all()(c)).toEqual(none(c))
  expect(orElse(death, birth)(c)).toEqual({ dying: new Set([11]), newborns: 0 })
  expect(orElse(birth, death)(c)).toEqual({ dying: new Set(), newborns: 1 })
  expect(orElse(none, birth)(c).newborns).toBe(1)
  const weak: Rule = () => ({ dying: new Set(), newborns: 0, synapsesUpTo: 0.01 })
  expect(orElse(weak, birth)(c)).toEqual({ dying: new Set(), newborns: 1, synapsesUpTo: 0.01 })
  expect(orElse(all(weak, birth), death)(c)).toEqual({ dying: new Set(), newborns: 1, synapsesUpTo: 0.01 })
  expect(when(({ epoch }) => epoch > 5, birth)(c).newborns).toBe(0)
  expect(when(({ epoch }) => epoch === 5, birth)(c).newborns).toBe(1)
})

test('the paper: a death silences growth, ablations silence their rule', () => {
  const h = { apoptosis: true, beta: 0.9, growth: true, growthPatience: 1, maxHidden: 9, synapseBound: 0 }
  const c = census([0.9, 0.1])
  expect(paperRule(h)(c)).toEqual({ dying: new Set([11]), newborns: 0 })
  expect(paperRule({ ...h, apoptosis: false })(c)).toEqual({ dying: new Set(), newborns: 1 })
  expect(paperRule({ ...h, growth: false })(census([0.5, 0.5]))).toEqual(none(c))
  expect(paperRule({ ...h, maxHidden: 2, apoptosis: false })(c).newborns).toBe(0)
})

test('synapses die every so many epochs, beside what else happens', () => {
  const rule = synapseDeath(0.02, 5)
  expect(rule(census([0.1], { epoch: 10 }))).toEqual({ dying: new Set(), newborns: 0, synapsesUpTo: 0.02 })
  expect(rule(census([0.1], { epoch: 11 }))).toEqual(none(census([])))
  const h = { apoptosis: true, beta: 0.9, growth: true, growthPatience: 1, maxHidden: 99, synapseBound: 0.01 }
  expect(paperRule(h)(census([0.9, 0.1], { epoch: 20 }))).toEqual({
    dying: new Set([11]),
    newborns: 0,
    synapsesUpTo: 0.01
  })
  expect(all(rule, synapseDeath(0.3, 5))(census([], { epoch: 5 })).synapsesUpTo).toBe(0.3)
})

test('another rule: births when the loss has stalled', () => {
  const rule = alsoWhenStalled(4, growth(100, 100))
  expect([0, 3, 4, 5, 8].map(stalled => rule(census([], { epochsSinceBest: stalled })).newborns)).toEqual([
    0, 0, 1, 0, 1
  ])
})

test.each<readonly [() => unknown, string]>([
  [() => apoptosis(NaN), 'apoptosis: beta must be a number from 0 to 1000000, not NaN'],
  [() => growth(-1, 3), 'growth: patience must be a whole number from 1, not -1'],
  [() => growth(1, NaN), 'growth: most must be a whole number from 0, not NaN'],
  [() => synapseDeath(0.5), 'synapseDeath: bound must be a number from 0 to below 0.5, not 0.5'],
  [() => alsoWhenStalled(0, none), 'alsoWhenStalled: epochs must be a whole number from 1, not 0']
])('%# a rule of settings out of range is refused when it is made', (made, said) => {
  expect(made).toThrow(FailureError)
  expect(made).toThrow(said)
  expect(growth(1, Infinity)(census([])).newborns).toBe(1)
})

test('rules by name: the very rules, settings checked', () => {
  const h = { ...defaults, apoptosis: true, beta: 0.9, growth: true, growthPatience: 100 }
  const stalled = census([0.5, 0.5], { epochsSinceBest: 10 })
  const newborns = (choice: SomeRuleChoice, c: Census): number => ruleNamed(choice)(h)(c).newborns
  expect(newborns({ name: 'paper' }, stalled)).toBe(0)
  expect(newborns({ name: 'stalled' }, stalled)).toBe(1)
  expect(newborns({ name: 'stalled', epochs: 4 }, stalled)).toBe(0)
  expect(newborns({ name: 'stalled', epochs: 5 }, stalled)).toBe(1)
  expect(ruleNamed({ name: 'paper' })(h)(census([0.9, 0.1])).dying).toEqual(new Set([11]))
  expect(ruleNamed({ name: 'none' })(h)(census([0.9, 0.1]))).toEqual(none(stalled))
  expect(() => ruleNamed({ name: 'stalld' } as never)).toThrow('rule: stalld is unknown. Did you mean stalled')
  expect(() => ruleNamed({ name: 'toString' } as never)).toThrow('rule: toString is unknown')
  expect(() => ruleNamed({ name: 'stalled', epoch: 3 } as never)).toThrow('epoch is unknown. Did you mean epochs')
  expect(() => ruleNamed({ name: 'none', epochs: 3 } as never)).toThrow('epochs is unknown. It has no settings')
  expect(() => ruleNamed({ name: 'stalled', epochs: 0 })).toThrow('rule stalled: epochs must be a whole number from 1')
})
