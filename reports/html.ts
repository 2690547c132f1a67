/** A page that needs nothing but itself. */
import { style } from './style.js'
import { cut, escape } from './svg.js'

/** What a table may be told besides its cells. */
export interface TableOptions {
  /** Characters of a cell that are shown; the whole text is shown to who points at it. */
  readonly most?: number
  /** Cells are words rather than numbers: ranged left, broken into lines. */
  readonly words?: boolean
}

/** A table of cells; the first row is its head. A table that is too wide for its place moves inside it. */
export const tableOf = (
  [head = [], ...rows]: readonly (readonly string[])[],
  { most = Infinity, words = false }: TableOptions = {}
): string => {
  const cell = (tag: string) => (text: string) => {
    const shown = cut(text, most)
    const title = shown === text ? '' : ` title="${escape(text)}"`
    return `<${tag}${title}>${escape(shown)}</${tag}>`
  }
  const row = (tag: string) => (cells: readonly string[]) => `<tr>${cells.map(cell(tag)).join('')}</tr>`
  const table = `<table${words ? ' class="words"' : ''}><thead>${row('th')(head)}</thead><tbody>${rows.map(row('td')).join('')}</tbody></table>`
  return `<div class="scroll">${table}</div>`
}

/** A picture with a caption. */
export const figure = (svg: string, caption: string): string =>
  `<figure><div class="scroll">${svg}</div><figcaption>${escape(caption)}</figcaption></figure>`

/** A paragraph of plain text. */
export const paragraph = (text: string, kind: '' | 'soft' | 'lead' = ''): string =>
  `<p${kind === '' ? '' : ` class="${kind}"`}>${escape(text)}</p>`

/** What answers a question; `body` is markup. */
export const section = (question: string, body: readonly string[]): string =>
  `<section><h2>${escape(question)}</h2>${body.join('')}</section>`

/** Pictures beside each other where there is room. */
export const sideBySide = (parts: readonly string[]): string => `<div class="beside">${parts.join('')}</div>`

/** A whole page; `body` is markup. */
export const page = (title: string, body: string): string =>
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' +
  `<title>${escape(title)}</title><style>${style}</style></head><body>${body}</body></html>\n`
