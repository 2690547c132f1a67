/** Answers of a network with a tenth of its synapses alive: by their list, or as the dense matrix that it came from. */
import type { Backend } from '../core/port/backend.js'
import { compile } from '../core/learning/trainable.js'
import { engine } from '../core/life/engine.js'
import { initialState } from '../core/learning/initial-state.js'
import { restore } from '../core/learning/state.js'
import { range } from '../core/port/ndarray.js'
import { uniform } from '../core/port/random.js'
import { none } from '../rules/index.js'
import { hyperparametersOf } from './problem.js'
import type { Runner } from './sagp.js'
import type { Setting } from './setting.js'

/** Share of the synapses that is open. */
const ALIVE = 0.1

const answering =
  (form: 'sparse' | 'dense') =>
  <T>(b: Backend<T>, setting: Setting): Runner => {
    const { B, I, O } = setting
    const kernels = form === 'dense' ? { ...b.kernels, sparse: (t: T): T => t } : b.kernels
    const e = engine({ ...b, kernels }, { ...hyperparametersOf(setting), initialLogit: 1 }, none)
    const host = initialState(e, I, O, 1)
    const { shape } = host.model.parameters.synapses
    const drawn = uniform([7, 8], range(shape[0]), range(shape[1]), 1)
    const synapses = { shape, data: drawn.map(u => (u < 2 * ALIVE - 1 ? 1 : -1)) }
    const parameters = { ...host.model.parameters, synapses }
    const model = compile(e)(restore(b, { ...host, model: { ...host.model, parameters } }))
    const rows = { shape: [B, I] as const, data: uniform([1, 2], range(B), range(I), 1) }
    // one row comes from outside each time, a table lies there already
    const lasting = B === 1 ? undefined : b.constant(rows)
    return async count => {
      let sum = 0
      for (let i = 0; i < count; i++) {
        const z = b.scope(
          () => model.outputs(lasting ?? b.constant(rows)),
          made => [made]
        )
        sum = (await b.download(z)).data[0] ?? NaN
        b.release([z])
      }
      return sum
    }
  }

/** Sparse where the backend has it. */
export const sparse: <T>(b: Backend<T>, setting: Setting) => Runner = answering('sparse')
/** Dense always. */
export const dense: <T>(b: Backend<T>, setting: Setting) => Runner = answering('dense')
