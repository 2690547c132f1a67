/** What came of a run: summary.json and report.html. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../backends/open.js'
import { digest } from '../codecs/checkpoint.js'
import type { Engine } from '../core/life/engine.js'
import type { Failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { State } from '../core/learning/state.js'
import { restore, tensors } from '../core/learning/state.js'
import type { Dataset } from '../data/dataset.js'
import type { Topology } from '../core/network/topology.js'
import { topologyOf } from '../core/network/topology.js'
import { appraise } from '../estimators/appraisal.js'
import type { Ending } from './train-run.js'
import type { Run } from './run.js'
import type { Metrics } from '../estimators/trajectory.js'

/** A network at one epoch, judged. */
export interface Judged {
  readonly epoch: number
  readonly topology: Topology
  readonly validation: Metrics
  readonly test: Metrics
}

/** A finished or interrupted run in numbers. */
export interface Summary {
  readonly run: string
  readonly data: string
  readonly preset: string
  readonly seed: number
  readonly backend: string
  readonly ended: Ending['why']
  readonly epochs: number
  readonly births: number
  /** Seconds of all epochs, as the trajectory has them. */
  readonly seconds: number
  /** SHA-256 of the last state's canonical bytes. */
  readonly digest: string
  /** The last epoch. */
  readonly last: Judged
  /** The epoch of the lowest validation loss. */
  readonly best: Judged
}

/** A summary with what only the report shows. */
export interface Appraised {
  readonly summary: Summary
  readonly confusion?: readonly (readonly number[])[] | undefined
}

const judge = async (
  engine: Engine<Tensor>,
  d: Dataset,
  host: State<NdArray>
): Promise<{ readonly judged: Judged; readonly confusion?: readonly (readonly number[])[] | undefined }> => {
  const state = restore(engine.backend, host)
  const validation = await appraise(engine, state, d, d.validation)
  const test = await appraise(engine, state, d, d.test)
  engine.backend.release(tensors(state))
  return {
    judged: {
      epoch: host.clock.epoch,
      topology: topologyOf(host.model, engine.hyperparameters.steps),
      validation: validation.metrics,
      test: test.metrics
    },
    confusion: test.confusion
  }
}

/** Judges the last and the best state of a run on validation and test data. */
export const summarise = (run: Run, ending: Ending): TE.TaskEither<Failure, Appraised> =>
  TE.fromTask(async () => {
    const { experiment: e, engine, dataset } = run
    const last = await judge(engine, dataset, ending.state)
    const best = await judge(engine, dataset, ending.best)
    return {
      summary: {
        run: run.folder,
        data: e.data,
        preset: e.preset,
        seed: e.seed,
        backend: e.backend,
        ended: ending.why,
        epochs: ending.state.clock.epoch,
        births: ending.state.model.facts.births,
        seconds: Math.round(ending.trajectory.reduce((s, l) => s + l.ms, 0)) / 1000,
        digest: await digest(ending.state),
        last: last.judged,
        best: best.judged
      },
      confusion: last.confusion
    }
  })
