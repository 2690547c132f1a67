/** What a state must be to be one of a run's: a sound digest says only that somebody has written it whole. */
import type { State } from '../core/learning/state.js'
import { valuesOf } from '../core/network/model.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Experiment } from './experiment.js'

/** What is wrong with a state as one of an experiment's, if anything is. */
export const stateFault = (
  { clock, model, moments }: State<NdArray>,
  { seed, optimiser, stages, hyperparameters: h }: Experiment
): string | undefined => {
  const { epoch, updates, progress } = clock
  if (clock.seed !== seed) return `it is of seed ${clock.seed}, the run of seed ${seed}`
  if (epoch > h.epochs) return `it is of epoch ${epoch}, the run has ${h.epochs}`
  const index = clock.stage?.index ?? (epoch === 0 ? 0 : -1)
  if (stages.length === 0 ? clock.stage !== null : index < 0 || index >= stages.length)
    return `it is in no stage of the run, which has ${stages.length}`
  const [living, open] = progress.topology
  const { hidden } = model.facts
  const counts =
    progress.bestEpoch <= epoch &&
    progress.stable <= epoch &&
    updates >= epoch &&
    open <= living &&
    (epoch === 0 || living === hidden.length)
  if (!counts) return 'its counts do not add up'
  const squares =
    optimiser.name === 'adam' ? valuesOf<readonly NdArray[]>(moments).flatMap(([, second]) => second ?? []) : []
  return squares.some(({ data }) => data.some((v: number) => v < 0)) ? 'a mean of squares is below 0' : undefined
}
