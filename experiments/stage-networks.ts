/** The networks of a run's stages: of each that is over its best and its last are kept. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { stageOver } from '../core/life/stage.js'
import type { Failure } from '../core/port/failure.js'
import { anyStage } from '../models/stages.js'
import { checkpointEpochs, clockAt } from './checkpoints.js'
import type { Experiment } from './experiment.js'

/** A stage that has begun, by the checkpoints that are there. */
export interface StageNetworks {
  /** Its place in the schedule, 0 the first. */
  readonly stage: number
  /** Its epochs until its last checkpoint, and effective synapses when it was entered. */
  readonly epochs: number
  readonly synapsesAtEntry: number
  /**
   * Epochs of the run: that of its best network by the monitored loss, as its last checkpoint has it, and that of its last.
   * The last is the best of a stage whose run has a better one of another stage, as in a contest: the others have not settled.
   */
  readonly best: number
  readonly last: number
  readonly over: boolean
}

/** The stages that have begun up to an epoch, each by the heads of its checkpoints; a damaged one counts as none. */
export const stageNetworks = (
  folder: string,
  { hyperparameters, stages }: Pick<Experiment, 'hyperparameters' | 'stages'>,
  upTo: number
): TE.TaskEither<Failure, readonly StageNetworks[]> =>
  attempt(async get => {
    const schedule = stages.map(anyStage)
    const found = new Map<number, StageNetworks>()
    if (schedule.length === 0) return []
    for (const epoch of await get(checkpointEpochs(folder))) {
      const clock = await clockAt(folder, epoch)()
      if (epoch > upTo || E.isLeft(clock) || clock.right.stage === null) continue
      const { stage: place, progress } = clock.right
      const own = place.best ?? progress.bestEpoch
      // a clock of sagp 0.10.1 that was over did not know its stage's own best: the newest that was the best when it was saved
      const known = place.over ? found.get(place.index)?.best : undefined
      const best = own > epoch - place.epoch ? own : (known ?? epoch)
      found.set(place.index, {
        stage: place.index,
        epochs: place.epoch,
        synapsesAtEntry: place.synapses,
        best,
        last: epoch,
        over: stageOver(hyperparameters, schedule, clock.right)
      })
    }
    return [...found.values()].sort((a, b) => a.stage - b.stage)
  })

/** The newest network of each stage that is over, and its best: no checkpoint of theirs is removed. */
export const keptEpochs = (networks: readonly StageNetworks[]): readonly number[] =>
  networks.flatMap(({ over, best, last }) => (over ? [best, last] : []))
