/** A cross-validation: ordinary runs under one folder, each judged by another part of the rows. Node only. */
import { join } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { writeWhole } from '../storage/files.js'
import { conduct } from './conduct.js'
import type { CrossValidation } from './cross-validation.js'
import { crossValidationOf } from './cross-validation.js'
import type { RunEnvironment } from './environment.js'
import type { EvaluatedRun } from './evaluate-run.js'
import { runName } from './experiment.js'
import { namesIn } from './folder-status.js'
import { openRun } from './open-run.js'
import type { Choices } from './plan.js'
import { plan } from './plan.js'
import { pretty } from './run-folder.js'
import type { Run } from './run.js'
import type { Summary } from './summary.js'
import { diverged } from './train-run.js'

/** How a cross-validation is conducted; all of it may be left out. */
export interface CrossValidateOptions {
  /** The folder of the runs; `runs/NAME-folds` if left out. */
  readonly home?: string | undefined
  readonly environment?: RunEnvironment
  /** Starts over, whatever the folder holds. */
  readonly fresh?: boolean | undefined
  /** Conducts a fold's run; `conduct` if left out. */
  readonly conductFold?: (opening: TE.TaskEither<Failure, Run>, fold: number) => TE.TaskEither<Failure, EvaluatedRun>
}

/** A cross-validation, and where it lies; without `made` where a fold was interrupted. */
export interface CrossValidated {
  readonly home: string
  readonly made?: CrossValidation
}

/** The file beside the runs. */
export const foldsFile = (home: string): string => join(home, 'folds.json')

/** Refuses a folder that holds something, but no folds: it is somebody's, or a run in which nobody would look for more. */
const checkHome = (home: string): TE.TaskEither<Failure, void> =>
  attempt(async get => {
    const inside = await get(namesIn(home))
    if (inside.length > 0 && !inside.includes('fold-0'))
      throw new FailureError(
        failure('usage', `--out ${home}`, 'it holds files that are no folds', 'Name a new or an empty folder')
      )
  })

/**
 * Trains all folds of what somebody chose, `choices.folds` of them, those that are finished already left as they are, and
 * writes folds.json: `crossValidate({ data: 'my.csv', folds: 5 })`. Interrupted, it goes on when it is called again.
 */
export const crossValidate = (
  choices: Choices & { readonly folds: number },
  { home: named, environment = {}, fresh, conductFold = opening => conduct(opening) }: CrossValidateOptions = {}
): TE.TaskEither<Failure, CrossValidated> =>
  attempt(async get => {
    const first = await get(plan({ ...choices, fold: 0 }, environment))
    const home = named ?? join('runs', `${await runName(first.experiment)}-folds`)
    await get(checkHome(home))
    const names = range(choices.folds).map(fold => `fold-${fold}`)
    const summaries: Summary[] = []
    for (const [fold, name] of names.entries()) {
      const opening = attempt(async get => {
        const planned = fold === 0 ? first : await get(plan({ ...choices, fold }, environment))
        return get(openRun(planned, join(home, name), environment, fresh))
      })
      const { run, result, evaluation } = await get(conductFold(opening, fold))
      if (result.why === 'diverged') throw new FailureError(diverged(run.experiment, result.state.clock.epoch))
      if (result.why === 'interrupted') return { home }
      summaries.push(evaluation.summary)
    }
    const made = crossValidationOf(names, summaries)
    await get(writeWhole(foldsFile(home), pretty(made)))
    return { home, made }
  })
