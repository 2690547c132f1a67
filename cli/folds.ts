/** sagp train --folds: ordinary runs under one folder, each judged by another part of the rows. */
import { join } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import { whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { CrossValidation } from '../experiments/cross-validation.js'
import { crossValidationOf } from '../experiments/cross-validation.js'
import { runName } from '../experiments/experiment.js'
import { namesIn } from '../experiments/folder-status.js'
import { openRun } from '../experiments/open-run.js'
import type { Choices } from '../experiments/plan.js'
import { plan } from '../experiments/plan.js'
import { pretty } from '../experiments/run-folder.js'
import type { Summary } from '../experiments/summary.js'
import { diverged } from '../experiments/train-run.js'
import { writeWhole } from '../storage/files.js'
import { choicesOf } from './choices.js'
import { conductShown } from './conduct-live.js'
import { environmentOf } from './environment.js'
import { flagValue } from './flag-value.js'
import { answer, columns, command, Exit, say } from './output.js'
import { inputOf } from './standard-input.js'
import type { TrainOptions } from './train-options.js'

/** Fewest and most folds: one is for the test, one for validation. */
const [FEWEST, MOST] = [3, 1000] as const

const linesOf = ({ spread, effectiveSynapses }: CrossValidation): readonly (readonly string[])[] => {
  const names = Object.keys(spread.test)
  const cell = (part: 'validation' | 'test', name: string): string => {
    const found = spread[part][name]
    return found ? `${found.mean.toFixed(4)} +- ${found.deviation.toFixed(4)}` : '-'
  }
  const { mean, deviation } = effectiveSynapses
  return [
    ['', 'validation', 'test'],
    ...names.map(name => [name, cell('validation', name), cell('test', name)]),
    ['effective synapses', '', `${mean.toFixed(0)} +- ${deviation.toFixed(0)}`]
  ]
}

/** Refuses a folder that holds something, but no folds: it is somebody's, or a run in which nobody would look for more. */
const checkHome = (home: string): TE.TaskEither<Failure, void> =>
  attempt(async get => {
    const inside = await get(namesIn(home))
    if (inside.length > 0 && !inside.includes('fold-0'))
      throw new FailureError(
        failure('usage', `--out ${home}`, 'it holds files that are no folds', 'Name a new or an empty folder')
      )
  })

/** Trains all folds, those that are finished already left as they are. Gives the exit code. */
export const foldsCommand = (data: readonly string[], options: TrainOptions): Promise<number> =>
  command(async get => {
    const folds = settle(flagValue('--folds', whole(FEWEST, MOST), options.folds))
    const input = await get(inputOf(data))
    const choices: Choices = { ...(await get(choicesOf(data, options))), folds }
    const first = await get(plan({ ...choices, fold: 0 }, { ...environmentOf(options), input }))
    const home = options.out ?? join('runs', `${await runName(first.experiment)}-folds`)
    await get(checkHome(home))
    const summaries: Summary[] = []
    const names = range(folds).map(fold => `fold-${fold}`)
    for (const [fold, name] of names.entries()) {
      say(options, `fold ${fold + 1} of ${folds}`)
      const { run, result, evaluation, code } = await conductShown(get, options, environment =>
        attempt(async get => {
          const here = { ...environment, input }
          const planned = fold === 0 ? first : await get(plan({ ...choices, fold }, here))
          return get(openRun(planned, join(home, name), here, options.fresh))
        })
      )
      if (result.why === 'diverged') throw new FailureError(diverged(run.experiment, result.state.clock.epoch))
      if (code !== Exit.done) return code
      summaries.push(evaluation.summary)
    }
    const made = crossValidationOf(names, summaries)
    const file = join(home, 'folds.json')
    await get(writeWhole(file, pretty(made)))
    answer(options, { run: home, ...made }, `${columns(linesOf(made))}\n\nruns    ${home}\nfolds   ${file}`)
    return Exit.done
  })
