/** sagp evaluate: how good a run's networks are, the last and the best; or one network, by a labelled file. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { PartEvaluation } from '../estimators/evaluation.js'
import { evaluateRun } from '../experiments/evaluate-run.js'
import { isImported } from '../experiments/imported.js'
import { loadProgram } from '../experiments/load-program.js'
import { predictFile } from '../experiments/predict-file.js'
import type { RunName } from '../experiments/run-name.js'
import { metricsInWords } from '../experiments/summary-cells.js'
import type { NetworkAnswers, NetworkEvaluation } from '../experiments/summary.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { findRun } from './find-run.js'
import type { NetworkOptions } from './network-flag.js'
import { networkChoice } from './network-flag.js'
import { answer, command, Exit, grouped, say } from './output.js'
import { inputOf } from './standard-input.js'
import { summaryText } from './summary-text.js'

/** Options of evaluate and of report. */
export interface EvaluateOptions extends DataOptions, NetworkOptions {}

/** A part's metrics, and beside them all that one number does not tell. */
const partInFull = (answers: { readonly evaluation: PartEvaluation } | undefined): object => {
  const { metrics, ...rest } = answers?.evaluation ?? { metrics: {} }
  return { ...metrics, ...rest }
}

const inFull = (evaluated: NetworkEvaluation, { validation, test }: NetworkAnswers): object => ({
  ...evaluated,
  validation: partInFull(validation),
  test: partInFull(test)
})

/** Options of evaluate, with how a file is to be read. */
export interface EvaluateFileOptions extends EvaluateOptions {
  readonly delimiter?: string
  readonly encoding?: string
}

/** A network by the answers of a labelled file. */
const evaluateFile = (found: RunName, file: string, options: EvaluateFileOptions): TE.TaskEither<Failure, number> =>
  attempt(async get => {
    const choice = settle(networkChoice(found, options))
    const { delimiter, encoding } = options
    const read = { ...choice, delimiter, encoding, input: await get(inputOf([file])) }
    const { score, scored, epoch, used, which, remarks } = await get(predictFile(found.folder, file, read))
    if (!score) {
      const what = 'it has no answers of its own to judge by'
      throw new FailureError(failure('input', file, what, 'Give the target columns, named as in training'))
    }
    remarks.forEach(remark => say(options, remark))
    say(options, `${grouped(scored)} ${scored === 1 ? 'row' : 'rows'}, the network of ${which}`)
    const object = { file, rows: scored, epoch, used, ...partInFull({ evaluation: score }) }
    answer(options, object, metricsInWords(score.metrics))
    return Exit.done
  })

/** sagp evaluate. Gives the exit code. */
export const evaluateCommand = (
  argument: string,
  file: string | undefined,
  options: EvaluateFileOptions
): Promise<number> =>
  command(async get => {
    const found = await get(findRun(argument))
    if (file !== undefined) return get(evaluateFile(found, file, options))
    if (await isImported(found.folder)) {
      settle(await loadProgram(found.folder, settle(networkChoice(found, options)))())
      const cure = `Give a labelled file: sagp evaluate ${argument} FILE`
      throw new FailureError(failure('usage', argument, 'an imported network has no data of its own', cure))
    }
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
