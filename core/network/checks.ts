/** The doors of the library check what the command line does: hyperparameters by their table, seeds. */
import { mustFit, shown } from '../port/checks.js'
import { refuse } from '../port/failure.js'
import { hint } from '../port/nearest.js'
import type { Hyperparameters } from './hyperparameters.js'
import { hyperparameterNames, hyperparameterRows } from './hyperparameters.js'

/** The very hyperparameters, if all of them are there, known, in their ranges and not against each other.
 * @throws FailureError
 */
export const checkedHyperparameters = (h: Hyperparameters, where: string = 'hyperparameters'): Hyperparameters => {
  const given: unknown = h
  if (typeof given !== 'object' || given === null)
    return refuse(where, `they must be an object, not ${shown(given)}`, 'Begin with defaults or a preset')
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

/** Refuses numbers of inputs and outputs that no network has.
 * @throws FailureError
 */
export const checkSides = (inputs: number, outputs: number): void => {
  mustFit('network', 'inputs', { whole: [1] }, inputs)
  mustFit('network', 'outputs', { whole: [1] }, outputs)
}
