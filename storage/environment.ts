/** Where data and what was made of them lie on this machine, and how a long load is told of. Node only. */
import { homedir, totalmem } from 'node:os'
import { join } from 'node:path'
import { refuse } from '../core/port/failure.js'

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

/** The user's own folder. @throws FailureError where the system knows none */
const home = (instead: string): string => {
  try {
    const folder = homedir()
    if (folder !== '') return folder
  } catch {
    // as if it were ''
  }
  return refuse('HOME', 'this user has no folder of their own', `Set HOME, or ${instead}`)
}

/** A user's own folder of a kind; a variable that is set to nothing counts as not set. */
const own = (variable: string, fallback: readonly string[], instead: string): string =>
  join(process.env[variable] || join(home(instead), ...fallback), 'sagp')

/** The folder that holds the data sets, each as its source lays it out. @throws FailureError where there can be none */
export const dataFolder = (dataDir: string | undefined): string =>
  dataDir ?? (process.env['SAGP_DATA_DIR'] || own('XDG_DATA_HOME', ['.local', 'share'], 'SAGP_DATA_DIR'))

/** The folder of what can be made again. @throws FailureError where there can be none */
export const cacheFolder = (): string =>
  process.env['SAGP_CACHE_DIR'] || own('XDG_CACHE_HOME', ['.cache'], 'SAGP_CACHE_DIR')

/** Bytes of memory that a process may have here: the machine's, or what a container leaves it. */
export const machineMemory = (): number => Math.min(totalmem(), process.constrainedMemory() || Infinity)
