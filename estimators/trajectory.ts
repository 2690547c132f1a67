/** A line of trajectory.jsonl: what one epoch looked like. */
import * as t from 'io-ts'
import type { Codec } from '../codecs/strict.js'
import { optional, record, where, whole } from '../codecs/strict.js'
import type { Frame } from '../core/life/frame.js'

/** Metrics by name. */
export type Metrics = Readonly<Record<string, number>>

/** An epoch in numbers. */
export interface TrajectoryLine {
  readonly epoch: number
  readonly living: number
  readonly open: number
  readonly synapses: number
  readonly births: number
  readonly deaths: number
  readonly losses: { readonly task: number; readonly auxiliary: number; readonly validation?: number | undefined }
  /** On the validation set, after the epoch. */
  readonly metrics: Metrics
  /** Wall time of the epoch. */
  readonly ms: number
}

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
  ms: real
})

/** A frame in numbers. */
export const lineOf = (frame: Frame<unknown>, metrics: Metrics, ms: number): TrajectoryLine => {
  const [living, open, synapses] = frame.state.clock.progress.topology
  const count = (tag: 'Born' | 'Died'): number => frame.events.filter(e => e._tag === tag).length
  return {
    epoch: frame.state.clock.epoch,
    living,
    open,
    synapses,
    births: count('Born'),
    deaths: count('Died'),
    losses: { ...frame.losses, ...(frame.validation ? { validation: frame.validation.loss } : {}) },
    metrics: Object.fromEntries(Object.entries(metrics).filter(([, v]) => Number.isFinite(v))),
    ms: Math.round(ms * 1000) / 1000
  }
}
