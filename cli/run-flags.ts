/** Flags of the commands that train: what is trained, in which folder, how it is kept. */
import type { Command } from 'commander'
import { Option } from 'commander'
import { backendNames } from '../backends/open.js'
import { optimisers } from '../core/learning/optimisers.js'
import { presetNames } from '../estimators/presets.js'
import { models } from '../models/rivals.js'
import { sparseNames } from '../models/schedules.js'
import { rules } from '../rules/named.js'
import { tableInWords } from './choice-flag.js'
import { stagesHelp } from './stages-flag.js'

/** How often a run is saved. */
export const checkpointSeconds = (): Option =>
  new Option('--checkpoint-seconds <number>', 'seconds between two checkpoints').default('5')
/** Where data sets lie. */
export const dataDir = (): Option =>
  new Option('--data-dir <folder>', "folder of the data sets (default: SAGP_DATA_DIR, else one of the user's own)")
/** How many threads compute. */
export const threads = (): Option =>
  new Option('--threads <number>', 'threads of the simd backend; the result does not depend on it').default('1')

/** How a rival gets to a number of synapses, which a path goes down to by itself. */
export const sparse = (): Option =>
  new Option('--sparse <name>', `how a model dense or mlp gets sparse: ${sparseNames.join(', ')}; lasso: a sagp, too`)

/** The flags that choose what is trained, in which folder, and how it is kept: those of train and of path. */
export const choosing = (command: Command): Command =>
  command
    .option('--preset <name>', `where hyperparameters start from: ${presetNames.join(' or ')} (default: swift)`)
    .option('--seed <number>', 'seed of split, weights and noise (default: 1)')
    .option(
      '--backend <name>',
      `where to compute: ${backendNames.join(', ')}, or auto, the fastest here (default: simd)`
    )
    .option('--model <name>', `what is trained: ${tableInWords(models)} (default: sagp)`)
    .option('--layers <number>', 'hidden layers of --model mlp (default: 1)')
    .option('--width <number>', 'neurons in each of them (default: 128)')
    .option('--rule <name>', `who is born and dies: ${tableInWords(rules)} (default: paper)`)
    .option('--optimiser <name>', `by what the weights move: ${tableInWords(optimisers)} (default: adam)`)
    .option('--stages <stages>', stagesHelp)
    .option('--class-weights <weights>', 'balanced, or weights by class such as red=2,blue=0.5')
    .option('--weigh-validation', 'weigh the validation rows alike, so that the best network is the best by weight')
    .option('--config <file>', 'settings as JSON; flags win')
    .option('--out <folder>', "the run's folder (default: runs/<data>-<preset>-s<seed>-<hash>)")
    .option('--fresh', 'start over, whatever the folder holds')
    .addOption(dataDir())
    .addOption(checkpointSeconds())
    .addOption(threads())
