/** What separates the cells of a text, as many of its lines show it; and the lines before its header that are no table. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import { eachRecord } from './records.js'

/** Lines before the header: comments, and what Excel writes to say what separates cells. */
export interface Preamble {
  /** Where the header begins, and in which line. */
  readonly from: number
  readonly line: number
  readonly comments: number
  readonly delimiter?: string
}

/** The lines that begin with `#`, unless that is a column's whole name, are comments; so is an empty line. */
export const preambleOf = (text: string): Preamble => {
  let [from, line, comments] = [text.startsWith('\ufeff') ? 1 : 0, 1, 0]
  let delimiter: string | undefined
  for (;;) {
    const end = /[\r\n]/.exec(text.slice(from, from + 10_000))
    const here = text.slice(from, end ? from + end.index : text.length)
    const said = line === 1 ? /^sep=(.)$/.exec(here)?.[1] : undefined
    const comment = /^\s*#(?![,;\t|])/.test(here)
    if (said === undefined && !comment && here.trim() !== '') break
    if (end === null && here.length > 10_000) break
    if (from + here.length >= text.length) break
    delimiter ??= said
    comments += comment ? 1 : 0
    from += here.length + (text.startsWith('\r\n', from + here.length) ? 2 : 1)
    line += 1
  }
  return { from, line, comments, ...(delimiter === undefined ? {} : { delimiter }) }
}

/** Marks that separate cells often. Of equals the first: commas stand in numbers and sentences, too. */
export const CANDIDATES = ['\t', ';', '|', ','] as const
const [SAMPLE, LINES] = [2 ** 18, 300] as const

/** Cells of the first lines, if they are separated so. */
const widths = (sample: string, delimiter: string): readonly number[] => {
  const counts: number[] = []
  eachRecord(sample, { delimiter, from: 0, line: 1 }, cells => {
    counts.push(cells.length)
    return counts.length >= LINES ? 'enough' : undefined
  })
  return counts
}

/** The share of lines that have as many cells as the header, or one more: rows may have names where the header has none. */
const agreement = ([header = 0, ...rows]: readonly number[]): number => {
  if (header < 2) return 0
  if (rows.length === 0) return 1
  const share = (width: number): number => rows.filter(w => w === width).length / rows.length
  return Math.max(share(header), share(header + 1))
}

/**
 * What separates cells: the mark by which most lines have as many cells as the header, two or more; blanks where no other
 * does so for most lines; undefined where there is none.
 */
export const delimiterIn = (text: string, from: number): string | undefined => {
  const part = text.slice(from, from + SAMPLE)
  const whole = from + SAMPLE >= text.length ? part : part.slice(0, part.lastIndexOf('\n') + 1) || part
  const judged = (mark: string): { readonly mark: string; readonly agrees: number; readonly width: number } => {
    const counts = widths(whole, mark)
    return { mark, agrees: agreement(counts), width: counts[0] ?? 0 }
  }
  const [best] = CANDIDATES.map(judged).sort((a, b) => b.agrees - a.agrees)
  if (best && best.agrees > 0.5) return best.mark
  const blanks = judged(' ')
  if (blanks.agrees > 0.9) return blanks.mark
  return best && best.width > 1 ? best.mark : undefined
}

const names: ReadonlyMap<string, string> = new Map([
  ['tab', '\t'],
  ['\\t', '\t'],
  ['blank', ' '],
  ['space', ' ']
])

/** A delimiter as somebody names it. */
export const delimiterNamed = (given: string): E.Either<Failure, string> => {
  const delimiter = names.get(given.toLowerCase()) ?? given
  return delimiter === '' || delimiter.length > 10 || /["\r\n]/.test(delimiter)
    ? E.left(
        failure(
          'usage',
          '--delimiter',
          `${JSON.stringify(given.slice(0, 20))} cannot separate cells`,
          "Give one such as ';', '|', tab or blank"
        )
      )
    : E.right(delimiter)
}
