/** Another number of epochs for a run that has begun: it stays the same run, and says what it was begun with. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { endingOf } from '../core/learning/trainable.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { writeWhole } from '../storage/files.js'
import { newestResumable } from './checkpoints.js'
import { paths, pretty, readSettings } from './run-folder.js'

/** How long a run is to be. */
export interface Length {
  readonly epochs: number
  /** Lets a learning rate that falls with the number of epochs jump to where the new number has it. */
  readonly reschedule: boolean
}

/**
 * Writes another number of epochs into a run's settings, the old one beside it; gives what is to be said. For the holder of
 * the folder's lock: whoever dies afterwards leaves a run that is unfinished, and goes on as any other.
 */
export const extend = (folder: string, { epochs, reschedule }: Length): TE.TaskEither<Failure, readonly string[]> =>
  attempt(async get => {
    const refuse = (what: string, cure: string): never => {
      throw new FailureError(failure('usage', '--epochs', what, cure))
    }
    const { experiment: e, identity } = await get(readSettings(folder))
    const { hyperparameters: h, extended = [] } = e
    const { clock } = (await get(newestResumable(folder))).found.state
    if (epochs === h.epochs) return []
    if (e.stages.length > 0)
      return refuse(
        'the epochs of its stages are part of what it is',
        `Begin another run from its network, with --from ${folder}`
      )
    if (epochs < clock.epoch) {
      return refuse(
        `${folder} has ${clock.epoch} already`,
        'Give a higher number; evaluate RUN@EPOCH judges an earlier network'
      )
    }
    const longer = { ...h, epochs }
    const why = endingOf(longer, clock)
    if (epochs > clock.epoch && why !== undefined) {
      const rule = why === 'patience' ? `--stop-patience ${h.stopPatience}` : `--stop-stable ${h.stopStable}`
      return refuse(
        `${folder} was ended at epoch ${clock.epoch} by ${rule}, which more epochs do not change`,
        'Train a new run without'
      )
    }
    if (h.schedule !== 'constant' && !reschedule) {
      const what = `the schedule ${h.schedule} depends on the number of epochs: the learning rate would jump`
      return refuse(what, 'Say --reschedule to go on under the new schedule, or train a new run')
    }
    const to = {
      ...e,
      hyperparameters: longer,
      extended: [...extended, { from: h.epochs, to: epochs, was: identity, at: clock.epoch }]
    }
    await get(writeWhole(paths(folder).config, pretty(to)))
    return [`${folder}: ${epochs} epochs instead of ${h.epochs}`]
  })
