/** Signals that tell a run to end. */
import type { OutputOptions } from './output.js'
import { Exit, say } from './output.js'

/** Whether a signal has come, and how to listen no longer. */
export interface Signals {
  readonly interrupted: () => boolean
  readonly off: () => void
}

/** Listens for signals: the first one asks for an end, so that all is saved; the second one ends the process at once. */
export const onSignals = (options: OutputOptions): Signals => {
  let asked = false
  const handler = (): void => {
    if (asked) process.exit(Exit.interrupted)
    asked = true
    say(options, 'saving; once more to end at once')
  }
  process.on('SIGINT', handler)
  process.on('SIGTERM', handler)
  return { interrupted: () => asked, off: () => void process.off('SIGINT', handler).off('SIGTERM', handler) }
}
