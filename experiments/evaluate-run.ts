/** What a run has come to, evaluated; and how that is written down beside it. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { stopping } from '../core/life/progress.js'
import type { Failure } from '../core/port/failure.js'
import { writeWhole } from '../storage/files.js'
import { readCheckpoint } from './checkpoints.js'
import { findingsOf } from './findings.js'
import type { RunEnvironment } from './environment.js'
import { reportOf } from './report-page.js'
import { paths, pretty } from './run-folder.js'
import type { Run } from './run.js'
import { reopen } from './run.js'
import type { RunEvaluation } from './summary.js'
import { summarise } from './summary.js'
import type { RunResult } from './train-run.js'

/** A run, where it ended, and how good its networks are. */
export interface EvaluatedRun {
  readonly run: Run
  readonly result: RunResult
  readonly evaluation: RunEvaluation
}

/** Evaluates a run as it lies in its folder; at an epoch of which there is a checkpoint, if one is named. */
export const evaluateRun = (
  folder: string,
  epoch?: number,
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, EvaluatedRun> =>
  attempt(async get => {
    const run = await get(reopen(folder, environment))
    const state = epoch === undefined ? run.state : await get(readCheckpoint(folder, epoch))
    const [stopped] = stopping(run.experiment.hyperparameters, state.clock)
    const why = stopped?._tag === 'Stopped' ? stopped.why : 'interrupted'
    const result: RunResult = { why, state, best: run.best, trajectory: run.past, seconds: 0 }
    return { run, result, evaluation: await get(summarise(run, result)) }
  })

/** Writes a run's summary.json. */
export const writeSummary = ({ run, evaluation }: EvaluatedRun): TE.TaskEither<Failure, void> =>
  writeWhole(paths(run.folder).summary, pretty(evaluation.summary))

/** Writes a run's report.html. */
export const writeReport = ({ run, result, evaluation }: EvaluatedRun): TE.TaskEither<Failure, void> =>
  attempt(async get => {
    const { experiment, dataset, folder } = run
    const remarks = run.remarks.filter(remark => !remark.startsWith(folder)) // what is said of the folder is not of the data
    const findings = await findingsOf(run, evaluation.used.state)
    const { trajectory } = result
    const html = reportOf({ experiment, dataset, evaluation, trajectory, findings, remarks })
    return get(writeWhole(paths(folder).report, html))
  })
