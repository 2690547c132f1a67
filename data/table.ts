/** Data as it was read: numbers by row, and what is to be learned of each row. */
import type { NdArray } from '../core/ndarray.js'

/** What is to be learned. */
export type Target =
  /** One class a row; `values` are indices into `names`. */
  | { readonly kind: 'classes'; readonly names: readonly string[]; readonly values: readonly number[] }
  /** Any number of labels a row: 0 or 1 for each. `[rows, names]` */
  | { readonly kind: 'labels'; readonly names: readonly string[]; readonly values: NdArray }
  /** Numbers. `[rows, names]` */
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
  readonly x: NdArray
  readonly target: Target
  /** Names of the target columns. */
  readonly targets: readonly string[]
  readonly image?: Image
  /** Largest possible value of every feature, if they are bounded alike. */
  readonly largest?: number
  /** Where it comes from and on what terms. */
  readonly source?: string
}
