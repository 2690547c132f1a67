/** A run's network and a table's file: answers to its rows. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import type { Answers } from '../estimators/new-rows.js'
import { answerTable } from '../estimators/new-rows.js'
import { readTableFile } from '../storage/tablefile.js'
import { openEngine } from './engine.js'
import type { NetworkChoice } from './load-model.js'
import { loadNetwork } from './load-model.js'

/** Which network answers, and the probability from which a label counts as given. */
export interface PredictOptions extends NetworkChoice {
  readonly threshold?: number
}

/** Answers, and the epoch of the network that gave them. */
export interface FileAnswers extends Answers {
  readonly epoch: number
}

/** Predicts the rows of a file, labelled or not, prepared as in training: `predictFile('runs/mine', 'new.csv')`. */
export const predictFile = (
  folder: string,
  file: string,
  { threshold, ...choice }: PredictOptions = {}
): TE.TaskEither<Failure, FileAnswers> =>
  attempt(async get => {
    const { experiment, card, state } = await get(loadNetwork(folder, choice))
    const table = await get(readTableFile(file))
    const engine = await get(openEngine(experiment))
    const answers = await get(answerTable({ engine, state, card }, table, file, threshold))
    return { ...answers, epoch: state.clock.epoch }
  })
