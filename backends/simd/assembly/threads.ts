/** A worker's way of waiting for the next job. All counters lie before the arguments: see machine.ts. */

/** Where the number of the last job lies. */
const JOBS: usize = 16
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
