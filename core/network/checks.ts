/** The doors of the library check what the command line does: hyperparameters by their table, seeds. */
import { fitsKind, kindCure, kindName, shown } from '../port/checks.js'
import type { Kind } from '../port/checks.js'
import { failure, FailureError } from '../port/failure.js'
import { hint } from '../port/nearest.js'
import type { Hyperparameters } from './hyperparameters.js'
import { hyperparameterNames, hyperparameterRows } from './hyperparameters.js'

const refuse = (where: string, what: string, cure: string): never => {
  throw new FailureError(failure('usage', where, what, cure))
}

const mustFit = (where: string, name: string, kind: Kind, u: unknown): void => {
  if (!fitsKind(kind, u)) refuse(where, `${name} must be ${kindName(kind)}, not ${shown(u)}`, kindCure(kind, u))
}

/** The very hyperparameters, if all of them are there, known, in their ranges and not against each other.
 * @throws FailureError
 */
export const checkedHyperparameters = (h: Hyperparameters, where: string = 'hyperparameters'): Hyperparameters => {
  for (const name of Object.keys(h)) {
    if (!Object.hasOwn(hyperparameterRows, name)) refuse(where, `${name} is unknown`, hint(name, hyperparameterNames))
  }
  for (const name of hyperparameterNames) {
    if ((h[name] as unknown) === undefined) refuse(where, `${name} is missing`, 'Begin with defaults or a preset')
    mustFit(where, name, hyperparameterRows[name], h[name])
  }
  if (h.initialHidden > h.maxHidden) {
    const what = `initialHidden ${h.initialHidden} is more than the ${h.maxHidden} that may ever be born`
    refuse(where, what, 'Lower it, or raise maxHidden')
  }
  return h
}

/** A seed, if it is one: a whole number from 0 to 2^53 - 1.
 * @throws FailureError
 */
export const checkedSeed = (seed: number): number => {
  mustFit('seed', 'it', { whole: [0] }, seed)
  return seed
}
