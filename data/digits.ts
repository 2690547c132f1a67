/** The one data set that lives in the project. */
import { inflateSync } from 'fflate'
import type { NdArray } from '../core/port/ndarray.js'
import { tabulate, range } from '../core/port/ndarray.js'
import { DIGITS } from './digits.data.js'
import type { Table, Target } from './table.js'

const ROWS = 1797
const BYTES = 65

/** 1,797 handwritten digits of 8 by 8 pixels, values 0 to 16 (UCI, CC BY 4.0; see digits.data.ts).
 * @example digits().x.shape // => [1797, 64]
 */
export const digits = (): Table & {
  readonly x: NdArray
  readonly target: Extract<Target, { readonly kind: 'classes' }>
} => {
  const bytes = inflateSync(Uint8Array.from(atob(DIGITS), c => c.charCodeAt(0)))
  return {
    name: 'digits',
    features: range(64).map(i => `pixel_${Math.floor(i / 8)}_${i % 8}`),
    x: tabulate([ROWS, 64], (i, j) => bytes[i * BYTES + j] as number),
    target: {
      kind: 'classes',
      names: range(10).map(String),
      values: range(ROWS).map(i => bytes[i * BYTES + 64] as number)
    },
    targets: ['digit'],
    image: { width: 8, height: 8, channels: 1 },
    scale: { kind: 'divide', by: 16 },
    division: { kind: 'random' },
    source:
      'E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits. UCI Machine Learning Repository, CC BY 4.0'
  }
}
