/** Schedules by which a model that begins dense gets a number of effective synapses. */
import type { StageHyperparameters } from '../core/life/stage.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { refuse } from '../core/port/failure.js'
import type { ModelChoice } from './rivals.js'
import type { SomeAnyStageChoice } from './stages.js'

/** Ways to make a network sparse. */
export const sparseNames = ['gmp', 'set', 'rigl', 'snip'] as const
/** The name of a way to make a network sparse. */
export type SparseName = (typeof sparseNames)[number]

/** What is asked of a schedule. */
export interface SparseWish {
  /** Epochs of all. */
  readonly epochs: number
  /** Effective synapses that are left. */
  readonly synapses: number
  /** Hidden neurons of a layer, or 0: matrices of their own have densities of their own. */
  readonly width: number
  /** What the experiment's hyperparameters are: stages train by them. */
  readonly hyperparameters: Pick<Hyperparameters, 'learningRate' | 'dropout' | 'schedule'>
}

/** Sparse networks settle in the last quarter. */
const spanOf = (epochs: number): number => Math.max(1, Math.floor((3 * epochs) / 4))

/**
 * Schedules by name. `gmp`: gradual magnitude pruning (Zhu and Gupta 2018) over three quarters of the epochs, by |w| over
 * the whole network, where the published form prunes each layer alike; `set` and `rigl`: sparse from scratch, rewired over
 * the same span; `snip`: pruned once before training.
 */
export const sparseSchedules: Readonly<Record<SparseName, (wish: SparseWish) => readonly SomeAnyStageChoice[]>> = {
  gmp: ({ epochs, synapses, hyperparameters }) => {
    const over = spanOf(epochs)
    return [{ name: 'prune', epochs, synapses, over, every: Math.ceil(over / 100), with: own(hyperparameters) }]
  },
  set: ({ epochs, synapses, width, hyperparameters }) => [
    { name: 'set', epochs, synapses, over: spanOf(epochs), width, with: own(hyperparameters) }
  ],
  rigl: ({ epochs, synapses, width, hyperparameters }) => [
    { name: 'rigl', epochs, synapses, over: spanOf(epochs), width, with: own(hyperparameters) }
  ],
  snip: ({ epochs, synapses, hyperparameters }) => [{ name: 'snip', epochs, synapses, with: own(hyperparameters) }]
}

const own = ({ learningRate, dropout, schedule }: SparseWish['hyperparameters']): StageHyperparameters => ({
  learningRate,
  dropout,
  schedule
})

/** The lasso path of a softmax regression; weight decay is another penalty, and dropout a third. */
export const lassoSchedule = ({ epochs, synapses, hyperparameters }: SparseWish): readonly SomeAnyStageChoice[] => {
  const { learningRate } = hyperparameters
  return [{ name: 'lasso', epochs, synapses, with: { learningRate, schedule: 'constant', dropout: 0, weightDecay: 0 } }]
}

/** The stages by which a model that is no SAGP gets what is asked for; none where nothing is.
 * @throws FailureError if the way does not suit the model, or the way or the number is missing
 */
export const rivalSchedule = (
  name: Exclude<ModelChoice['name'], 'sagp'>,
  sparse: SparseName | undefined,
  { synapses, ...wish }: Omit<SparseWish, 'synapses'> & { readonly synapses: number | undefined }
): readonly SomeAnyStageChoice[] => {
  if (name === 'softmax') {
    if (sparse !== undefined) refuse('--sparse', 'a softmax regression is made sparse by the lasso', 'Leave it out')
    return synapses === undefined ? [] : lassoSchedule({ ...wish, synapses })
  }
  if (sparse === undefined && synapses === undefined) return []
  if (synapses === undefined) return refuse('--sparse', `${sparse} goes down to no number`, 'Add --target-synapses')
  if (sparse === undefined)
    return refuse('--target-synapses', `${name} is dense`, `Say how, with --sparse ${sparseNames.join(', ')}`)
  return sparseSchedules[sparse]({ ...wish, synapses })
}
