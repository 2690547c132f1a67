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

/** Most characters of what files and functions are called after. */
const LONGEST = 100

/** A name as C, Python and JavaScript allow it for what they define: letters, digits and _, no digit first.
 * @example identifierOf('my-run s1') // => 'my_run_s1'
 */
export const identifierOf = (name: string): string => {
  const plain = name
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+/, '')
    .slice(0, LONGEST)
    .replace(/_+$/, '')
  return /^[A-Za-z]/.test(plain) ? plain : `network${plain === '' ? '' : `_${plain}`}`
}
