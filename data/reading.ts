/** How a table is to be read: what cannot be guessed of it, said by somebody. */
import type { TaskChoice } from './task-choice.js'

/** Scales that somebody can name for a table's numbers. */
export const scaleNames = ['standard', 'robust', 'none'] as const
/** One of them. */
export type ScaleName = (typeof scaleNames)[number]

/** A column of dates and how they are written. */
export interface DateColumn {
  readonly column: string
  readonly format: string
}

/** How a table is to be read. */
export interface Reading {
  /** Target columns; none is the last column. */
  readonly target: readonly string[]
  readonly task: TaskChoice
  /** Column that says of each row to which part it belongs; none is a split by seed. */
  readonly split: string
  /** Columns that are words even where they look like numbers. */
  readonly categorical: readonly string[]
  /** Columns that are numbers even where they look like ids. */
  readonly numeric: readonly string[]
  /** Columns to leave out. */
  readonly ignore: readonly string[]
  /** What separates cells; nothing is found by looking. */
  readonly delimiter: string
  /** How a text file's bytes are letters; nothing is UTF-8, or what its first bytes say. */
  readonly encoding: string
  /** The decimal mark; nothing is found by looking. */
  readonly decimal: '' | '.' | ','
  /** Cells that mean missing, beside the usual ones. */
  readonly missing: readonly string[]
  /** Columns of dates that are not ISO 8601. */
  readonly dates: readonly DateColumn[]
  /** How features are scaled; nothing is as it suits them. */
  readonly scale: '' | ScaleName
  /** Leaves out rows without a target, instead of refusing them. */
  readonly dropBadTargets: boolean
  /** Column of the rows' weights in training; none is 1 for each. */
  readonly weights: string
  /** Seed of the split where it is not the run's own. */
  readonly splitSeed: number | null
  /** Column by which the past is learned from and the future judged by. */
  readonly time: string
  /** Column of which equal values stay in one part. */
  readonly group: string
  /** One of so many runs of a cross-validation, from 0; 0 folds are none. */
  readonly folds: number
  readonly fold: number
}

/** Every column read as it looks, the last one the target. */
export const plainReading: Reading = {
  target: [],
  task: 'auto',
  split: '',
  categorical: [],
  numeric: [],
  ignore: [],
  delimiter: '',
  encoding: '',
  decimal: '',
  missing: [],
  dates: [],
  scale: '',
  dropBadTargets: false,
  weights: '',
  splitSeed: null,
  time: '',
  group: '',
  folds: 0,
  fold: 0
}
