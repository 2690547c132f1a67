/** The rules at the start of an epoch: census, verdict, and its execution. */
import { sigmoid } from '../port/elementary.js'
import type { Census, Verdict } from './census.js'
import type { Engine } from './engine.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import { apoptose, grow } from './birth-and-death.js'
import { newborns } from './newborn.js'
import { address, logistic, Purpose } from '../port/random.js'
import type { State } from '../network/state.js'
import { tensors } from '../network/state.js'

/** The census of the epoch that begins: one read of |H| numbers. */
export const takeCensus = async <T>({ backend: b, hyperparameters: h }: Engine<T>, s: State<T>): Promise<Census> => {
  const { hidden, births, quiet } = s.anatomy
  const logits = hidden.length === 0 ? [] : (await b.download(s.parameters.neurons)).data
  const noise = h.apoptosisNoise ? logistic(address(s.seed, s.epoch, Purpose.neuron, s.updates), [0], hidden) : []
  return {
    epoch: s.epoch + 1,
    hidden: hidden.map((id, i) => ({ id, mask: sigmoid(((logits[i] as number) + (noise[i] ?? 0)) / h.tau) })),
    births,
    epochsSinceChange: quiet + 1,
    epochsSinceBest: s.epoch - s.progress.bestEpoch
  }
}

/** A verdict made possible: only the living die, and never are more than `maxHidden` born. */
export const clampVerdict = (h: Pick<Hyperparameters, 'maxHidden'>, census: Census, verdict: Verdict): Verdict => ({
  dying: new Set(census.hidden.map(citizen => citizen.id).filter(id => verdict.dying.has(id))),
  newborns: Math.max(0, Math.min(verdict.newborns, h.maxHidden - census.births))
})

/** Executes a verdict, deaths before births. A death sets the count of quiet epochs to 0, and so may a birth. */
export const applyVerdict =
  <T>(engine: Engine<T>, { dying, newborns: count }: Verdict) =>
  (s: State<T>): State<T> => {
    const reset = dying.size > 0 || (count > 0 && engine.hyperparameters.birthResetsQuiet)
    const aged = { ...s, anatomy: { ...s.anatomy, quiet: reset ? 0 : s.anatomy.quiet + 1 } }
    return engine.backend.scope(() => {
      const survivors = apoptose(engine)(dying)(aged)
      return count === 0 ? survivors : grow(engine)(newborns(engine)(count)(survivors))(survivors)
    }, tensors)
  }
