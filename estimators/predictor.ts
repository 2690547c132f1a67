/** A trained network on a backend, made ready on the first question, kept until it is closed. */
import type { Predictor } from '../core/network/layer.js'
import type { State } from '../core/learning/state.js'
import { restore, tensors } from '../core/learning/state.js'
import { compile } from '../core/learning/trainable.js'
import { engine } from '../core/life/engine.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Task } from '../data/dataset.js'
import type { Preparation } from '../data/preparation.js'
import { largest } from '../reports/metrics.js'
import { none } from '../rules/rule.js'
import type { TargetFound } from './descent.js'
import { unsoundRow } from './evaluation.js'
import type { Demand, Watched } from './warnings.js'

/** Everything a model is, as plain data: to be kept, compared, or trained further. */
export interface StoredModel {
  readonly state: State<NdArray>
  readonly hyperparameters: Hyperparameters
  readonly preparation: Preparation
  readonly task: Task
  /** What came of the score that it was to keep with as few synapses as it can; left out where none was asked for. */
  readonly target?: TargetFound | undefined
  /** What its stages were to make of it; left out where they asked for no number of synapses. */
  readonly demand?: Demand | undefined
  /** Of numbers, how well it answers the validation rows; left out where there are none. */
  readonly watched?: Watched | undefined
}

/** Rows that are answered at once. */
const CHUNK = 4096

/** Outputs z of a stored model, again and again. */
export interface Outputs {
  /** z `[rows, outputs]` for rows `[rows, inputs]` in their own units. */
  readonly of: (rows: NdArray) => Promise<NdArray>
  /** Frees what was made ready; the next question makes it ready again. */
  readonly close: () => void
}

const tooFar = (data: NdArray['data'], columns: number, i: number, j: number): never => {
  const what = `row ${i}, column ${j}: ${data[i * columns + j]} is too far from the rows that the model learned from`
  throw new FailureError(failure('input', 'x', what, 'Correct it, or leave the row out'))
}

/** Scales rows from .. to of a matrix into Float32, as the preparation says. */
const scaler = ({
  features: { offset, factor }
}: Preparation): ((rows: NdArray, from: number, to: number) => NdArray) => {
  const [offsets, factors] = [Float64Array.from(offset), Float64Array.from(factor)]
  const columns = offsets.length
  return ({ data }, from, to) => {
    const out = new Float32Array((to - from) * columns)
    for (let i = from, k = 0; i < to; i++) {
      for (let j = 0; j < columns; j++, k++)
        out[k] = ((data[i * columns + j] as number) - (offsets[j] as number)) * (factors[j] as number)
    }
    const bad = out.findIndex(v => !Number.isFinite(v))
    if (bad >= 0) tooFar(data, columns, from + Math.floor(bad / columns), bad % columns)
    return { shape: [to - from, columns], data: out }
  }
}

/** A stored model on a backend. */
export const outputsOn = <T>(b: Backend<T>, stored: StoredModel): Outputs => {
  const { hyperparameters, state, preparation } = stored
  const e = engine(b, hyperparameters, none)
  const scaled = scaler(preparation)
  let ready: { readonly loaded: State<T>; readonly predictor: Predictor<T> } | undefined
  const made = (): Predictor<T> => {
    if (!ready) {
      const loaded = restore(b, state)
      ready = { loaded, predictor: compile(e)(loaded) }
    }
    return ready.predictor
  }
  /** Answers rows from .. to. Finite numbers may be so large that no answer is: the row's largest is to blame. */
  const answer = async (rows: NdArray, from: number, to: number): Promise<NdArray> => {
    const predictor = made()
    const x = scaled(rows, from, to)
    const z = b.scope(
      () => predictor.outputs(b.constant(x)),
      outputs => [outputs]
    )
    try {
      const outputs = await b.download(z)
      const wild = unsoundRow(outputs)
      if (wild === undefined) return outputs
      const columns = x.shape[1]
      const sizes = Float64Array.from(x.data.subarray(wild * columns, (wild + 1) * columns), Math.abs)
      return tooFar(rows.data, columns, from + wild, largest({ shape: [1, columns], data: sizes })[0] as number)
    } finally {
      b.release([z])
    }
  }
  return {
    of: async rows => {
      const [count] = rows.shape
      if (count <= CHUNK) return answer(rows, 0, count)
      const outputs = state.model.facts.outputs
      const all = new Float64Array(count * outputs)
      for (let from = 0; from < count; from += CHUNK) {
        const { data } = await answer(rows, from, Math.min(count, from + CHUNK))
        all.set(data, from * outputs)
      }
      return { shape: [count, outputs], data: all }
    },
    close: () => {
      if (!ready) return
      b.release([...tensors(ready.loaded), ...ready.predictor.tensors])
      ready = undefined
    }
  }
}
