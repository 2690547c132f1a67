/** What is asked of the front. */
import type { RunEnvironment } from '../experiments/environment.js'
import type { DataName, MethodName } from './front-methods.js'
import { frontData } from './front-methods.js'

/** Which of it is made, and where it is written. */
export interface FrontOptions {
  readonly data: readonly DataName[]
  readonly methods: readonly MethodName[]
  /** Seeds 1 to this number. */
  readonly seeds: number
  /** Epochs of each training instead of the usual ones; for a trial. */
  readonly epochs?: number | undefined
  readonly environment: RunEnvironment
  /** Minutes after which no further unit is begun. */
  readonly minutes: number
  /** The folder of results. */
  readonly out: string
  /** The file of the settings that were chosen. */
  readonly choices: string
  /** The file of the picture. */
  readonly picture: string
  /** The command, as the page tells it. */
  readonly command: string
}

/** Epochs of each training on a data set. */
export const epochsOf = ({ epochs }: Pick<FrontOptions, 'epochs'>, data: DataName): number =>
  epochs ?? frontData[data].epochs

/** Epochs of each trial of a search. */
export const searchEpochsOf = ({ epochs }: Pick<FrontOptions, 'epochs'>, data: DataName): number =>
  epochs ?? frontData[data].searchEpochs ?? frontData[data].epochs
