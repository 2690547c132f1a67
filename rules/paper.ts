/** The paper's two rules (Algorithm 1, lines 7-11). */
import type { Rule } from '../core/life/census.js'
import { noChange } from '../core/life/census.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { hyperparameterRows } from '../core/network/hyperparameters.js'
import { mustFit } from '../core/port/checks.js'
import { all, none, orElse } from './rule.js'

/**
 * Apoptosis: a neuron dies when its soft mask is below `beta` times the mean of all.
 * @param beta from 0; up to 1 the last neuron never dies
 * @throws FailureError if beta is out of its range
 * @example apoptosis(0.5)({ epoch: 1, hidden: [{ id: 7, mask: 0.1 }, { id: 8, mask: 0.9 }], births: 9, epochsSinceChange: 1, epochsSinceBest: 0 }).dying // => new Set([7])
 */
export const apoptosis = (beta: number): Rule => {
  mustFit('apoptosis', 'beta', hyperparameterRows.beta, beta)
  return ({ hidden }) => {
    const largest = hidden.reduce((most, { mask }) => Math.max(most, mask), 0)
    // rounding may lift the mean of equal masks above all of them
    const mean = Math.min(hidden.reduce((sum, { mask }) => sum + mask, 0) / hidden.length, largest)
    return { dying: new Set(hidden.filter(({ mask }) => mask < beta * mean).map(({ id }) => id)), newborns: 0 }
  }
}

/** Growth: a neuron is born after `patience` quiet epochs, while fewer than `most` were ever born.
 * @throws FailureError if patience is no whole number from 1, or most none from 0 and not Infinity
 * @example growth(10, 128)({ epoch: 10, hidden: [], births: 0, epochsSinceChange: 10, epochsSinceBest: 0 }).newborns // => 1
 */
export const growth = (patience: number, most: number): Rule => {
  mustFit('growth', 'patience', { whole: [1] }, patience)
  // the engine's maxHidden holds in any case
  if (most !== Infinity) mustFit('growth', 'most', { whole: [0] }, most)
  return ({ epochsSinceChange, births }) => ({
    dying: new Set(),
    newborns: epochsSinceChange >= patience && births < most ? 1 : 0
  })
}

/**
 * Death of synapses, every `every` epochs: those whose soft mask without noise is not above `bound` leave for good ("the
 * synapses continue to prune slowly"; the paper leaves them closed, at their full cost).
 * @param bound from 0 to below 1/2
 * @throws FailureError if bound is out of its range, or every no whole number from 1
 * @example synapseDeath(0.01)({ epoch: 20, hidden: [], births: 0, epochsSinceChange: 1, epochsSinceBest: 0 }).synapsesUpTo // => 0.01
 */
export const synapseDeath = (bound: number, every: number = 10): Rule => {
  mustFit('synapseDeath', 'bound', { number: [0, 0.5], open: 'max' }, bound)
  mustFit('synapseDeath', 'every', { whole: [1] }, every)
  return ({ epoch }) => (epoch % every === 0 ? { ...noChange, synapsesUpTo: bound } : noChange)
}

/** The paper's two as the hyperparameters want them: an epoch that sees a death sees no birth; and death of synapses, if they want it. */
export const paperRule = (
  h: Pick<Hyperparameters, 'apoptosis' | 'beta' | 'growth' | 'growthPatience' | 'maxHidden' | 'synapseBound'>
): Rule => {
  const rule = orElse(h.apoptosis ? apoptosis(h.beta) : none, h.growth ? growth(h.growthPatience, h.maxHidden) : none)
  return h.synapseBound === 0 ? rule : all(rule, synapseDeath(h.synapseBound))
}
