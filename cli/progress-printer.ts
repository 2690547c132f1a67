/** A long load's progress, or a long report's, as lines on standard error. */
import type { Progress } from '../storage/environment.js'
import type { OutputOptions } from './output.js'
import { printable, redraws, say, tell } from './output.js'

/** Seconds between two lines where there is no terminal; and in one, where the line is written over. */
const [PLAIN, LIVE] = [5, 0.1] as const

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

/** A progress line with the time that is left. */
export const progressLine = ({ what, done, total }: Progress, seconds: number): string => {
  const bytes = what.endsWith('MiB')
  const count = (n: number): string => (bytes ? mib(n) : String(n))
  const left = done > 0 && total > done ? `, about ${Math.ceil((seconds / done) * (total - done))} s left` : ''
  return `${what}: ${count(done)} of ${total > 0 ? count(total) : 'unknown'}${left}`
}

/** Prints progress on standard error, at most ten times a second; nothing of what is done within `patience` seconds. */
export const progressPrinter = (options: OutputOptions, patience: number = 0): ((progress: Progress) => void) => {
  let [begun, printedAt, what] = [performance.now(), 0, '']
  return progress => {
    const now = performance.now()
    if (progress.what !== what) {
      begun = now
      printedAt = 0
      what = progress.what
    }
    if (now - begun < 1000 * patience) return
    const last = progress.done === progress.total
    const live = redraws(process.stderr)
    if (!last && now - printedAt < 1000 * (live ? LIVE : PLAIN)) return
    printedAt = now
    const line = progressLine(progress, (now - begun) / 1000)
    const { columns } = process.stderr
    if (live && !options.quiet) tell(`\r\x1b[K${printable(line).slice(0, (columns || 80) - 1)}${last ? '\n' : ''}`)
    else say(options, line)
  }
}

/** Prints how far a report is, if it takes longer than a second. */
export const reportProgress = (options: OutputOptions): ((progress: Progress) => void) => progressPrinter(options, 1)
