/** sagp evaluate: how good a run's networks are, the last and the best. */
import { evaluateRun } from '../experiments/evaluate-run.js'
import { summaryCells } from '../experiments/report.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { findRun } from './find-run.js'
import { answer, columns, command, Exit } from './output.js'

/** sagp evaluate. Gives the exit code. */
export const evaluateCommand = (argument: string, options: DataOptions): Promise<number> =>
  command(async get => {
    const { folder, epoch } = await get(findRun(argument))
    const { summary } = (await get(evaluateRun(folder, epoch, environmentOf(options)))).evaluation
    answer(options, summary, columns(summaryCells(summary)))
    return Exit.done
  })
