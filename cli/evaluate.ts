/** sagp evaluate: how good a run's networks are, the last and the best. */
import { settle } from '../codecs/attempt.js'
import type { PartAnswers } from '../estimators/evaluation.js'
import { evaluateRun } from '../experiments/evaluate-run.js'
import type { NetworkAnswers, NetworkEvaluation } from '../experiments/summary.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { findRun } from './find-run.js'
import type { NetworkOptions } from './network-flag.js'
import { networkChoice } from './network-flag.js'
import { answer, command, Exit, say } from './output.js'
import { summaryText } from './summary-text.js'

/** Options of evaluate and of report. */
export interface EvaluateOptions extends DataOptions, NetworkOptions {}

/** A part's metrics, and beside them all that one number does not tell. */
const partInFull = (answers: PartAnswers | undefined): object => {
  const { metrics, ...rest } = answers?.evaluation ?? { metrics: {} }
  return { ...metrics, ...rest }
}

const inFull = (evaluated: NetworkEvaluation, { validation, test }: NetworkAnswers): object => ({
  ...evaluated,
  validation: partInFull(validation),
  test: partInFull(test)
})

/** sagp evaluate. Gives the exit code. */
export const evaluateCommand = (argument: string, options: EvaluateOptions): Promise<number> =>
  command(async get => {
    const found = await get(findRun(argument))
    const choice = settle(networkChoice(found, options))
    const { run, evaluation, which } = await get(evaluateRun(found.folder, choice, environmentOf(options)))
    run.remarks.forEach(remark => say(options, remark))
    const { summary, last, best } = evaluation
    const object = { ...summary, last: inFull(summary.last, last), best: inFull(summary.best, best) }
    answer(
      options,
      object,
      summaryText(summary, which, found.epoch === undefined && found.stage === undefined ? 'last' : 'asked')
    )
    return Exit.done
  })
