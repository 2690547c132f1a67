/** What a run has come to, evaluated; and how that is written down beside it. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { State } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Environment } from '../storage/environment.js'
import { writeWhole } from '../storage/files.js'
import { findingsOf } from './findings.js'
import type { RunEnvironment } from './environment.js'
import type { ChosenNetwork, NetworkChoice } from './load-model.js'
import { loadNetwork } from './load-model.js'
import { endOf } from './named.js'
import { reportOf } from './report.js'
import { paths, pretty } from './run-folder.js'
import type { Run } from './run.js'
import { readRun } from './run.js'
import type { RunEvaluation } from './summary.js'
import { summarise } from './summary.js'
import type { RunResult } from './train-run.js'
import { headline } from '../estimators/evaluation.js'
import { standalone } from '../reports/path-picture.js'
import { pictureOfStages } from './report/stages.js'
import type { StagePoint } from './stage-points.js'
import { isPath, stagePoints } from './stage-points.js'

/** A run, where it ended, and how good its networks are. */
export interface EvaluatedRun {
  readonly run: Run
  readonly result: RunResult
  readonly evaluation: RunEvaluation
  /** The epoch of the network that is used, and why this one: for people. */
  readonly which: string
}

/** That the best network of a run's last cannot be read, so that the best of an earlier checkpoint stands in for it. */
const lostBest = ({ state, used }: ChosenNetwork, best: State<NdArray>): readonly string[] => {
  const { bestEpoch } = state.clock.progress
  return used !== 'last' || best.clock.epoch >= bestEpoch
    ? []
    : [`the best network (epoch ${bestEpoch}) cannot be read: that of epoch ${best.clock.epoch} stands in for it`]
}

/**
 * Evaluates a run as it lies in its folder, its best and its last network; at an epoch of which there is a checkpoint, if one
 * is named. The data must be those that it was begun with; nothing is written.
 */
export const evaluateRun = (
  folder: string,
  choice: NetworkChoice = {},
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, EvaluatedRun> =>
  attempt(async get => {
    const chosen = await get(loadNetwork(folder, choice))
    const run = await get(readRun(folder, environment))
    const state = chosen.used === 'best' ? run.state : chosen.state
    const best = chosen.used === 'best' ? chosen.state : run.best
    const why = endOf(run.experiment, state.clock) ?? 'interrupted'
    const result: RunResult = { why, state, best, trajectory: run.past, seconds: 0 }
    const evaluation = await get(summarise(run, result, chosen.used ?? 'last'))
    return {
      run: { ...run, remarks: [...chosen.remarks, ...lostBest(chosen, best)] },
      result,
      evaluation,
      which: chosen.which
    }
  })

/** Writes a run's summary.json. */
export const writeSummary = ({ run, evaluation }: EvaluatedRun): TE.TaskEither<Failure, void> =>
  writeWhole(paths(run.folder).summary, pretty(evaluation.summary))

/**
 * Writes a run's report.html, and of several stages whose masks are fixed path.json and path.svg; `onProgress` is told of
 * what takes long. Gives what the stages have come to.
 */
export const writeReport = (
  { run, result, evaluation, which }: EvaluatedRun,
  onProgress?: Environment['onProgress']
): TE.TaskEither<Failure, readonly StagePoint[]> =>
  attempt(async get => {
    const { experiment, dataset, folder, profile } = run
    const findings = await findingsOf(run, evaluation.used.state, onProgress)
    const { trajectory } = result
    const stages = await get(stagePoints(run, trajectory, Math.max(run.state.clock.epoch, result.state.clock.epoch)))
    const html = reportOf({ experiment, dataset, evaluation, which, trajectory, findings, profile, stages })
    await get(writeWhole(paths(folder).report, html))
    if (isPath(stages)) {
      const metric = headline(dataset)
      await get(writeWhole(paths(folder).path, pretty({ run: folder, data: experiment.data, metric, stages })))
      await get(writeWhole(paths(folder).pathPicture, standalone(pictureOfStages(stages, metric))))
    }
    return stages
  })
