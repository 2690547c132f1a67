/** What a command says, where, and how it ends. */
import * as E from 'fp-ts/lib/Either.js'
import type { Get } from '../codecs/attempt.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { explain } from '../core/port/failure.js'

/** Exit codes. */
export const Exit = { done: 0, failed: 1, misused: 2, interrupted: 130 } as const

/** How much a command says. */
export interface OutputOptions {
  readonly json: boolean
  readonly quiet: boolean
}

/** To standard error: progress and messages. */
export const say = (options: OutputOptions, text: string): void => {
  if (!options.quiet) process.stderr.write(`${text}\n`)
}

/** To standard output: the result, as text or as one JSON object. */
export const answer = (options: OutputOptions, object: unknown, text: string): void => {
  process.stdout.write(options.json ? `${JSON.stringify(object)}\n` : `${text}\n`)
}

/** Says what failed; gives the exit code. */
export const fail = (f: Failure): number => {
  process.stderr.write(`sagp: ${explain(f)}\n`)
  return f.kind === 'usage' ? Exit.misused : Exit.failed
}

/** A command's steps, which give its exit code; a failure is said, and gives its own. */
export const command = async (steps: (get: Get) => Promise<number>): Promise<number> =>
  E.getOrElse(fail)(await attempt(steps)())

/** A number with commas between its thousands. */
export const grouped = (n: number): string => n.toLocaleString('en-US')

/** Cells in columns, the first to the left, the others to the right. */
export const columns = (rows: readonly (readonly string[])[]): string => {
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
