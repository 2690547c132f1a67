/** How good a network is on part of a data set. */
import type { Backend } from '../core/port/backend.js'
import type { Engine } from '../core/life/engine.js'
import { evaluate } from '../core/learning/trainable.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { State } from '../core/learning/state.js'
import type { Dataset, Part } from '../data/dataset.js'
import { unscaled } from '../data/preparation.js'
import { classF1, classMetrics, confusion, labelF1, labelMetrics, largest, numberMetrics } from '../reports/metrics.js'
import type { Metrics } from './trajectory.js'

/** Rows that are answered at once, and bytes of their inputs. */
const [CHUNK, CHUNK_BYTES] = [4096, 2 ** 26] as const

/** Outputs z for rows whose inputs are made in chunks that bound the memory. `[rows, outputs]` */
export const outputsOf = async <T>(
  engine: Engine<T>,
  state: State<T>,
  rows: number,
  inputs: (rows: readonly number[]) => NdArray
): Promise<NdArray> => {
  const b: Backend<T> = engine.backend
  const { inputs: width, outputs: columns } = state.model.facts
  const all = new Float64Array(rows * columns)
  const chunk = Math.max(1, Math.min(CHUNK, Math.floor(CHUNK_BYTES / (4 * width))))
  for (let from = 0; from < rows; from += chunk) {
    const to = Math.min(rows, from + chunk)
    const x = inputs(range(to - from).map(i => from + i))
    const z = b.scope(
      () => evaluate(engine)(state, b.constant(x)),
      outputs => [outputs]
    )
    all.set((await b.download(z)).data, from * columns)
    b.release([z])
  }
  return { shape: [rows, columns], data: all }
}

type Subject = Pick<Dataset, 'task' | 'preparation'>

const regression = ({ preparation: { targets } }: Subject, z: NdArray, truth: NdArray): Metrics => ({
  ...numberMetrics(targets ? unscaled(z, targets) : z, truth)
})

/** Metrics of outputs z against a part's truth, as the task wants them; numbers in their own units. */
export const metricsOf = (d: Subject, z: NdArray, truth: NdArray): Metrics => {
  switch (d.task.kind) {
    case 'classes':
      return { ...classMetrics(z, largest(truth)) }
    case 'labels':
      return { ...labelMetrics(z, truth) }
    case 'numbers':
      return regression(d, z, truth)
  }
}

/** Those of them that are cheap enough for every epoch: all but AUC, which sorts. Given a part's truth, then outputs z. */
export const watchedMetricsOf = (d: Subject, truth: NdArray): ((z: NdArray) => Metrics) => {
  switch (d.task.kind) {
    case 'classes': {
      const classes = largest(truth)
      return z => ({ ...classF1(z, classes) })
    }
    case 'labels':
      return z => ({ ...labelF1(z, truth) })
    case 'numbers':
      return z => regression(d, z, truth)
  }
}

/** The one number that stands for a task's quality: F1-micro, or R2 for numbers. */
export const headline = (d: Pick<Dataset, 'task'>): 'f1Micro' | 'r2' => (d.task.kind === 'numbers' ? 'r2' : 'f1Micro')

/** How a network does on a part of a data set; classes have a confusion matrix too. */
export interface Evaluation {
  readonly metrics: Metrics
  readonly confusion?: readonly (readonly number[])[] | undefined
}

/** Evaluates a network on a part of a data set; a part without rows has no metrics. */
export const evaluateOn = async <T>(
  engine: Engine<T>,
  state: State<T>,
  d: Dataset,
  part: Part
): Promise<Evaluation> => {
  if (part.rows.length === 0) return { metrics: {} }
  const z = await outputsOf(engine, state, part.rows.length, part.inputs)
  const metrics = metricsOf(d, z, part.truth)
  return d.task.kind === 'classes'
    ? { metrics, confusion: confusion(largest(part.truth), largest(z), range(d.task.outputs.length).length) }
    : { metrics }
}
