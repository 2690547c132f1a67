/** The codec of trajectory.jsonl, apart from what pages load. */
import * as t from 'io-ts'
import type { Codec } from '../codecs/strict.js'
import { optional, record, where, whole } from '../codecs/strict.js'
import type { Metrics, TrajectoryLine } from './trajectory.js'

const real = where('a number', (u): u is number => typeof u === 'number')
const metrics: Codec<Metrics> = t.readonly(t.record(t.string, t.number))

/** The codec of a trajectory's line. */
export const TrajectoryCodec: Codec<TrajectoryLine> = record<TrajectoryLine>('an epoch', {
  epoch: whole(1),
  living: whole(0),
  open: whole(0),
  synapses: whole(0),
  births: whole(0),
  deaths: whole(0),
  losses: record<TrajectoryLine['losses']>('losses', { task: real, auxiliary: real, validation: optional(real) }),
  metrics,
  stage: optional(whole(0, 9999)),
  ms: real
})
