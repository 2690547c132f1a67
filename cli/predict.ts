/** sagp predict: answers of a run's network to the rows of a file. */
import { stringify } from 'csv-stringify/sync'
import { settle } from '../codecs/attempt.js'
import { number } from '../codecs/strict.js'
import type { FileAnswers } from '../experiments/predict-file.js'
import { predictFile } from '../experiments/predict-file.js'
import { metricsInWords } from '../experiments/summary-cells.js'
import { writeWhole } from '../storage/files.js'
import { findRun } from './find-run.js'
import { flagValue } from './flag-value.js'
import type { NetworkOptions } from './network-flag.js'
import { networkChoice } from './network-flag.js'
import type { OutputOptions } from './output.js'
import { answer, command, deliver, Exit, grouped, say } from './output.js'
import { listed } from './reading-flags.js'
import { inputOf } from './standard-input.js'

/** Options of predict. */
export interface PredictOptions extends OutputOptions, NetworkOptions {
  readonly out?: string
  readonly threshold?: string
  readonly keep?: string
  readonly delimiter?: string
  readonly encoding?: string
}

/** Whether a spreadsheet would take a cell for a formula. */
const isFormula = (cell: string): boolean => /^[=+\-@]/.test(cell) && Number.isNaN(Number(cell))

const rowsOf = (n: number): string => `${grouped(n)} ${n === 1 ? 'row' : 'rows'}`

/** What is to be said of answers, a line each. */
const saidOf = ({ predictions: { rows }, score, scored, which, remarks }: FileAnswers): readonly string[] => {
  const formulas = rows.flat().filter(isFormula).length
  return [
    ...remarks,
    ...(formulas > 0 ? [`cells that a spreadsheet would take for formulas: ${grouped(formulas)}`] : []),
    `${rowsOf(rows.length)} by the network of ${which}`,
    ...(score ? [`score against the file's own answers (${rowsOf(scored)}):`, metricsInWords(score.metrics)] : [])
  ]
}

/** sagp predict. Gives the exit code. */
export const predictCommand = (argument: string, file: string, options: PredictOptions): Promise<number> =>
  command(async get => {
    const given = options.threshold
    const threshold = given === undefined ? given : settle(flagValue('--threshold', number(0, 1), given))
    const found = await get(findRun(argument))
    const choice = settle(networkChoice(found, options))
    const { delimiter, encoding } = options
    const input = await get(inputOf([file]))
    const asked = { ...choice, threshold, keep: listed(options.keep), delimiter, encoding, input }
    const answers = await get(predictFile(found.folder, file, asked))
    saidOf(answers).forEach(line => say(options, line))
    const { predictions, score, scored, epoch, used } = answers
    const csv = stringify([predictions.header.slice(), ...predictions.rows.map(row => row.slice())])
    const told = { epoch, used, ...(score ? { score: score.metrics, scored } : {}) }
    // data as they are, but to a terminal
    if (options.out === undefined && !options.json && !process.stdout.isTTY) deliver(csv)
    else if (options.out === undefined) answer(options, { ...predictions, ...told }, csv.trimEnd())
    else {
      await get(writeWhole(options.out, csv))
      answer(options, { out: options.out, rows: predictions.rows.length, ...told }, options.out)
    }
    return Exit.done
  })
