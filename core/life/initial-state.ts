/** The state from which a life begins. */
import { anatomyOf, born } from '../network/anatomy.js'
import type { Engine } from './engine.js'
import { filled, tabulate } from '../port/ndarray.js'
import type { NdArray } from '../port/ndarray.js'
import { initialWeights } from './newborn.js'
import type { Parameters } from '../network/parameters.js'
import * as P from '../network/parameters.js'
import type { State } from '../network/state.js'
import { restore, unstarted } from '../network/state.js'
import { allowed } from '../network/wiring.js'

/** A network of inputs, outputs and `initialHidden` hidden neurons before its first epoch, on the host.
 * @example initialState(engine(reference(), defaults, none), 4, 2, 1).parameters.weights.shape // => [4, 2]
 */
export const initialState = <T>(engine: Engine<T>, inputs: number, outputs: number, seed: number): State<NdArray> => {
  const { hyperparameters: h, wiring } = engine
  const anatomy = born(anatomyOf(inputs, outputs), h.initialHidden, 0)
  const hidden = h.initialHidden
  const may = allowed(wiring, anatomy)
  const { data } = initialWeights(h, seed, anatomy)
  const per = (f: (allowed: number, i: number) => number): NdArray => ({ shape: may.shape, data: may.data.map(f) })
  const parameters: Parameters<NdArray> = {
    weights: per((is, i) => (is === 0 ? 0 : (data[i] as number))),
    synapses: per(is => (is === 0 ? 0 : h.initialLogit)),
    biases: filled([1, outputs + hidden]),
    neurons: filled([1, hidden], h.initialLogit),
    scale: filled([1, hidden], 1),
    shift: filled([1, hidden])
  }
  const zero = P.map(parameters, p => filled(p.shape))
  const statistics = (value: number): NdArray => tabulate([h.steps - 1, hidden], () => value)
  return {
    seed,
    epoch: 0,
    updates: 0,
    anatomy,
    wiring: may,
    parameters,
    moments: { first: zero, second: zero },
    running: { mean: statistics(h.newbornMean), variance: statistics(h.newbornVariance) },
    progress: unstarted
  }
}

/** The same on the engine's backend; the caller owns its tensors. */
export const initialStateOn = <T>(engine: Engine<T>, inputs: number, outputs: number, seed: number): State<T> =>
  restore(engine.backend, initialState(engine, inputs, outputs, seed))
