#!/usr/bin/env node
/** The command line. */
import { Command, CommanderError, Option } from 'commander'
import { FailureError } from '../core/port/failure.js'
import { version } from '../version.js'
import { backendsCommand } from './backends.js'
import { cardCommand } from './card.js'
import { addDataVerbs } from './data-verbs.js'
import { diffCommand, diffHelp } from './diff.js'
import { evaluateCommand } from './evaluate.js'
import { exportNetworkCommand, formatsHelp } from './export.js'
import { featuresCommand } from './features.js'
import { addHyperparameters } from './flags.js'
import { addForkFlags, forkCommand, forkHelp } from './fork.js'
import { importCommand } from './import.js'
import { addInspectFlags, inspectCommand, inspectHelp } from './inspect.js'
import { deliver, Exit, fail, tell, watchStreams } from './output.js'
import type { PathOptions } from './path.js'
import { pathCommand } from './path.js'
import { predictCommand } from './predict.js'
import { addReading } from './reading-flags.js'
import { choosing, checkpointSeconds, dataDir, sparse, threads } from './run-flags.js'
import { reportCommand } from './report.js'
import { resumeCommand } from './resume.js'
import { runsCommand } from './runs.js'
import { STAGES_EXAMPLE } from './stages-flag.js'
import type { TrainOptions } from './train-options.js'
import { trainCommand } from './train.js'
import { verbOf } from './verb.js'

const program = new Command('sagp')
  .description('Self-assembling graph perceptrons: networks that grow, compete and prune themselves while they learn.')
  .version(version)
  .showSuggestionAfterError(true)
  .exitOverride()
  .configureOutput({
    writeOut: deliver,
    writeErr: tell,
    outputError: (text, write) => write(text.replace(/^error: /, 'sagp: '))
  })
  .addHelpText(
    'after',
    '\nExamples:\n  sagp train digits\n  sagp train my.csv --target species --seed 3\n  sagp predict runs/my-swift-s3-0a1b2c3d new.csv > answers.csv'
  )

const verb = verbOf(program)
let code: number = Exit.done
const run =
  <A extends unknown[]>(command: (...args: A) => Promise<number>) =>
  async (...args: A): Promise<void> => {
    code = await command(...args)
  }

addHyperparameters(
  addReading(
    choosing(
      verb(
        'train [data...]',
        'Train on a data set (see sagp data list) or a table of your own: .csv, .tsv, .json, .jsonl, .parquet or .npz (also .gz), or - for standard input. Several files with the same columns are one table.',
        [
          'train digits --preset paper --epochs 2000',
          'train my.csv --target species',
          'train house.parquet --target price --task numbers --ignore id',
          'train sales.csv --date day=DD/MM/YYYY --time day --decimal ,',
          'train my.csv --folds 5 --class-weights balanced',
          'train new.csv --from my-swift-s1-0a1b2c3d --epochs 200',
          'train fsdd --data-dir ~/data',
          'train digits --rule stalled=20 --optimiser sgd=0.8',
          `train digits --stages '${STAGES_EXAMPLE}'`,
          'train fsdd --target-f1 0.95',
          'train fsdd --target-synapses 1500',
          'train fsdd --model dense --sparse gmp --target-synapses 1500',
          'train fsdd --model mlp --sparse rigl --target-synapses 1500',
          'train photo --model softmax --target-synapses 2800',
          'train digits --config my.json --learning-rate 0.005 --out runs/mine'
        ]
      )
    )
      .addOption(sparse())
      .option('--from <run>', "start from a run's network, on the same columns: RUN, RUN@EPOCH or RUN@stage:NUMBER")
      .option('--target-synapses <number>', 'effective synapses in the end, reached by stages (default: as it comes)')
      .option(
        '--target-f1 <number>',
        'go down in steps of a fifth of the synapses, to the smallest network that keeps this F1-micro on validation rows; takes up to 8 times --epochs, and ends once five networks in a row miss it'
      )
  ).option('--folds <number>', 'cross-validation: so many runs, each judged by another part of the rows')
).action(run((data: readonly string[], options: TrainOptions) => trainCommand(data, options)))

addHyperparameters(
  addReading(
    choosing(
      verb(
        'path [data...]',
        'Train once, then prune step by step: scores against synapses as a table, path.json and a picture. A run like any other: interrupted, it goes on.',
        ['path digits', 'path fsdd --from 4000 --to 100 --points 8', 'path my.csv --target species --at 400,200,100,50']
      )
        .option('--from <synapses>', 'effective synapses of the first step, with --to')
        .option('--to <synapses>', 'effective synapses of the last step')
        .option('--points <number>', 'how many networks, each the same share of the one before (default: 8)')
        .option(
          '--at <synapses>',
          'the very numbers, with commas, in place of the three; without any, each step keeps 0.6'
        )
    )
  ),
  { epochs: 'measure of the stages: a quarter of it each for life and consolidation, an eighth for each step' }
).action(run((data: readonly string[], options: PathOptions) => pathCommand(data, options)))

verb(
  'resume <run>',
  'Go on with an interrupted run from its newest intact checkpoint, or with any run to more epochs.',
  ['resume digits-swift-s1-0a1b2c3d', 'resume RUN --epochs 3000']
)
  .option('--epochs <number>', 'epochs that the run is to have in all, instead of those it was begun with')
  .option('--reschedule', 'with --epochs: lets a learning rate that falls with their number jump', false)
  .option('--backend <name>', "go on with another backend than the run's own; the bits then differ from its own")
  .addOption(dataDir())
  .addOption(checkpointSeconds())
  .addOption(threads())
  .action(run(resumeCommand))

addForkFlags(verb('fork <run>', ...forkHelp)).action(run(forkCommand))

const use = (): Option =>
  new Option('--use <which>', 'which network: best or last (default: best, where there are validation rows)')

verb(
  'evaluate <run> [file]',
  "Judge a run's networks, the best and the last, on its validation and test data, or one network by a labelled file; --json has each class, too.",
  ['evaluate RUN', 'evaluate RUN@1000 --json', 'evaluate RUN labelled.csv']
)
  .addOption(use())
  .option('--delimiter <mark>', 'what parts the cells of the file: , ; | or tab')
  .option('--encoding <name>', 'of the file: utf8, utf16le, latin1, ...')
  .addOption(dataDir())
  .action(run(evaluateCommand))

verb('predict <run> <file>', 'Predict the rows of a table, labelled or not, prepared as in training; CSV comes out.', [
  'predict RUN new.csv > answers.csv',
  'predict RUN new.csv --keep id --threshold 0.3',
  'predict RUN@1000 new.csv --out answers.csv',
  'predict RUN - < new.csv'
])
  .option('--out <file>', 'write there instead of standard output')
  .addOption(use())
  .option('--keep <columns>', 'columns of the file to put in front of the answers, as they are: formulas stay formulas')
  .option(
    '--threshold <number>',
    'probability from which a label (default: 0.5), or the second of two classes (default: the likelier one), is answered'
  )
  .option('--delimiter <mark>', 'what parts the cells: , ; | or tab')
  .option('--encoding <name>', 'utf8, utf16le, latin1, ...')
  .addOption(dataDir())
  .action(run(predictCommand))

verb('report <run>', "Write a run's HTML report anew.", ['report RUN', 'report RUN --use last'])
  .addOption(use())
  .addOption(dataDir())
  .action(run(reportCommand))

verb('export <run>', 'Write a network in a format that runs without sagp.', [
  'export RUN --to js',
  'export RUN --to c --quantize int8 --out firmware',
  'export RUN@1200 --to onnx'
])
  .option('--to <format>', 'the format: see below')
  .option('--out <folder>', "where its files are written (default: exports in the run's folder)")
  .option('--name <name>', "what files and functions are called after (default: the run's name)")
  .option('--quantize <bits>', 'weights of js and c as int8 or int4; what that costs on the test rows is told')
  .addOption(use())
  .addOption(dataDir())
  .addHelpText('after', formatsHelp())
  .action(run(exportNetworkCommand))

verb(
  'import <file>',
  'Read a network back that export --to json wrote: it can predict, evaluate, inspect, card and export.',
  ['import network.json', 'import network.json --out runs/theirs']
)
  .option('--out <folder>', 'the folder that it is kept in (default: runs/ and the name of the file)')
  .action(run(importCommand))

verb(
  'card <run>',
  'The model card of a network, in Markdown: data, columns, settings, scores beside a baseline, inputs never used, sizes of exports.',
  ['card RUN', 'card RUN --out card.md', 'card RUN --json']
)
  .option('--out <file>', 'write there instead of standard output; as JSON where its name ends in .json')
  .addOption(use())
  .addOption(dataDir())
  .action(run(cardCommand))

verb('diff <run> <other>', ...diffHelp)
  .option('--top <number>', 'how much of each list, the largest changes first', '10')
  .addOption(use())
  .addOption(dataDir())
  .action(run(diffCommand))

addInspectFlags(
  verb('inspect <run>', ...inspectHelp)
    .addOption(use())
    .addOption(dataDir())
).action(run(inspectCommand))

addDataVerbs(program, run)

verb('features <files...>', 'Turn WAV files into 180 audio features each: 40 MFCC, 12 chroma, 128 mel.', [
  'features *.wav --out features.npz',
  'features *.wav --frames --rate native --out frames.npz'
])
  .option('--out <file>', 'the npz file', 'features.npz')
  .option('--frames', 'every frame, for recurrent models, instead of means over time', false)
  .option('--rate <rate>', 'samples a second to analyse at, or native', '22050')
  .action(run(featuresCommand))
verb('runs [folder]', 'List the runs under a folder; if none is named, those in runs and right here.', [
  'runs',
  'runs ~/experiments --json'
]).action(run(runsCommand))
verb('backends [data]', 'List the backends: usable here and how fast for a data set (fsdd), or why not.', [
  'backends',
  'backends cifar-10'
]).action(run(backendsCommand))

watchStreams()
try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof FailureError) code = fail(error.failure)
  else if (error instanceof CommanderError) code = error.exitCode === 0 ? Exit.done : Exit.misused
  else throw error
}
process.exitCode = code
