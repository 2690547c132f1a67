/** A run's network as a model: to predict with, or to go on from. Node only. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import type { Intact } from './checkpoints.js'
import { readCard, readConfig } from './run-folder.js'
import { newestIntact, readCheckpoint } from './checkpoints.js'
import type { StoredModel } from '../estimators/predictor.js'
import { checkShapes } from '../estimators/on-backend.js'

/**
 * The model of a run's newest sound checkpoint, or of a given epoch's: `fitClassifier(x, y, { from: model })` goes on
 * from it, `classifierOf(backend, model)` predicts with it.
 */
export const storedModel = (folder: string, epoch?: number): TE.TaskEither<Failure, StoredModel> =>
  pipe(
    TE.Do,
    TE.bind('experiment', () => readConfig(folder)),
    TE.bind('card', () => readCard(folder)),
    TE.bind('state', ({ experiment, card }) =>
      pipe(
        epoch === undefined
          ? TE.map((newest: Intact<StoredModel['state']>) => newest.found)(newestIntact(folder))
          : readCheckpoint(folder, epoch),
        TE.chainEitherK(state => checkShapes(state, card, experiment.hyperparameters.steps, folder))
      )
    ),
    TE.map(({ experiment, card, state }) => ({
      state,
      hyperparameters: experiment.hyperparameters,
      preparation: card.preparation,
      task: card.task
    }))
  )
