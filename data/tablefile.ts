/** What a file of rows holds, whatever its format. */
import type { Npy } from './formats/npy.js'
import type { Sheet } from './sheet.js'

/** Columns of cells, or arrays by name. */
export type TableFile =
  | { readonly kind: 'sheet'; readonly sheet: Sheet }
  | { readonly kind: 'arrays'; readonly arrays: ReadonlyMap<string, Npy> }

/** How text becomes cells, where it is not to be found by looking at it. */
export interface TextReading {
  readonly delimiter?: string | undefined
  readonly encoding?: string | undefined
}
