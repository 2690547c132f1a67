/**
 * A rule of life of your own.
 *
 * A rule is a function from a census to a verdict. The census holds plain numbers: the epoch, the soft mask of every living
 * hidden neuron, how many were ever born, how long nothing has changed, how long the loss has not improved. The verdict says
 * who dies and how many are born. A rule never sees a tensor, and needs no other knowledge of the engine. Rules are
 * combined by `all`, `when` and `orElse`. The law `ruleIsFunction` judges a rule: same census, same verdict.
 *
 * An estimator takes a rule as a function of its hyperparameters: `fitClassifier(x, y, { rule: () => replaceWeakest(6, 5) })`.
 */
import type { NeuronView, Rule } from '../core/index.js'
import { defaults, engine, initialStateOn, noChange, train } from '../core/index.js'
import { simd } from '../backends/simd.js'
import { samplesOn } from './ring.js'

const weaker = (a: NeuronView, b: NeuronView): NeuronView => (b.mask < a.mask ? b : a)

/** Fills the network up to `size` neurons; then the weakest dies whenever the loss has stood still for `patience` epochs. */
export const replaceWeakest =
  (size: number, patience: number): Rule =>
  ({ hidden, epochsSinceBest }) => {
    if (hidden.length < size) return { dying: new Set(), newborns: 1 }
    const stalled = epochsSinceBest > 0 && epochsSinceBest % patience === 0
    return stalled && hidden.length > 0 ? { dying: new Set([hidden.reduce(weaker).id]), newborns: 0 } : noChange
  }

/** Births and deaths of a training under the rule. */
export const example = async (): Promise<{ readonly born: number; readonly died: number; readonly most: number }> => {
  const b = await simd()
  const h = { ...defaults, epochs: 150, learningRate: 0.05, maxHidden: 20 }
  const e = engine(b, h, replaceWeakest(6, 5)) // this is all that it takes
  const training = samplesOn(b)
  let [born, died, most] = [0, 0, 0]
  for await (const { events, state } of train(e, { training }, initialStateOn(e, 2, 2, 1))) {
    born += events.filter(event => event._tag === 'Born').length
    died += events.filter(event => event._tag === 'Died').length
    most = Math.max(most, state.model.facts.hidden.length)
  }
  b.close()
  return { born, died, most }
}
