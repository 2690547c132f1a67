/** The rules at the start of an epoch: census, verdict, and its execution. */
import type { Hyperparameters } from '../network/hyperparameters.js'
import type { EpochId, UpdateId } from '../network/layer.js'
import type { GraphPerceptron } from '../network/parameters.js'
import { mustFit, shown } from '../port/checks.js'
import { sigmoid } from '../port/elementary.js'
import { refuse } from '../port/failure.js'
import { address, logistic, Purpose } from '../port/random.js'
import type { TrainedPerceptron } from './birth-and-death.js'
import { addNewborns, checkDying, removeDying, trainedTensors } from './birth-and-death.js'
import type { Census, Verdict } from './census.js'
import type { Life } from './life.js'
import { newborns } from './newborn.js'
import type { Compute } from '../network/compute.js'

/** The census of the epoch that begins: one read of |H| numbers. */
export const takeCensus = async <T>(
  { backend: b, hyperparameters: h }: Compute<T>,
  { facts, parameters }: GraphPerceptron<T>,
  { seed, epoch, updates, bestEpoch }: EpochId
): Promise<Census> => {
  const { hidden, births, quiet } = facts
  const logits = hidden.length === 0 ? [] : (await b.download(parameters.neurons)).data
  const noise = h.apoptosisNoise ? logistic(address(seed, epoch, Purpose.neuron, updates), [0], hidden) : []
  return {
    epoch: epoch + 1,
    hidden: hidden.map((id, i) => ({ id, mask: sigmoid(((logits[i] as number) + (noise[i] ?? 0)) / h.tau) })),
    births,
    epochsSinceChange: quiet + 1,
    epochsSinceBest: epoch - bestEpoch
  }
}

/** The very verdict, if it is one.
 * @throws FailureError
 */
export const checkedVerdict = (verdict: Verdict): Verdict => {
  const [where, given]: readonly [string, unknown] = ["the rule's verdict", verdict]
  if (typeof given !== 'object' || given === null)
    return refuse(where, `it is ${shown(given)}`, 'Return { dying: new Set(), newborns: 0 } for no change')
  checkDying(where, verdict.dying)
  mustFit(where, 'newborns', { whole: [0] }, verdict.newborns)
  if (verdict.synapsesUpTo !== undefined)
    mustFit(where, 'synapsesUpTo', { number: [0, 0.5], open: 'max' }, verdict.synapsesUpTo)
  return verdict
}

/** A verdict made possible: only the living die, and never are more than `maxHidden` born. */
export const clampVerdict = (h: Pick<Hyperparameters, 'maxHidden'>, census: Census, verdict: Verdict): Verdict => ({
  ...verdict,
  dying: new Set(census.hidden.map(({ id }) => id).filter(id => verdict.dying.has(id))),
  newborns: Math.max(0, Math.min(verdict.newborns, h.maxHidden - census.births))
})

/** Executes a verdict, deaths before births. A death sets the count of quiet epochs to 0, and so may a birth. */
export const applyVerdict =
  <T>(life: Life<T>) =>
  (trained: TrainedPerceptron<T>, { dying, newborns: count }: Verdict, at: UpdateId): TrainedPerceptron<T> => {
    const { backend: b, hyperparameters: h } = life
    const { facts } = trained.model
    const reset = dying.size > 0 || (count > 0 && h.birthResetsQuiet)
    const aged = {
      ...trained,
      model: { ...trained.model, facts: { ...facts, quiet: reset ? 0 : facts.quiet + 1 } }
    }
    return b.scope(() => {
      const survivors = removeDying(b)(aged, dying)
      if (count === 0) return survivors
      return addNewborns(life)(survivors, newborns(life)(survivors.model.facts, count, at), at.updates)
    }, trainedTensors)
  }
