#!/usr/bin/env node
/** The command line. */
import { Command, CommanderError, Option } from 'commander'
import { backendNames } from '../backends/open.js'
import { presetNames } from '../experiments/presets.js'
import { version } from '../version.js'
import { addHyperparameters } from './flags.js'
import { backendsCommand, evaluateCommand, predictCommand, reportCommand, runsCommand } from './inspect.js'
import { Exit } from './output.js'
import type { TrainOptions } from './train.js'
import { resumeCommand, trainCommand } from './train.js'

const program = new Command('sagp')
  .description('Self-assembling graph perceptrons: networks that grow, compete and prune themselves while they learn.')
  .version(version)
  .showSuggestionAfterError(true)
  .exitOverride()
  .addHelpText(
    'after',
    '\nExamples:\n  sagp train digits\n  sagp train my.csv --target species --seed 3\n  sagp predict runs/my-swift-s3-0a1b2c3d new.csv > answers.csv'
  )

/** A verb with the flags that all share. */
const verb = (signature: string, description: string, examples: readonly string[]): Command =>
  program
    .command(signature)
    .description(description)
    .exitOverride()
    .showSuggestionAfterError(true)
    .option('--json', 'one JSON object on standard output', false)
    .option('--quiet', 'no progress, no messages', false)
    .addHelpText('after', `\nExamples:\n${examples.map(e => `  sagp ${e}`).join('\n')}`)

let code: number = Exit.done
const run =
  <A extends unknown[]>(command: (...args: A) => Promise<number>) =>
  async (...args: A): Promise<void> => {
    code = await command(...args)
  }

const pace = (): Option => new Option('--checkpoint-seconds <number>', 'seconds between two checkpoints').default('5')
const threads = (): Option =>
  new Option('--threads <number>', 'threads of the simd backend; the result does not depend on it').default('1')

addHyperparameters(
  verb('train [data]', 'Train on a data set (digits) or a CSV file; the same run, interrupted, goes on.', [
    'train digits --preset paper --epochs 2000',
    'train my.csv --target species',
    'train house.csv --target price --task numbers --batch-size 64',
    'train digits --config my.json --learning-rate 0.005 --out runs/mine'
  ])
    .option('--target <columns>', 'target column, or several with commas; the last one if left out')
    .option('--task <kind>', 'what the target is: auto, classes, labels or numbers')
    .option('--preset <name>', `where hyperparameters start from: ${presetNames.join(' or ')} (default: swift)`)
    .option('--seed <number>', 'seed of split, weights and noise (default: 1)')
    .option('--backend <name>', `where to compute: ${backendNames.join(' or ')} (default: simd)`)
    .option('--config <file>', 'settings as JSON; flags win')
    .option('--out <folder>', "the run's folder (default: runs/<data>-<preset>-s<seed>-<hash>)")
    .option('--fresh', 'start over, whatever the folder holds')
    .addOption(pace())
    .addOption(threads())
).action(run((data: string | undefined, options: TrainOptions) => trainCommand(data, options)))

verb('resume <run>', 'Go on with an interrupted run from its newest sound checkpoint.', [
  'resume digits-swift-s1-0a1b2c3d'
])
  .addOption(pace())
  .addOption(threads())
  .action(run(resumeCommand))

verb('evaluate <run>', "Judge a run's network on its validation and test data.", [
  'evaluate RUN',
  'evaluate RUN@1000 --json'
]).action(run(evaluateCommand))

verb('predict <run> <file>', 'Predict the rows of a CSV file, labelled or not; CSV comes out.', [
  'predict RUN new.csv > answers.csv',
  'predict RUN@1000 new.csv --out answers.csv'
])
  .option('--out <file>', 'write there instead of standard output')
  .option('--best', 'the network of the lowest validation loss instead of the last', false)
  .option('--threshold <number>', 'probability from which a label counts as given', '0.5')
  .action(run(predictCommand))

verb('report <run>', "Write a run's HTML report anew.", ['report RUN']).action(run(reportCommand))
verb('runs', 'List the runs in the folder runs.', ['runs', 'runs --json']).action(run(runsCommand))
verb('backends', 'List the backends: usable here, or why not.', ['backends']).action(run(backendsCommand))

// whoever reads our output may stop, as head does
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(Exit.done)
  throw error
})

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  code = error.exitCode === 0 ? Exit.done : Exit.misused
}
process.exitCode = code
