/** Work in pieces, so that timers, messages, paints and signals have their turn. */

/** Milliseconds of work after which others have their turn. */
const TURN = 30

/** Others' turn, a macrotask: where there is no `setImmediate`, a message is sooner there than a timer. */
export const turn = (): Promise<void> =>
  new Promise(resolve => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve)
      return
    }
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(0)
  })

/** Gives way every 30 ms, and ends the work when a signal is aborted. */
export interface Pacer {
  /** To be called between two pieces of work. */
  readonly between: () => Promise<void> | undefined
  /** What `between` rejects with once the signal is aborted. */
  readonly aborted: Error
}

/** A pacer. */
export const pacer = (signal: AbortSignal | undefined): Pacer => {
  const aborted = new Error('aborted')
  let began = performance.now()
  const give = async (): Promise<void> => {
    await turn()
    began = performance.now()
    if (signal?.aborted === true) throw aborted
  }
  return {
    aborted,
    between: () => {
      if (signal?.aborted === true) return Promise.reject(aborted)
      return performance.now() - began < TURN ? undefined : give()
    }
  }
}
