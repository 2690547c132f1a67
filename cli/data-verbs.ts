/** sagp data: its verbs. */
import type { Command } from 'commander'
import { showCommand } from './data-show.js'
import { exportCommand, fetchCommand, listCommand } from './data.js'
import { addReading } from './reading-flags.js'
import { dataDir } from './run-flags.js'
import type { Run } from './verb.js'
import { verbOf } from './verb.js'

/** Adds `sagp data` and its verbs. */
export const addDataVerbs = (program: Command, run: Run): void => {
  const data = program
    .command('data')
    .description('The public data sets: what there is, fetch, show, export.')
    .exitOverride()
  const verb = verbOf(data)
  verb('list', 'List the data sets.', ['data list']).addOption(dataDir()).action(run(listCommand))
  verb('fetch <name>', 'Download a data set from its source, or check the one that is there.', [
    'data fetch fsdd',
    'data fetch photo --data-dir ~/data'
  ])
    .addOption(dataDir())
    .option('--mirror <url>', 'a place that has the files under their own names')
    .option('--force', 'download again what is there already', false)
    .action(run(fetchCommand))
  addReading(
    verb(
      'show [data...]',
      'Show a data set: counts, class sizes, split, terms; or a table of your own: what each column is taken for and why.',
      ['data show fsdd', 'data show my.csv --target species', 'data show --all']
    )
      .addOption(dataDir())
      .option('--all', 'all public data sets, as a table', false)
      .option('--seed <number>', 'seed of the split (default: 1)')
  ).action(run(showCommand))
  verb('export <name>', 'Write a data set, unscaled, for other programs.', [
    'data export fsdd --to npz',
    'data export digits --to csv --out digits.csv'
  ])
    .addOption(dataDir())
    .option('--to <format>', 'npz or csv', 'npz')
    .option('--out <file>', 'the file (default: NAME.npz or NAME.csv)')
    .option('--seed <number>', 'seed of the split, where the source gives none', '1')
    .action(run(exportCommand))
}
