/** What the commands that load data tell of this machine. */
import type { Progress } from '../storage/environment.js'
import type { RunEnvironment } from '../experiments/environment.js'
import type { OutputOptions } from './output.js'
import { say } from './output.js'

/** Flags of the commands that load data. */
export interface DataOptions extends OutputOptions {
  readonly dataDir?: string
}

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

/** Tells a long load's progress on standard error, at most ten times a second. */
export const progressPrinter = (options: OutputOptions): ((progress: Progress) => void) => {
  let [begun, told, what] = [performance.now(), 0, '']
  return progress => {
    const now = performance.now()
    if (progress.what !== what) {
      begun = now
      told = 0
      what = progress.what
    }
    const last = progress.done === progress.total
    const { isTTY } = process.stderr
    if (!last && now - told < 1000 * (isTTY ? LIVE : PLAIN)) return
    told = now
    const line = progressLine(progress, (now - begun) / 1000)
    if (isTTY && !options.quiet) process.stderr.write(`\r\x1b[K${line}${last ? '\n' : ''}`)
    else say(options, line)
  }
}

/** What a load needs to know. */
export const environmentOf = (options: DataOptions): RunEnvironment => ({
  dataDir: options.dataDir,
  onProgress: progressPrinter(options)
})
