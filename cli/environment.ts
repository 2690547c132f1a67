/** What a command that loads data knows of this machine. */
import type { RunEnvironment } from '../experiments/environment.js'
import type { OutputOptions } from './output.js'
import { progressPrinter } from './progress-printer.js'

/** Flags of the commands that load data. */
export interface DataOptions extends OutputOptions {
  readonly dataDir?: string
}

/** Where the data lie, and who is told how far a long load is. */
export const environmentOf = (options: DataOptions): RunEnvironment => ({
  dataDir: options.dataDir,
  onProgress: progressPrinter(options)
})
