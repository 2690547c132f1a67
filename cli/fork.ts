/** sagp fork: a run that goes on from a moment of another with other settings. */
import type { Command } from 'commander'
import { Option } from 'commander'
import { join, resolve } from 'node:path'
import { attempt } from '../codecs/attempt.js'
import { failure, FailureError } from '../core/port/failure.js'
import { runName } from '../experiments/experiment.js'
import { fixedChoices, fixedHyperparameters } from '../experiments/fork-settings.js'
import { planFork } from '../experiments/fork.js'
import { openRun } from '../experiments/open-run.js'
import { choicesOf } from './choices.js'
import { conductLive } from './conduct-live.js'
import { findRun } from './find-run.js'
import { addHyperparameters } from './flags.js'
import { addReading } from './reading-flags.js'
import { choosing, sparse } from './run-flags.js'
import type { TrainOptions } from './train-options.js'

/** What the help says: a description, and examples. */
export const forkHelp: readonly [description: string, examples: readonly string[]] = [
  'Go on from a moment of a run with other settings, in a folder of its own: RUN is its newest state, RUN@EPOCH that of any epoch, RUN@stage:NUMBER the end of a stage. Neurons, masks, weights, moments and clock are as they were; the rest of the schedule goes on, unless --stages replaces it; --epochs, of runs without stages, counts those before, too. What is left out is as in the run; its data and what its network computes stay. (train --from begins anew from a network: a new clock, a new optimiser, other rows.)',
  [
    'fork RUN@1200 --gamma2 0.05',
    'fork RUN@300 --learning-rate 0.001 --out runs/slower',
    "fork RUN@1200 --stages 'prune 500 synapses=300'"
  ]
]

/** Flags of train that a fork refuses, each with a word of its own: the help is not for them. */
const refused: readonly string[] = [
  ...[...fixedHyperparameters, ...fixedChoices],
  ...['layers', 'width', 'sparse', 'date', 'targetSynapses', 'targetF1']
]

/** Adds the flags of train to a command; those that a fork refuses are not in its help. */
export const addForkFlags = (command: Command): Command => {
  const made = addHyperparameters(addReading(choosing(command)).optionsGroup('Options:'))
    .addOption(sparse())
    .addOption(new Option('--from <run>'))
    .addOption(new Option('--target-synapses <number>'))
    .addOption(new Option('--target-f1 <number>'))
  for (const option of made.options) {
    if (refused.includes(option.attributeName())) option.hideHelp()
    option.description = option.description.replace(/ \(default: (simd|paper|adam)\)$/, '') // it is the run's
  }
  return made
}

/** sagp fork. Gives the exit code. */
export const forkCommand = (argument: string, options: TrainOptions): Promise<number> =>
  conductLive(options, environment =>
    attempt(async get => {
      const choices = await get(choicesOf([], options))
      const found = await get(findRun(argument))
      if (options.out !== undefined && resolve(options.out) === resolve(found.folder)) {
        const what = 'it is the run that the fork goes on from'
        throw new FailureError(failure('usage', `--out ${options.out}`, what, 'Name another folder'))
      }
      const planned = await get(planFork(found, choices, environment))
      const folder = options.out ?? join('runs', await runName(planned.experiment))
      return get(openRun(planned, folder, environment, options.fresh))
    })
  )
