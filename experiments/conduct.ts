/** A whole run: opened, trained, evaluated, written down. The one place where these steps stand in a row. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import type { EvaluatedRun } from './evaluate-run.js'
import { writeReport, writeSummary } from './evaluate-run.js'
import { whichNetwork } from './load-model.js'
import type { Run } from './run.js'
import type { StagePoint } from './stage-points.js'
import { summarise } from './summary.js'
import type { CheckpointPolicy, RunObserver } from './train-run.js'
import { trainLocked } from './train-run.js'

/** A run that was conducted to its end, with what its stages have come to. */
export interface ConductedRun extends EvaluatedRun {
  readonly stages: readonly StagePoint[]
}

/**
 * Conducts a run from its opening to its report. `opening` says where it starts: `begin(plan, folder)` at its first epoch,
 * `reopen(folder)` where it was interrupted, `openRun(plan, folder)` at whichever of the two the folder asks for. `observe`
 * is given the open run, and says who looks on. An interrupted or diverged run is evaluated and written as it stands.
 */
export const conduct = (
  opening: TE.TaskEither<Failure, Run>,
  observe: (run: Run) => RunObserver = () => ({}),
  policy?: CheckpointPolicy
): TE.TaskEither<Failure, ConductedRun> =>
  attempt(async get => {
    const run = await get(opening)
    try {
      const observer = observe(run)
      const result = await get(trainLocked(run, observer, policy))
      const evaluation = await get(summarise(run, result))
      const { summary, used } = evaluation
      const which = whichNetwork(summary.used, used.state.clock.epoch, run.dataset.validation.rows.length, {
        target: summary.targetF1?.f1,
        stage: run.experiment.stages[used.state.clock.stage?.index ?? -1]?.name
      })
      const evaluated = { run, result, evaluation, which }
      await get(writeSummary(evaluated))
      return { ...evaluated, stages: await get(writeReport(evaluated, observer.reporting)) }
    } finally {
      await run.lock?.release()
    }
  })
