/** Strangers' names in JavaScript and TypeScript: as strings, and in comments. */
import { cut } from '../../reports/svg.js'

/** What could end a script or is not to be seen: <, control characters, marks of direction, ends of lines. */
const unsafe = /[<\p{C}\p{Zl}\p{Zp}]/gu

const escapes = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')

/** A string as JavaScript and TypeScript write it: one line, safe within a script of a page too.
 * @example quoted('a"</script>') // => '"a\\"\\u003c/script>"'
 */
export const quoted = (text: string): string => JSON.stringify(text).replace(unsafe, escapes)

/** Strings as a list. */
export const quotedList = (texts: readonly string[]): string => `[${texts.map(quoted).join(', ')}]`

/** Most characters of a name in a comment. */
const LONGEST = 80

/** A name in a comment: it cannot end it. */
export const commented = (text: string): string => cut(quoted(text), LONGEST).replaceAll('*/', '* /')

/** A finite number. */
export const numeral = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

/** Numbers as a list. */
export const numeralList = (values: readonly number[]): string => `[${values.map(numeral).join(', ')}]`
