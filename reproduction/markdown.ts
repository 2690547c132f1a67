/** Tables and numbers as Markdown. Pure. */
import type { Mean } from './compare.js'

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** A table, its first column to the left, and an empty line. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  row(head),
  row(head.map((_, j) => (j === 0 ? '---' : '---:'))),
  ...rows.map(row),
  ''
]

/** A number with so many decimals, or a dash if it is none; what is 0 with so many has no sign.
 * @example digits(-0.00001, 4) // => '0.0000'
 */
export const digits = (value: number, places: number): string => {
  const text = value.toFixed(places)
  if (!Number.isFinite(value)) return '-'
  return /[1-9]/.test(text) ? text : text.replace('-', '')
}

/** A mean with its standard error.
 * @example score({ mean: 0.5, error: 0.01 }) // => '0.5000 ± 0.0100'
 */
export const score = ({ mean, error }: Mean): string => `${digits(mean, 4)} ± ${digits(error, 4)}`

/** A difference, with its sign.
 * @example difference(-0.00001) // => '+0.0000'
 */
export const difference = (value: number): string => {
  const text = digits(value, 4)
  return text.startsWith('-') ? text : `+${text}`
}

/** A difference with its standard error. */
export const signed = ({ mean, error }: Mean): string => `${difference(mean)} ± ${digits(error, 4)}`

/** A number without decimals. */
export const count = (value: number): string => digits(value, 0)
