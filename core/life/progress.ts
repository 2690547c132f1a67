/** What stopping early remembers. */
import type { Progress } from '../learning/state.js'

/**
 * Progress after an epoch: its monitored loss, its topology, and whether somebody was born or died in it. As long as none
 * counts, of an infinite loss, the last is as good as any.
 */
export const advance = (
  p: Progress,
  epoch: number,
  monitored: number,
  topology: Progress['topology'],
  changed: boolean
): Progress => {
  const better = monitored < p.bestLoss || (monitored === Infinity && p.bestLoss === Infinity)
  const still = !changed && topology.every((n, i) => n === p.topology[i])
  return {
    bestEpoch: better ? epoch : p.bestEpoch,
    bestLoss: better ? monitored : p.bestLoss,
    topology,
    stable: still ? p.stable + 1 : 0
  }
}
