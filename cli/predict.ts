/** sagp predict: answers of a run's network to the rows of a file. */
import { stringify } from 'csv-stringify/sync'
import { settle } from '../codecs/attempt.js'
import { number } from '../codecs/strict.js'
import { predictFile } from '../experiments/predict-file.js'
import { writeWhole } from '../storage/files.js'
import { findRun } from './find-run.js'
import { flagValue } from './flag-value.js'
import type { OutputOptions } from './output.js'
import { answer, command, deliver, Exit, say } from './output.js'

/** Options of predict. */
export interface PredictOptions extends OutputOptions {
  readonly out?: string
  readonly best: boolean
  readonly threshold: string
}

/** sagp predict. Gives the exit code. */
export const predictCommand = (argument: string, file: string, options: PredictOptions): Promise<number> =>
  command(async get => {
    const threshold = settle(flagValue('--threshold', number(0, 1), options.threshold))
    const { folder, epoch: asked } = await get(findRun(argument))
    const answers = await get(predictFile(folder, file, { epoch: asked, best: options.best, threshold }))
    const { predictions, f1Micro, remarks, epoch } = answers
    remarks.forEach(remark => say(options, remark))
    const score = f1Micro === undefined ? '' : `; F1-micro against the file's own labels ${f1Micro.toFixed(4)}`
    say(options, `${predictions.rows.length} rows by the network of epoch ${epoch}${score}`)
    const csv = stringify([predictions.header.slice(), ...predictions.rows.map(row => row.slice())])
    // data as they are, but to a terminal
    if (options.out === undefined && !options.json && !process.stdout.isTTY) deliver(csv)
    else if (options.out === undefined) answer(options, predictions, csv.trimEnd())
    else {
      await get(writeWhole(options.out, csv))
      answer(options, { out: options.out, rows: predictions.rows.length }, options.out)
    }
    return Exit.done
  })
