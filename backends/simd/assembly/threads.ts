/** A worker's way of waiting for the next job, and of saying that its share is done. All counters lie before the arguments. */

/** Counts the jobs; the workers' shares that are done; whether the main thread sleeps. */
const JOBS: usize = 16
const DONE: usize = 20
/** Looks at a counter before a thread lies down to sleep: a millisecond or so, because waking it takes a tenth of one. */
const PATIENCE = 1000000

/** Returns when job number `after` is no longer the last one. */
export function wait(after: i32): i32 {
  let now = atomic.load<i32>(JOBS)
  for (let looks = 0; now == after; now = atomic.load<i32>(JOBS)) {
    if (++looks >= PATIENCE) atomic.wait<i32>(JOBS, after, -1)
  }
  return now
}

/** Reports a share as done. */
export function done(): void {
  atomic.add<i32>(DONE, 1)
}
