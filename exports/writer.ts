/** What every format of an export shares: options in, files out. */

/** A file of an export. */
export interface ExportedFile {
  readonly name: string
  readonly content: string | Uint8Array
}

/** How weights are stored: as Float32, or as whole numbers with one factor for each receiver. */
export type Precision = 'float32' | 'int8' | 'int4'

/** How an export is written. */
export interface WriterOptions {
  /** What files, functions and guards are called after: see `identifierOf`. */
  readonly name: string
}

/** Letters that decompose into none of ASCII. */
const letters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L' },
  ...{ đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th', ı: 'i' }
}

/** A name with its accents taken off, so that identifiers keep its letters; lone surrogates and other scripts stay.
 * @example withoutAccents('Łódź, Größe') // => 'Lodz, Grosse'
 */
export const withoutAccents = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]/g, c => letters[c] ?? c)

/** Most characters of what files and functions are called after. */
const LONGEST = 100

/** A name as C, Python and JavaScript allow it for what they define: letters, digits and _, no digit first.
 * @example identifierOf('my-run s1') // => 'my_run_s1'
 */
export const identifierOf = (name: string): string => {
  const plain = withoutAccents(name.slice(0, 10 * LONGEST))
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+/, '')
    .slice(0, LONGEST)
    .replace(/_+$/, '')
  return /^[A-Za-z]/.test(plain) ? plain : `network${plain === '' ? '' : `_${plain}`}`
}
