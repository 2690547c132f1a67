/** sagp resume: a run from where it was interrupted, or a finished one to more epochs. */
import { backendNames } from '../backends/open.js'
import { attempt, settle } from '../codecs/attempt.js'
import { hyperparameterFields } from '../codecs/hyperparameters.js'
import { choice, optional } from '../codecs/strict.js'
import { failure, FailureError } from '../core/port/failure.js'
import { reopen } from '../experiments/run.js'
import type { LiveOptions } from './conduct-live.js'
import { conductLive } from './conduct-live.js'
import { findRun } from './find-run.js'
import { flagValue } from './flag-value.js'

/** Options of resume. */
export interface ResumeOptions extends LiveOptions {
  readonly backend?: string
  readonly epochs?: string
  readonly reschedule: boolean
}

/** sagp resume. Gives the exit code. */
export const resumeCommand = (argument: string, options: ResumeOptions): Promise<number> =>
  conductLive(options, environment =>
    attempt(async get => {
      const backend = settle(flagValue('--backend', optional(choice(...backendNames)), options.backend))
      const epochs = settle(flagValue('--epochs', optional(hyperparameterFields.epochs), options.epochs))
      const { folder, epoch, stage } = await get(findRun(argument))
      if (epoch !== undefined || stage !== undefined) {
        const what = 'a run goes on from its newest checkpoint, not from one that is named'
        const cure = `Leave the ${epoch === undefined ? 'stage' : 'epoch'} out, or train a new run from there with --from ${argument}`
        throw new FailureError(failure('usage', argument, what, cure))
      }
      const length = epochs === undefined ? undefined : { epochs, reschedule: options.reschedule }
      return get(reopen(folder, { ...environment, backend }, length))
    })
  )
