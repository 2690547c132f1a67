/** `npm run tables`: what the presets do on tables, against rivals. */
import { Command } from 'commander'
import { attempt, settle } from '../codecs/attempt.js'
import { decode, whole } from '../codecs/strict.js'
import { ChoicesCodec } from '../experiments/plan.js'
import { assignments } from './assignments.js'
import { commandText, end, numberOf, tell } from './command.js'
import { exportTables, makeTables } from './tables.js'

interface Flags {
  readonly splits: string
  readonly only?: string
  readonly preset: string
  readonly export?: string
  readonly set: readonly string[]
  readonly out: string
  readonly rivals: string
}

const program = new Command('tables')
  .description(
    'Learns every table of a folder with seeds 1, 2, ... as sagp train would, and compares it with rivals on the same rows. ' +
      'What is finished is kept in tables.jsonl, and not done again.'
  )
  .argument('<folder>', 'folder of CSV files; the last column of each is learned')
  .option('--splits <number>', 'seeds: 1 to this number', '10')
  .option('--only <names>', 'some of the tables, with commas')
  .option('--preset <name>', 'swift or paper', 'swift')
  .option('--set <name=value...>', 'hyperparameters, as in --set gamma2=0.005 epochs=500', [])
  .option('--out <folder>', 'where tables.jsonl, tables.json and tables.md are written', 'results')
  .option('--rivals <file>', 'what the rivals score', 'reproduction/sklearn/tables.json')
  .option('--export <folder>', 'writes the matrices for reproduction/sklearn/tables.py there, and learns nothing')
  .addHelpText(
    'after',
    '\nExamples:\n  npm run tables -- tables\n  npm run tables -- tables --only zoo,servo --splits 3\n' +
      '  npm run tables -- tables --export matrices && python3 reproduction/sklearn/tables.py matrices'
  )
  .parse()

const [folder = ''] = program.args
const flags = program.opts<Flags>()

const done = await attempt(async get => {
  const { preset, hyperparameters } = settle(
    decode(ChoicesCodec, '--set')({ preset: flags.preset, hyperparameters: settle(assignments('--set', flags.set)) })
  )
  const asked = {
    ...{ folder, choices: { preset, hyperparameters } },
    splits: numberOf('--splits', whole(1, 1000), flags.splits),
    only: flags.only?.split(',') ?? []
  }
  if (flags.export !== undefined) return get(exportTables(asked, flags.export))
  const { out, rivals } = flags
  await get(makeTables({ ...asked, out, rivals, command: commandText('tables', folder) }, tell))
  tell(`written to ${out}`)
})()
end(done)
