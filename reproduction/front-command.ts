/** `npm run front`: F1 against effective synapses, of SAGPs and of their rivals. */
import { join } from 'node:path'
import { Command } from 'commander'
import { attempt } from '../codecs/attempt.js'
import { whole } from '../codecs/strict.js'
import { budgetOf, commandText, end, namesOf, numberOf, tell, told } from './command.js'
import { dataNames, methodNames } from './front-methods.js'
import type { FrontOptions } from './front-options.js'
import { searchFront } from './front-search.js'
import { makeFront } from './front.js'

interface Flags {
  readonly data: string
  readonly methods: string
  readonly seeds: string
  readonly epochs?: string
  readonly dataDir?: string
  readonly search?: true
  readonly budget?: string
  readonly out: string
  readonly choices: string
  readonly picture?: string
}

/** Where results are kept, with the picture that README shows. */
const RESULTS = 'results'

const program = new Command('front')
  .description(
    'Trains each method at each number of synapses with seeds 1, 2, ..., and draws F1 against synapses. What is finished is ' +
      'kept in front.jsonl, and not done again; several processes may work side by side.'
  )
  .option('--data <names>', 'data sets, with commas', dataNames.join())
  .option('--methods <names>', 'methods, with commas', methodNames.join())
  .option('--seeds <number>', 'seeds: 1 to this number', '10')
  .option('--epochs <number>', 'epochs of each training instead of the usual ones, for a trial')
  .option('--data-dir <folder>', 'the folder of the data sets (SAGP_DATA_DIR)')
  .option('--search', 'chooses settings on validation rows, for --choices, instead')
  .option('--budget <minutes>', 'begins no further training after so many minutes')
  .option('--out <folder>', 'where front.jsonl, front.json and front.md are written', RESULTS)
  .option('--choices <file>', 'the settings that were chosen', 'reproduction/front-choices.json')
  .option('--picture <file>', 'where the picture is written (front.svg in --out, media/front.svg for results)')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run front -- --search\n  npm run front -- --budget 60\n' +
      '  npm run front -- --data digits --methods sagp,dense-gmp --seeds 2 --epochs 200 --out trial'
  )
  .parse()

const flags = program.opts<Flags>()
const done = await attempt(async get => {
  const { dataDir, budget, epochs, out, choices } = flags
  const picture = flags.picture ?? (out === RESULTS ? 'media/front.svg' : join(out, 'front.svg'))
  const options: FrontOptions = {
    data: namesOf('--data', flags.data, dataNames),
    methods: namesOf('--methods', flags.methods, methodNames),
    seeds: numberOf('--seeds', whole(1, 100), flags.seeds),
    epochs: epochs === undefined ? undefined : numberOf('--epochs', whole(8, 1e9), epochs),
    environment: { dataDir, tables: new Map() },
    minutes: budgetOf(budget),
    ...{ out, choices, picture },
    command: commandText('front')
  }
  told(await get((flags.search ? searchFront : makeFront)(options, tell)), out)
})()
end(done)
