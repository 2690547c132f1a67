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
import type { Baseline } from '../estimators/baseline.js'
import type { TargetFound } from '../estimators/descent.js'
import { baselineOf, watchedOf } from '../estimators/baseline.js'
import type { PartAnswers, Use } from '../estimators/evaluation.js'
import { evaluateOn, usualUse } from '../estimators/evaluation.js'
import type { ModelChoice } from '../models/rivals.js'
import type { Experiment } from './experiment.js'
import type { RunResult } from './train-run.js'
import type { Run } from './run.js'
import type { Metrics } from '../estimators/trajectory.js'
import { demandOf, warningsOf } from '../estimators/warnings.js'

/** The network of one epoch, evaluated. */
export interface NetworkEvaluation {
  readonly epoch: number
  readonly topology: Topology
  readonly validation: Metrics
  readonly test: Metrics
}

/** The smallest network that keeps a score on the validation rows, or, if none does, the one that comes nearest. */
export interface RunTarget extends TargetFound {
  /** Its effective synapses. */
  readonly synapses: number
}

/** A finished or interrupted run in numbers. */
export interface Summary {
  readonly run: string
  readonly data: string
  /** Names of the target columns. */
  readonly target: readonly string[]
  readonly model: ModelChoice['name']
  readonly preset: string
  readonly seed: number
  readonly backend: string
  readonly ended: RunResult['why']
  readonly epochs: number
  /** Neurons that were born until its last epoch, those that it began with not among them. */
  readonly births: number
  /** Seconds of all epochs, as the trajectory has them. */
  readonly seconds: number
  /** SHA-256 of the last state's canonical bytes. */
  readonly digest: string
  /** Which of the two networks predictions and exports take. */
  readonly used: Use
  /** The last epoch. */
  readonly last: NetworkEvaluation
  /** The epoch of the lowest validation loss; of the lowest training loss if there are no validation rows. */
  readonly best: NetworkEvaluation
  /** Of a run that was to keep a score: what came of it, once it is over; the network is the best. */
  readonly targetF1?: RunTarget
  readonly baseline: Baseline
  /** What is wrong with the network that is used, whatever its score. */
  readonly warnings: readonly string[]
}

/** Whether a run has no stage left, and some of them have not lived all of their epochs. */
export const endedEarly = (
  { hyperparameters, stages }: Pick<Experiment, 'hyperparameters' | 'stages'>,
  { ended, epochs }: Pick<Summary, 'ended' | 'epochs'>
): boolean => ended === 'epochs' && stages.length > 0 && epochs < hyperparameters.epochs

/** A network, and what it answers to the rows that it did not learn from; a part without rows is left out. */
export interface NetworkAnswers {
  readonly state: State<NdArray>
  readonly validation?: PartAnswers
  readonly test?: PartAnswers
}

/** A summary with all that its networks answered. */
export interface RunEvaluation {
  readonly summary: Summary
  readonly last: NetworkAnswers
  readonly best: NetworkAnswers
  /** The one of the two that is used. */
  readonly used: NetworkAnswers
}

const answersOf = async (
  engine: Engine<Tensor, unknown>,
  d: Dataset,
  host: State<NdArray>
): Promise<NetworkAnswers> => {
  const state = restore(engine.backend, host)
  try {
    const validation = await evaluateOn(engine, state, d, d.validation)
    const test = await evaluateOn(engine, state, d, d.test)
    return { state: host, ...(validation ? { validation } : {}), ...(test ? { test } : {}) }
  } finally {
    engine.backend.release(tensors(state))
  }
}

const evaluationOf = (
  engine: Engine<Tensor, unknown>,
  { state, validation, test }: NetworkAnswers
): NetworkEvaluation => ({
  epoch: state.clock.epoch,
  topology: topologyOf(state.model, engine.hyperparameters),
  validation: validation?.evaluation.metrics ?? {},
  test: test?.evaluation.metrics ?? {}
})

const targetOf = (
  f1: number | undefined,
  { why }: RunResult,
  { topology, validation }: NetworkEvaluation
): { readonly targetF1?: RunTarget } => {
  if (f1 === undefined || why !== 'target') return {}
  const found = validation['f1Micro'] ?? NaN
  return { targetF1: { f1, validation: found, kept: found >= f1, synapses: topology.effectiveSynapses } }
}

/** Evaluates the last and the best state of a run on validation and test data; `use` says which of them is used. */
export const summarise = (run: Run, result: RunResult, use?: Use): TE.TaskEither<Failure, RunEvaluation> =>
  TE.fromTask(async () => {
    const { experiment: e, engine, dataset } = run
    const used = use ?? usualUse(dataset.validation.rows.length)
    const last = await answersOf(engine, dataset, result.state)
    const best =
      result.best.clock.epoch === result.state.clock.epoch ? last : await answersOf(engine, dataset, result.best)
    const { state } = used === 'best' ? best : last
    const demand = demandOf(e.stages, state.clock.stage)
    const { validation } = used === 'best' ? best : last
    const judged = { loss: engine.hyperparameters.loss, weighed: e.weighValidation }
    const watched = watchedOf(dataset, validation?.evaluation.metrics['r2'], judged)
    return {
      summary: {
        run: run.folder,
        data: e.data,
        target: dataset.targets,
        model: e.model.name,
        preset: e.preset,
        seed: e.seed,
        backend: e.backend,
        ended: result.why,
        epochs: result.state.clock.epoch,
        births: result.trajectory.reduce((s, l) => s + (l.epoch > result.state.clock.epoch ? 0 : l.births), 0),
        seconds: Math.round(result.trajectory.reduce((s, l) => s + l.ms, 0)) / 1000,
        digest: await digest(result.state),
        used,
        last: evaluationOf(engine, last),
        best: evaluationOf(engine, best),
        ...targetOf(e.targetF1, result, evaluationOf(engine, best)),
        baseline: baselineOf(dataset),
        warnings: warningsOf(state.model, engine.hyperparameters, dataset.task, demand, watched)
      },
      last,
      best,
      used: used === 'best' ? best : last
    }
  })
