/** What a report asks of a run's network besides its answers: which inputs matter, and how well it knows what it learned from. */
import type { Tensor } from '../backends/open.js'
import type { State } from '../core/learning/state.js'
import { restore, tensors } from '../core/learning/state.js'
import type { Engine } from '../core/life/engine.js'
import { topologyOf } from '../core/network/topology.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'
import { outputsOf, watchedMetricsOf } from '../estimators/evaluation.js'
import type { Importance } from '../estimators/importance.js'
import { importanceOf } from '../estimators/importance.js'
import { rowsOf, sampledRows } from '../estimators/sample-rows.js'
import type { Metrics } from '../estimators/trajectory.js'
import type { Environment } from '../storage/environment.js'
import type { Run } from './run.js'

/** How well a network answers to the rows that it learned from, without noise. */
export interface TrainingScore {
  readonly metrics: Metrics
  /** Training rows that were asked, of so many. */
  readonly rows: number
  readonly of: number
}

/** What a report asks of a network. */
export interface Findings {
  readonly importance: Importance
  readonly training: TrainingScore
}

/** Multiplications, about, that the training rows are worth: 1 s of one core on `simd`. */
const MOST_WORK = 2e9

const trainingScore = async (
  engine: Engine<Tensor, unknown>,
  host: State<NdArray>,
  d: Dataset,
  seed: number
): Promise<TrainingScore> => {
  const { training: part, features } = d
  const perRow =
    features.length + engine.hyperparameters.steps * topologyOf(host.model, engine.hyperparameters).synapses
  const rows = sampledRows(part.rows.length, Math.ceil(MOST_WORK / perRow), seed)
  const state = restore(engine.backend, host)
  try {
    const z = await outputsOf(engine, state, rows.length, places => part.inputs(places.map(k => rows[k] as number)))
    return { metrics: watchedMetricsOf(d, rowsOf(part.truth, rows))(z), rows: rows.length, of: part.rows.length }
  } finally {
    engine.backend.release(tensors(state))
  }
}

/** What a report says of one of a run's networks; its noise is that of the run's seed. `onProgress` is told of what takes long. */
export const findingsOf = async (
  { engine, dataset, experiment: { seed } }: Pick<Run, 'engine' | 'dataset' | 'experiment'>,
  state: State<NdArray>,
  onProgress?: Environment['onProgress']
): Promise<Findings> => ({
  importance: await importanceOf(engine, state, dataset, {
    seed,
    onInput: onProgress && ((done, total) => onProgress({ what: 'which inputs matter', done, total }))
  }),
  training: await trainingScore(engine, state, dataset, seed)
})
