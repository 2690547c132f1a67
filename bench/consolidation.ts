/** Epochs of a consolidation: masks fixed, most synapses dead, the rest of the network as in `sagp`. */
import type { Backend } from '../core/port/backend.js'
import { initialState } from '../core/learning/initial-state.js'
import { restore } from '../core/learning/state.js'
import { engine } from '../core/life/engine.js'
import { train } from '../core/life/train.js'
import type { NdArray } from '../core/port/ndarray.js'
import { permutation } from '../core/port/random.js'
import { none } from '../rules/index.js'
import { hyperparametersOf, samplesOf } from './problem.js'
import type { Runner } from './sagp.js'
import { runner } from './sagp.js'
import type { Setting } from './setting.js'

/** A network of which `alive` synapses, drawn among all that may exist, are left. */
export const consolidation = <T>(b: Backend<T>, setting: Setting): Runner => {
  const h = { ...hyperparametersOf(setting), trainingMasks: 'noiseless' as const, initialLogit: 1 }
  const e = engine(b, h, none)
  const host = initialState(e, setting.I, setting.O, 1)
  const { wiring } = host.model.buffers
  const may = Array.from(wiring.data.keys()).filter(i => wiring.data[i] === 1)
  const left = new Set(
    permutation([3, 5], may.length)
      .slice(0, setting.alive)
      .map(i => may[i])
  )
  const cleared = ({ shape, data }: NdArray): NdArray => ({ shape, data: data.map((x, i) => (left.has(i) ? x : 0)) })
  const model = {
    ...host.model,
    parameters: { ...host.model.parameters, weights: cleared(host.model.parameters.weights) },
    buffers: { ...host.model.buffers, wiring: cleared(wiring) }
  }
  const frames = train(e, { training: samplesOf(b, setting) }, restore(b, { ...host, model }))
  return runner(frames)
}
