/** sagp inspect: a look inside a network: which inputs matter, by which paths, and why a row is answered as it is. */
import type { Command } from 'commander'
import { settle } from '../codecs/attempt.js'
import { whole } from '../codecs/strict.js'
import { failure, FailureError } from '../core/port/failure.js'
import { inspectNetwork, pathsOfNetwork } from '../experiments/inspect-run.js'
import { openNetwork } from '../experiments/open-network.js'
import { whyRow } from '../experiments/why-row.js'
import { environmentOf } from './environment.js'
import { findRun } from './find-run.js'
import { flagValue } from './flag-value.js'
import { inspectionText, pathsText, whyText } from './inspection-text.js'
import type { NetworkOptions } from './network-flag.js'
import { networkChoice } from './network-flag.js'
import { answer, command, Exit, say } from './output.js'
import { reportProgress } from './progress-printer.js'
import { inputOf } from './standard-input.js'

/** Options of inspect. */
export interface InspectOptions extends NetworkOptions {
  readonly from?: string
  readonly to?: string
  readonly paths?: string
  readonly why?: string
  readonly row?: string
  readonly class?: string
  readonly delimiter?: string
  readonly encoding?: string
}

/** How many paths are shown where nobody says. */
const USUAL_PATHS = '5'

/** What the verb's help says. */
export const inspectHelp: readonly [description: string, examples: readonly string[]] = [
  'Look inside a network: which inputs matter and for which output, those never used, neurons by synapses; the strongest paths between an input and an output; what each input contributed to the answer to a row.',
  ['inspect RUN', 'inspect RUN --from price --to high', 'inspect RUN@1200 --why new.csv --row 3']
]

/** Adds the flags that say what is looked at. */
export const addInspectFlags = (command: Command): Command =>
  command
    .option('--from <input>', 'the strongest paths from a column, or from one input of it')
    .option('--to <output>', 'the strongest paths to a class, label or number')
    .option('--paths <number>', `how many of them (default: ${USUAL_PATHS})`)
    .option('--why <file>', 'what each input contributed to the answer to a row of this table, with --row')
    .option('--row <number>', 'which row; 1 is the first below the header')
    .option('--class <name>', 'why this class, label or number (default: those of the answer)')
    .option('--delimiter <mark>', 'what parts the cells: , ; | or tab')
    .option('--encoding <name>', 'utf8, utf16le, latin1, ...')

/** Refuses a flag that says nothing without another. @throws FailureError */
const needs = (flag: string, given: string | undefined, other: string, otherGiven: boolean): void => {
  if (given === undefined || otherGiven) return
  throw new FailureError(failure('usage', flag, `it says nothing without ${other}`, `Give ${other} too, or neither`))
}

/** sagp inspect. Gives the exit code. */
export const inspectCommand = (argument: string, options: InspectOptions): Promise<number> =>
  command(async get => {
    const { from, to, why, delimiter, encoding } = options
    const wantsPaths = from !== undefined || to !== undefined
    needs('--paths', options.paths, '--from or --to', wantsPaths)
    needs('--row', options.row, '--why', why !== undefined)
    needs('--class', options.class, '--why', why !== undefined)
    needs('--why', why, '--row', options.row !== undefined)
    const most = settle(flagValue('--paths', whole(1, 1000), options.paths ?? USUAL_PATHS))
    const row = settle(flagValue('--row', whole(1), options.row ?? '1'))
    const found = await get(findRun(argument))
    const opened = await get(openNetwork(found.folder, settle(networkChoice(found, options))))
    opened.remarks.forEach(remark => say(options, remark))
    const environment = { ...environmentOf(options), onProgress: reportProgress(options) }
    const head = { run: found.folder, network: opened.which }

    const paths = wantsPaths ? pathsOfNetwork(opened, { from, to, most }) : undefined
    const input = why === undefined ? undefined : await get(inputOf([why]))
    const reasons =
      why === undefined
        ? undefined
        : await get(whyRow(opened, why, { row, output: options.class, delimiter, encoding, input }, environment))
    reasons?.remarks.forEach(remark => say(options, remark))
    if (paths ?? reasons) {
      const texts = [...(paths ? [pathsText(paths)] : []), ...(reasons ? [whyText(reasons)] : [])]
      say(options, `the network of ${opened.which}`)
      answer(options, { ...head, paths, why: reasons }, texts.join('\n\n'))
      return Exit.done
    }
    const inspected = await get(inspectNetwork(opened, environment))
    inspected.remarks.forEach(remark => say(options, remark))
    answer(options, { ...head, ...inspected }, inspectionText(inspected, opened.which))
    return Exit.done
  })
