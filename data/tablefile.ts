/** What a file of rows holds, whatever its format. */
import type { Npy } from './formats/npy.js'
import type { Sheet } from './sheet.js'

/** Columns of cells, or arrays by name. */
export type TableFile =
  | { readonly kind: 'sheet'; readonly sheet: Sheet }
  | { readonly kind: 'arrays'; readonly arrays: ReadonlyMap<string, Npy> }
