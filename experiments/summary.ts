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
import type { Evaluation } from '../estimators/evaluation.js'
import { evaluateOn } from '../estimators/evaluation.js'
import type { RunResult } from './train-run.js'
import type { Run } from './run.js'
import type { Metrics } from '../estimators/trajectory.js'

/** The network of one epoch, evaluated. */
export interface NetworkEvaluation {
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
  readonly ended: RunResult['why']
  readonly epochs: number
  readonly births: number
  /** Seconds of all epochs, as the trajectory has them. */
  readonly seconds: number
  /** SHA-256 of the last state's canonical bytes. */
  readonly digest: string
  /** The last epoch. */
  readonly last: NetworkEvaluation
  /** The epoch of the lowest validation loss. */
  readonly best: NetworkEvaluation
}

/** A summary with what only the report shows. */
export interface RunEvaluation {
  readonly summary: Summary
  /** Of the last epoch's network on the test data. */
  readonly confusion?: Evaluation['confusion']
}

const evaluateNetwork = async (
  engine: Engine<Tensor>,
  d: Dataset,
  host: State<NdArray>
): Promise<Pick<Evaluation, 'confusion'> & { readonly evaluation: NetworkEvaluation }> => {
  const state = restore(engine.backend, host)
  const validation = await evaluateOn(engine, state, d, d.validation)
  const test = await evaluateOn(engine, state, d, d.test)
  engine.backend.release(tensors(state))
  return {
    evaluation: {
      epoch: host.clock.epoch,
      topology: topologyOf(host.model, engine.hyperparameters),
      validation: validation.metrics,
      test: test.metrics
    },
    confusion: test.confusion
  }
}

/** Evaluates the last and the best state of a run on validation and test data. */
export const summarise = (run: Run, result: RunResult): TE.TaskEither<Failure, RunEvaluation> =>
  TE.fromTask(async () => {
    const { experiment: e, engine, dataset } = run
    const last = await evaluateNetwork(engine, dataset, result.state)
    const best = await evaluateNetwork(engine, dataset, result.best)
    return {
      summary: {
        run: run.folder,
        data: e.data,
        preset: e.preset,
        seed: e.seed,
        backend: e.backend,
        ended: result.why,
        epochs: result.state.clock.epoch,
        births: result.state.model.facts.births,
        seconds: Math.round(result.trajectory.reduce((s, l) => s + l.ms, 0)) / 1000,
        digest: await digest(result.state),
        last: last.evaluation,
        best: best.evaluation
      },
      confusion: last.confusion
    }
  })
