/** Pictures as SVG text: the same bytes for the same numbers. */

/** Text safe inside markup.
 * @example escape('a < b') // => 'a &#60; b'
 */
export const escape = (s: string): string => s.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`)

/** A coordinate with at most two decimals. */
export const round = (n: number): number => Math.round(n * 100) / 100

/** An element; children are markup already. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: string = ''
): string => {
  const text = Object.entries(attributes).map(([k, v]) => ` ${k}="${typeof v === 'number' ? round(v) : escape(v)}"`)
  return `<${name}${text.join('')}>${children}</${name}>`
}

/** A text element. */
export const label = (
  x: number,
  y: number,
  content: string,
  attributes: Readonly<Record<string, string | number>> = {}
): string => element('text', { x, y, ...attributes }, escape(content))

/** A whole drawing that scales with its place, with a title for those who cannot see it. */
export const drawing = (width: number, height: number, title: string, body: string): string =>
  `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}" xmlns="http://www.w3.org/2000/svg">` +
  `<title>${escape(title)}</title>${body}</svg>`
