/** What a command says, where, and how it ends. */
import * as E from 'fp-ts/lib/Either.js'
import type { Get } from '../codecs/attempt.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { explain, failure, FailureError } from '../core/port/failure.js'

/** Exit codes. */
export const Exit = { done: 0, failed: 1, misused: 2, interrupted: 130, terminated: 143 } as const

/** How much a command says. */
export interface OutputOptions {
  readonly json: boolean
  readonly quiet: boolean
}

const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * A text as it may go to a terminal: what would move the cursor, change colours or turn the direction of writing is shown
 * as its number. Line breaks and tabs stay.
 * @example printable('a\u001b[2Jb') // => 'a\\u001b[2Jb'
 */
export const printable = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, escaped)

/** The same in one line. */
export const inline = (text: string): string => printable(text).replace(/[\n\t\u2028\u2029]/g, escaped)

/** Whether a stream shows what is drawn over: a terminal, unless the environment asks for plain text. */
export const redraws = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY && process.env['TERM'] !== 'dumb' && !process.env['NO_COLOR']

/** To standard error, if anybody can still hear it: a training goes on without. */
export const tell = (text: string): void => {
  try {
    process.stderr.write(text)
  } catch {
    // a full disk, a terminal that is gone
  }
}

const unheard = (error: unknown): Failure =>
  failure(
    'file',
    'standard output',
    `it could not be written: ${(error as Error).message}`,
    'Make room there, or send it elsewhere'
  )

/** To standard output. @throws FailureError if it cannot be written */
export const deliver = (text: string): void => {
  try {
    process.stdout.write(text)
  } catch (error) {
    throw new FailureError(unheard(error))
  }
}

/** What becomes of a process whose streams fail later on: without standard error it goes on, without output it cannot. */
export const watchStreams = (): void => {
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // whoever reads our output may stop, as head does
    process.exit(error.code === 'EPIPE' ? Exit.done : fail(unheard(error)))
  })
}

/** To standard error: progress and messages. */
export const say = (options: OutputOptions, text: string): void => {
  if (!options.quiet) tell(`${printable(text)}\n`)
}

/** To standard output: the result, as text or as one JSON object. */
export const answer = (options: OutputOptions, object: unknown, text: string): void => {
  deliver(options.json ? `${printable(JSON.stringify(object))}\n` : `${printable(text)}\n`)
}

/** Says what failed; gives the exit code. */
export const fail = (f: Failure): number => {
  tell(`sagp: ${inline(explain(f))}\n`)
  return f.kind === 'usage' ? Exit.misused : Exit.failed
}

/** A command's steps, which give its exit code; a failure is said, and gives its own. */
export const command = async (steps: (get: Get) => Promise<number>): Promise<number> =>
  E.getOrElse(fail)(await attempt(steps)())

/** So many of something.
 * @example counted(1, 'output') // => '1 output'
 */
export const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

/** A text of at most so many characters, what is too much cut out of its middle.
 * @example shortened('kinds-swift-s1-0a1b2c3d', 12) // => 'kinds-…b2c3d'
 */
export const shortened = (text: string, width: number): string => {
  const whole = inline(text)
  const kept = Math.max(1, width - 1)
  const end = Math.floor(kept / 2)
  return whole.length <= width ? whole : `${whole.slice(0, kept - end)}…${end === 0 ? '' : whole.slice(-end)}`
}

/** A text in lines of a terminal's width; those after the first are indented. */
export const wrapped = (text: string, indent: number = 2, width: number = 80): string => {
  const lines: string[] = []
  let line = ''
  for (const word of inline(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= width || line.trim() === '') line = longer
    else {
      lines.push(line)
      line = `${' '.repeat(indent)}${word}`
    }
  }
  return [...lines, line].join('\n')
}

/** A number with commas between its thousands. */
export const grouped = (n: number): string => n.toLocaleString('en-US')

/** Cells in columns, the first to the left, the others to the right. */
export const columns = (cells: readonly (readonly string[])[]): string => {
  const rows = cells.map(row => row.map(inline))
  const widths = (rows[0] ?? []).map((_, j) => Math.max(...rows.map(r => (r[j] ?? '').length)))
  return rows
    .map(row =>
      row
        .map((cell, j) => (j === 0 ? cell.padEnd(widths[j] ?? 0) : cell.padStart(widths[j] ?? 0)))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}
