/** Signals that tell a run to end. */
import type { OutputOptions } from './output.js'
import { Exit, say } from './output.js'

/** What a process that was told to end by a signal exits with: 128 and the number of SIGINT or SIGTERM. */
const codes = { SIGINT: Exit.interrupted, SIGTERM: Exit.terminated, SIGHUP: Exit.terminated } as const

/** Listens for signals, tells what came, and listens no longer. */
export interface Signals {
  readonly on: () => void
  readonly interrupted: () => boolean
  /** The exit code that the first signal asks for. */
  readonly code: () => number
  readonly off: () => void
}

/** Signals: the first one asks for an end, so that all is saved; once more ends the process at once. */
export const signals = (options: OutputOptions): Signals => {
  let code: number | undefined
  const handler = (signal: keyof typeof codes): void => {
    if (code !== undefined) {
      // who closes a terminal sends SIGHUP more than once, and means one end
      if (signal !== 'SIGHUP') process.exit(codes[signal])
      return
    }
    code = codes[signal]
    say(options, 'saving; once more to end at once')
  }
  const names = Object.keys(codes) as (keyof typeof codes)[]
  return {
    on: () => names.forEach(name => process.on(name, handler)),
    interrupted: () => code !== undefined,
    code: () => code ?? Exit.interrupted,
    off: () => names.forEach(name => process.off(name, handler))
  }
}
