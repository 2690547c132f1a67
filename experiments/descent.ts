/** The way down to the smallest network that keeps a score: looked at whenever a stage is over. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Tensor } from '../backends/open.js'
import { attempt } from '../codecs/attempt.js'
import type { Clock, State } from '../core/learning/state.js'
import { restore, tensors } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import { evaluateOn } from '../estimators/evaluation.js'
import { descentOf } from '../estimators/way-down.js'
import { anyStage } from '../models/stages.js'
import { readCheckpoint } from './checkpoints.js'
import type { Run } from './run.js'
import type { StageNetworks } from './stage-networks.js'

/** The best network of a stage, judged. */
interface Judged {
  readonly epoch: number
  readonly loss: number
  readonly score: number
}

/** Given the clock at the end of a stage and its best state: the clock of a run that ends there, if it does. */
export type WatchDescent = (clock: Clock, best: State<Tensor>) => Promise<Clock | undefined>

/**
 * Watches the stages of a run whose masks are fixed, those that are over among them: it ends once five in a row miss its
 * score, or with its last stage. Its clock then says so, and its best network is the one that is chosen. Whatever it goes
 * by is in the checkpoints of those stages, so that a resumed run ends as one that was never interrupted.
 */
export const openDescent = (
  { folder, experiment, engine, dataset, state: { clock } }: Run,
  networks: readonly StageNetworks[]
): TE.TaskEither<Failure, WatchDescent | undefined> =>
  attempt(async () => {
    const { targetF1, stages } = experiment
    if (targetF1 === undefined || clock.stage?.over) return undefined
    const watched = stages.map(stage => anyStage(stage).hyperparameters?.trainingMasks === 'noiseless')
    const judge = async (state: State<Tensor>): Promise<Judged> => {
      const answers = await evaluateOn(engine, state, dataset, dataset.validation)
      const { epoch, progress } = state.clock
      return { epoch, loss: progress.bestLoss, score: answers?.evaluation.metrics['f1Micro'] ?? NaN }
    }
    const judged: Judged[] = []
    for (const { best, over, stage } of networks) {
      if (!over || !watched[stage]) continue
      const read = await readCheckpoint(folder, best)()
      if (E.isLeft(read)) continue // a damaged network is none to choose
      const state = restore(engine.backend, read.right)
      judged.push(await judge(state).finally(() => engine.backend.release(tensors(state))))
    }
    return async (clock, best) => {
      const { stage } = clock
      if (stage === null || !watched[stage.index]) return undefined
      judged.push(await judge(best))
      const { chosen, over } = descentOf(
        judged.map(({ score }) => score),
        targetF1
      )
      const found = judged[chosen]
      if (!found || (!over && stage.index < stages.length - 1)) return undefined
      const progress = { ...clock.progress, bestEpoch: found.epoch, bestLoss: found.loss }
      return { ...clock, progress, stage: { ...stage, over: true, best: clock.progress.bestEpoch } }
    }
  })
