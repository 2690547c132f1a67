/** Where data and what was made of them lie on this machine, and how a long load is told of. Node only. */
import { homedir, totalmem } from 'node:os'
import { join } from 'node:path'

/** What is worth a progress line: so many of so many are done. */
export interface Progress {
  readonly what: string
  readonly done: number
  readonly total: number
}

/** What loading data meets on this machine. */
export interface Environment {
  /** The folder of the data sets: SAGP_DATA_DIR if left out, else one of the user's own. */
  readonly dataDir?: string | undefined
  readonly onProgress?: (progress: Progress) => void
}

const own = (variable: string, fallback: readonly string[]): string =>
  join(process.env[variable] ?? join(homedir(), ...fallback), 'sagp')

/** The folder that holds the data sets, each as its source lays it out. */
export const dataFolder = (dataDir: string | undefined): string =>
  dataDir ?? process.env['SAGP_DATA_DIR'] ?? own('XDG_DATA_HOME', ['.local', 'share'])

/** The folder of what can be made again. */
export const cacheFolder = (): string => process.env['SAGP_CACHE_DIR'] ?? own('XDG_CACHE_HOME', ['.cache'])

/** Bytes of memory that a process may have here: the machine's, or what a container leaves it. */
export const machineMemory = (): number => Math.min(totalmem(), process.constrainedMemory() || Infinity)
