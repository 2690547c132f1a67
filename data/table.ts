/** Data as it was read: numbers by row, and what is to be learned of each row. */
import type { NdArray } from '../core/port/ndarray.js'
import type { NumberFormat } from './cells.js'
import type { Encoding } from './codes.js'
import type { Matrix } from './matrix.js'
import type { Scale } from './preparation.js'
import type { Division, Split } from './split.js'
import { divided } from './split.js'

/** What is to be learned. */
export type Target =
  /** One class a row; `values` are indices into `names`. */
  | { readonly kind: 'classes'; readonly names: readonly string[]; readonly values: readonly number[] }
  /** Any number of labels a row: 0 or 1 for each. `[rows, names]` */
  | { readonly kind: 'labels'; readonly names: readonly string[]; readonly values: NdArray }
  /** Numbers, in Float64 until they are standardised. `[rows, names]` */
  | { readonly kind: 'numbers'; readonly names: readonly string[]; readonly values: NdArray }

/** Features that are the pixels of an image, channel by channel, each row by row. */
export interface Image {
  readonly width: number
  readonly height: number
  readonly channels: number
}

/** A data set before any preparation. */
export interface Table {
  readonly name: string
  readonly features: readonly string[]
  /** `[rows, features]` */
  readonly x: Matrix
  readonly target: Target
  /** Names of the target columns. */
  readonly targets: readonly string[]
  /** Names of the rows, where they have any. */
  readonly names?: readonly string[]
  readonly image?: Image
  /** How features are scaled; each by its own mean and deviation if left out. */
  readonly scale?: Scale
  /** How rows are divided; at random if left out, within each class where there are classes. */
  readonly division?: Division
  /** How the columns of a file became features. */
  readonly encoding?: Encoding
  /** Cells of it that mean missing, beside the usual marks. */
  readonly missing?: readonly string[]
  /** How the numbers to be learned are written, column by column. */
  readonly targetFormats?: readonly NumberFormat[]
  /** Weights of the rows in training; 1 for each if left out. */
  readonly weights?: readonly number[]
  /** Where it comes from and on what terms. */
  readonly source?: string
}

/** Row numbers of training, validation and test, by seed unless the source gives them. */
export const splitOf = ({ x, target, division }: Table, seed: number): Split => {
  const usual = target.kind === 'classes' ? 'stratified' : 'random'
  return divided(division ?? { kind: usual }, x.shape[0], target.kind === 'classes' ? target.values : [], seed)
}
