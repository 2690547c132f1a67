/** sagp report: a run's HTML report, written anew. */
import { evaluateRun, writeReport } from '../experiments/evaluate-run.js'
import { paths } from '../experiments/run-folder.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { findRun } from './find-run.js'
import { answer, command, Exit } from './output.js'

/** sagp report. Gives the exit code. */
export const reportCommand = (argument: string, options: DataOptions): Promise<number> =>
  command(async get => {
    const { folder, epoch } = await get(findRun(argument))
    await get(writeReport(await get(evaluateRun(folder, epoch, environmentOf(options)))))
    const { report } = paths(folder)
    answer(options, { report }, report)
    return Exit.done
  })
