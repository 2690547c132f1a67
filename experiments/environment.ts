/** What a run meets on this machine. */
import type { BackendName, OpenOptions } from '../backends/open.js'
import type { Table } from '../data/table.js'
import type { Environment } from '../storage/environment.js'

/** Where data lie and how to compute; but for another backend, which changes the last bits, none of it decides a result. */
export interface RunEnvironment extends Environment, OpenOptions {
  /** Goes on with another backend than the run's own. */
  readonly backend?: BackendName | undefined
  /** What came by standard input, where the data are `-`. */
  readonly input?: Uint8Array | undefined
  /** Public data sets that are kept once they were read, by name: for who makes many plans. */
  readonly tables?: Map<string, Table> | undefined
}
