/** `npm run ablation`: what each ingredient of the preset `swift` is worth. */
import { Command } from 'commander'
import { attempt } from '../codecs/attempt.js'
import { whole } from '../codecs/strict.js'
import { variantNames } from './ablation-variants.js'
import { makeAblation } from './ablation.js'
import { budgetOf, commandText, end, namesOf, numberOf, tell, told } from './command.js'

interface Flags {
  readonly only?: string
  readonly variants: string
  readonly seeds: string
  readonly dataDir?: string
  readonly budget?: string
  readonly out: string
}

const program = new Command('ablation')
  .description(
    'Learns every table of a folder, two tables of a seed and the data sets of the front by the preset swift, and with one ' +
      'ingredient left out. What is finished is kept in ablation.jsonl, and not done again; several processes may work side by side.'
  )
  .argument('<folder>', 'folder of CSV files; the last column of each is learned')
  .option('--only <names>', 'some of the problems, with commas')
  .option('--variants <names>', 'some of the variants, with commas', variantNames.join())
  .option('--seeds <number>', 'seeds of what is quickly learned: 101 and so on; what is large has one', '3')
  .option('--data-dir <folder>', 'the folder of the data sets (SAGP_DATA_DIR)')
  .option('--budget <minutes>', 'begins no further training after so many minutes')
  .option('--out <folder>', 'where ablation.jsonl, ablation.json and ablation.md are written', 'results')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run ablation -- tables --data-dir data\n' +
      '  npm run ablation -- tables --only zoo,servo --variants preset,no-life --seeds 1 --out trial'
  )
  .parse()

const [folder = ''] = program.args
const flags = program.opts<Flags>()

const done = await attempt(async get => {
  const { dataDir, budget, out, only } = flags
  const made = await get(
    makeAblation(
      {
        ...{ folder, out, only: only?.split(',') ?? [] },
        variants: namesOf('--variants', flags.variants, variantNames),
        seeds: numberOf('--seeds', whole(1, 1000), flags.seeds),
        environment: { dataDir, tables: new Map() },
        minutes: budgetOf(budget),
        command: commandText('ablation', folder)
      },
      tell
    )
  )
  told(made, out)
})()
end(done)
