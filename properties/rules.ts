/** Laws of rules and verdicts. */
import * as fc from 'fast-check'
import type { NeuronId } from '../core/network/anatomy.js'
import type { Census, Rule, Verdict } from '../core/life/census.js'
import { concat, noChange } from '../core/life/census.js'
import { frozen, ensure } from './compare.js'

/** Censuses of up to 12 neurons with ascending ids. */
export const censuses: fc.Arbitrary<Census> = fc
  .record({
    epoch: fc.integer({ min: 1, max: 1000 }),
    epochsSinceChange: fc.integer({ min: 1, max: 40 }),
    epochsSinceBest: fc.nat({ max: 100 }),
    dead: fc.nat({ max: 10 }),
    masks: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })
  })
  .map(({ masks, dead, ...rest }) => ({
    ...rest,
    births: masks.length + dead,
    hidden: masks.map((mask, i) => ({ id: (i + dead) as NeuronId, mask }))
  }))

const show = ({ dying, newborns }: Verdict): string => JSON.stringify([[...dying].sort((a, b) => a - b), newborns])

/** A rule is a function: it leaves the census alone and answers alike each time; newborns are a whole number from 0. */
export const ruleIsFunction = (rule: Rule): fc.IProperty<unknown> =>
  fc.property(censuses, census => {
    const before = JSON.stringify(census)
    const [first, second] = [rule(frozen(census)), rule(census)]
    ensure(show(first) === show(second), `${show(first)}, then ${show(second)}`)
    ensure(JSON.stringify(census) === before, 'the census was changed')
    ensure(Number.isInteger(first.newborns) && first.newborns >= 0, `${first.newborns} newborns`)
  })

const verdicts: fc.Arbitrary<Verdict> = fc
  .record({ dying: fc.array(fc.nat({ max: 9 }), { maxLength: 6 }), newborns: fc.nat({ max: 5 }) })
  .map(({ dying, newborns }) => ({ dying: new Set(dying as NeuronId[]), newborns }))

/** Verdicts are a monoid: `concat` is associative and `spare` changes nothing. */
export const verdictsAreMonoid = (): fc.IProperty<unknown> =>
  fc.property(verdicts, verdicts, verdicts, (a, b, c) => {
    ensure(show(concat(concat(a, b), c)) === show(concat(a, concat(b, c))), 'associativity')
    ensure(show(concat(a, noChange)) === show(a) && show(concat(noChange, a)) === show(a), 'identity')
  })

/** Apoptosis kills exactly those below beta times the mean; for beta <= 1 somebody survives. */
export const apoptosisIsThreshold = (rule: (beta: number) => Rule): fc.IProperty<unknown> =>
  fc.property(censuses, fc.double({ min: 0, max: 2, noNaN: true }), (census, beta) => {
    const { dying, newborns } = rule(beta)(census)
    const mean = census.hidden.reduce((sum, c) => sum + c.mask, 0) / census.hidden.length
    ensure(newborns === 0, 'apoptosis bears nobody')
    ensure(
      [...dying].every(id => census.hidden.some(c => c.id === id)),
      'only the living die'
    )
    ensure(
      census.hidden.every(c => dying.has(c.id) === c.mask < beta * mean),
      'the threshold'
    )
    if (beta <= 1 && census.hidden.length > 0) ensure(dying.size < census.hidden.length, 'somebody survives')
  })
