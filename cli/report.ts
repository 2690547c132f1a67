/** sagp report: a run's HTML report, written anew. */
import { settle } from '../codecs/attempt.js'
import { evaluateRun, writeReport } from '../experiments/evaluate-run.js'
import { paths } from '../experiments/run-folder.js'
import { environmentOf } from './environment.js'
import { findRun } from './find-run.js'
import type { EvaluateOptions } from './evaluate.js'
import { networkChoice } from './network-flag.js'
import { answer, command, Exit, say } from './output.js'
import { reportProgress } from './progress-printer.js'

/** sagp report. Gives the exit code. */
export const reportCommand = (argument: string, options: EvaluateOptions): Promise<number> =>
  command(async get => {
    const found = await get(findRun(argument))
    const choice = settle(networkChoice(found, options))
    const evaluated = await get(evaluateRun(found.folder, choice, environmentOf(options)))
    evaluated.run.remarks.forEach(remark => say(options, remark))
    await get(writeReport(evaluated, reportProgress(options)))
    say(options, `the network of ${evaluated.which}`)
    const { report } = paths(found.folder)
    answer(options, { report }, report)
    return Exit.done
  })
