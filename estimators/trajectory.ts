/** A line of trajectory.jsonl: what one epoch looked like. */
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
  /** The stage that it was in, by its place in the schedule, 0 the first; left out where there are no stages. */
  readonly stage?: number | undefined
  /** Wall time of the epoch. */
  readonly ms: number
}

/** A frame in numbers. */
export const lineOf = (frame: Frame<unknown>, metrics: Metrics, ms: number): TrajectoryLine => {
  const [living, open, synapses] = frame.state.clock.progress.topology
  const { stage } = frame.state.clock
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
    ...(stage ? { stage: stage.index } : {}),
    ms: Math.round(ms * 1000) / 1000
  }
}
