/** A run's network and a table's file: answers to its rows. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import type { Use } from '../estimators/evaluation.js'
import type { AnswerOptions, Answers } from '../estimators/new-rows.js'
import { answerTable } from '../estimators/new-rows.js'
import type { TextReading } from '../data/tablefile.js'
import { readTableBytes, readTableFile } from '../storage/tablefile.js'
import { answerByProgram } from '../estimators/program.js'
import { openEngine } from './engine.js'
import { isImported } from './imported.js'
import { loadProgram } from './load-program.js'
import type { NetworkChoice } from './load-model.js'
import { loadNetwork } from './load-model.js'

/** Which network answers, how, and how the file is to be read. */
export interface PredictOptions extends NetworkChoice, AnswerOptions, TextReading {
  /** What came by standard input, where the file is `-`. */
  readonly input?: Uint8Array | undefined
}

/** Answers, and whose they are. */
export interface FileAnswers extends Answers {
  /** Of the network; left out of one that was imported. */
  readonly epoch?: number
  /** Left out where an epoch was asked for, and of what was imported. */
  readonly used?: Use
  /** The network's epoch, and why this one: for people. */
  readonly which: string
}

/** Predicts the rows of a file, labelled or not, prepared as in training: `predictFile('runs/mine', 'new.csv')`. */
export const predictFile = (
  folder: string,
  file: string,
  options: PredictOptions = {}
): TE.TaskEither<Failure, FileAnswers> =>
  attempt(async get => {
    const [place, reading] =
      options.input === undefined
        ? [file, readTableFile(file, options)]
        : ['standard input', readTableBytes(options.input, 'standard input', options)]
    if (await isImported(folder)) {
      const { program, which } = await get(loadProgram(folder, options))
      return { ...(await get(answerByProgram(program, await get(reading), place, options))), which }
    }
    const { experiment, card, state, used, which, remarks } = await get(loadNetwork(folder, options))
    const table = await get(reading)
    const engine = await get(openEngine(experiment))
    const answers = await get(answerTable({ engine, state, card }, table, place, options))
    const epoch = state.clock.epoch
    return { ...answers, epoch, ...(used ? { used } : {}), which, remarks: [...remarks, ...answers.remarks] }
  })
