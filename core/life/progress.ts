/** What stopping early remembers, and when it stops. */
import type { Event } from './frame.js'
import type { Clock, Progress } from '../learning/state.js'
import type { Hyperparameters } from '../network/hyperparameters.js'

/** Progress after an epoch: its monitored loss, its topology, and whether somebody was born or died in it. */
export const advance = (
  p: Progress,
  epoch: number,
  monitored: number,
  topology: Progress['topology'],
  changed: boolean
): Progress => {
  const better = monitored < p.bestLoss
  const still = !changed && topology.every((n, i) => n === p.topology[i])
  return {
    bestEpoch: better ? epoch : p.bestEpoch,
    bestLoss: better ? monitored : p.bestLoss,
    topology,
    stable: still ? p.stable + 1 : 0
  }
}

/** Why a training ends here, if it does. */
export const stopping = (
  h: Pick<Hyperparameters, 'epochs' | 'stopPatience' | 'stopStable'>,
  { epoch, progress }: Pick<Clock, 'epoch' | 'progress'>
): readonly Event[] => {
  if (h.stopPatience > 0 && epoch - progress.bestEpoch >= h.stopPatience) return [{ _tag: 'Stopped', why: 'patience' }]
  if (h.stopStable > 0 && progress.stable >= h.stopStable) return [{ _tag: 'Stopped', why: 'stable' }]
  return epoch >= h.epochs ? [{ _tag: 'Stopped', why: 'epochs' }] : []
}
