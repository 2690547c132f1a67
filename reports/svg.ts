/** Pictures as SVG text: the same bytes for the same numbers. */

/** What shows nothing, or turns text around: other control characters, marks of direction, half of a character. */
const invisible = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu

/** Text safe inside markup; characters that are not to be seen become a replacement character.
 * @example escape('a < b') // => 'a &#60; b'
 */
export const escape = (s: string): string =>
  s.replace(invisible, '\ufffd').replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`)

/** At most so many characters, the last of them an ellipsis where there are more.
 * @example cut('temperature', 6) // => 'tempe…'
 */
export const cut = (text: string, most: number): string => {
  const characters = Array.from(text.slice(0, 2 * most + 2)) // not half of one that takes two places
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text
}

/** A coordinate with at most two decimals. */
export const round = (n: number): number => Math.round(n * 100) / 100

/** Attributes of an element. */
export type Attributes = Readonly<Record<string, string | number>>

/** An element; children are markup already. */
export const element = (name: string, attributes: Attributes, children: string = ''): string => {
  const text = Object.entries(attributes).map(([k, v]) => ` ${k}="${typeof v === 'number' ? round(v) : escape(v)}"`)
  return `<${name}${text.join('')}>${children}</${name}>`
}

/** A text element. */
export const label = (x: number, y: number, content: string, attributes: Attributes = {}): string =>
  element('text', { x, y, ...attributes }, escape(content))

/** About how wide a character of the page's font is; wide scripts are as wide as they are high. */
const widthOf = (c: string): number => {
  if (c >= '\u1100') return c === '…' ? 11.4 : 14
  if (/[mwMW@%=+~]/.test(c)) return 11.4
  if (/[ijlftrI.,:;'|!()[\]{} ]/.test(c)) return 5.4
  return /[A-Z&#]/.test(c) ? 9.3 : 8.2
}

/** As much of a text as has room, an ellipsis in the place of the rest. */
const fitted = (text: string, room: number): string => {
  const characters = Array.from(text.slice(0, 400))
  const widths = characters.map(widthOf)
  const all = widths.reduce((sum, w) => sum + w, 0)
  if (all <= room) return text
  let [kept, used] = [0, widthOf('…')]
  while (used + (widths[kept] ?? 0) <= room && kept < characters.length) used += widths[kept++] ?? 0
  return `${characters.slice(0, kept).join('')}…`
}

/** Whether a text has so much room. */
export const fits = (text: string, room: number): boolean => fitted(text, room) === text

/** A name that has so much room, an ellipsis in the place of the rest; the whole is shown to who points at it. */
export const nameLabel = (x: number, y: number, name: string, room: number, attributes: Attributes = {}): string => {
  const shown = fitted(name, room)
  const whole = shown === name ? '' : element('title', {}, escape(cut(name, 300)))
  return element('text', { x, y, ...attributes }, escape(shown) + whole)
}

/** A whole drawing that scales with its place but not below `least` of its width, with a title for those who cannot see it. */
export const drawing = (width: number, height: number, title: string, body: string, least: number = 0): string => {
  const smallest = least > 0 ? ` style="min-width:${Math.ceil(least * width)}px"` : ''
  return (
    `<svg viewBox="0 0 ${round(width)} ${round(height)}"${smallest} role="img" aria-label="${escape(title)}" xmlns="http://www.w3.org/2000/svg">` +
    `<title>${escape(title)}</title>${body}</svg>`
  )
}
