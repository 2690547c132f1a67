/** sagp train: a run from its first epoch, or from where its folder has it unfinished. */
import { join } from 'node:path'
import { attempt } from '../codecs/attempt.js'
import { runName } from '../experiments/experiment.js'
import { openRun } from '../experiments/open-run.js'
import { plan } from '../experiments/plan.js'
import { choicesOf } from './choices.js'
import type { TrainOptions } from './train-options.js'
import { foldsCommand } from './folds.js'
import { conductLive } from './conduct-live.js'
import { say } from './output.js'
import { profileLines, SHOWN } from './profile.js'
import { inputOf } from './standard-input.js'

/** sagp train. Gives the exit code. */
export const trainCommand = (data: readonly string[], options: TrainOptions): Promise<number> =>
  options.folds !== undefined
    ? foldsCommand(data, options)
    : conductLive(options, environment =>
        attempt(async get => {
          const input = await get(inputOf(data))
          const here = { ...environment, input }
          const planned = await get(plan(await get(choicesOf(data, options)), here))
          const { profile } = planned.loaded
          if (profile) say(options, `${profileLines(profile, SHOWN).join('\n')}\n`)
          const folder = options.out ?? join('runs', await runName(planned.experiment))
          return get(openRun(planned, folder, here, options.fresh))
        })
      )
