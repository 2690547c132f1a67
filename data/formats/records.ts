/** Delimited text as records of cells: quotes as RFC 4180 has them, line ends of any kind, blanks round cells left out. */

/** What is wrong with a line. */
export interface Fault {
  readonly line: number
  readonly what: string
}

/** Where records begin, and what separates their cells; a blank is any number of blanks and tabs. */
export interface Layout {
  readonly delimiter: string
  readonly from: number
  /** The line at `from`, from 1. */
  readonly line: number
}

const [TAB, LF, CR, BLANK, QUOTE] = [9, 10, 13, 32, 34] as const
const isEnd = (c: number): boolean => c === LF || c === CR

/** Line ends between two places of a text. */
const linesBetween = (text: string, from: number, to: number): number => {
  let lines = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/**
 * Calls `take` with the cells of every line that is not empty; what it says is wrong ends the reading. A quote within a cell
 * that does not begin with one is a character like others.
 */
export const eachRecord = (
  text: string,
  { delimiter, from, line: first }: Layout,
  take: (cells: string[], line: number) => string | undefined
): Fault | undefined => {
  const byBlanks = delimiter === ' '
  const mark = delimiter.charCodeAt(0)
  const isBlank = (c: number): boolean => c === BLANK || (c === TAB && (byBlanks || mark !== TAB))
  const separates = (i: number): boolean =>
    text.charCodeAt(i) === mark && (delimiter.length === 1 || text.startsWith(delimiter, i))
  const { length } = text
  let [at, line] = [from, first]
  while (at < length) {
    const cells: string[] = []
    const began = line
    for (let more = true; more;) {
      while (at < length && isBlank(text.charCodeAt(at))) at++
      if (byBlanks && cells.length > 0 && (at >= length || isEnd(text.charCodeAt(at)))) break
      if (text.charCodeAt(at) === QUOTE) {
        const start = at + 1
        let [end, doubled] = [text.indexOf('"', start), false]
        for (; end >= 0 && text.charCodeAt(end + 1) === QUOTE; end = text.indexOf('"', end + 2)) doubled = true
        if (end < 0) return { line, what: 'not CSV: a quote opens here and never closes' }
        const cell = text.slice(start, end)
        cells.push(doubled ? cell.replaceAll('""', '"') : cell)
        line += linesBetween(text, start, end)
        at = end + 1
        const closed = at
        while (at < length && isBlank(text.charCodeAt(at))) at++
        const c = text.charCodeAt(at)
        if (at < length && !isEnd(c) && !separates(at) && !(byBlanks && at > closed))
          return { line, what: 'not CSV: a closing quote is followed by something else than the end of its cell' }
      } else {
        const start = at
        for (let c = text.charCodeAt(at); at < length && !isEnd(c); c = text.charCodeAt(++at)) {
          if (byBlanks ? isBlank(c) : c === mark && separates(at)) break
        }
        let end = at
        while (end > start && isBlank(text.charCodeAt(end - 1))) end--
        cells.push(text.slice(start, end))
      }
      more = at < length && (byBlanks ? !isEnd(text.charCodeAt(at)) : separates(at))
      if (more && !byBlanks) at += delimiter.length
    }
    if (text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF) at++
    at++
    line++
    if (cells.length === 1 && cells[0] === '') continue
    const what = take(cells, began)
    if (what !== undefined) return { line: began, what }
  }
  return undefined
}
