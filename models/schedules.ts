/** Schedules by which a model that begins dense gets a number of effective synapses. */
import type { StageHyperparameters } from '../core/life/stage.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { refuse } from '../core/port/failure.js'
import type { ModelChoice } from './rivals.js'
import type { SomeAnyStageChoice } from './stages.js'
import type { StageChoice } from '../rules/stages.js'
import { checkedStage } from '../rules/stages.js'

/** Ways to make a network sparse. */
export const sparseNames = ['gmp', 'set', 'rigl', 'snip', 'lasso'] as const
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

/** What a schedule's stages train by: their hyperparameters are the experiment's. */
const own = ({ learningRate, dropout, schedule }: SparseWish['hyperparameters']): StageHyperparameters => ({
  learningRate,
  dropout,
  schedule
})

/** A stage of three quarters of the epochs, then what is left settles: the best network is looked for there alone. */
const settled = (
  { epochs, hyperparameters }: SparseWish,
  first: (epochs: number) => SomeAnyStageChoice,
  settling: StageHyperparameters = {}
): readonly SomeAnyStageChoice[] => {
  const span = Math.max(2, Math.floor((3 * epochs) / 4))
  const rest = { ...own(hyperparameters), schedule: 'cosine', ...settling } as const
  return [first(span), { name: 'consolidate', epochs: Math.max(1, epochs - span), with: rest }]
}

/** So often a network is rewired at least, where no hundred updates lie between two changes as in RigL's paper. */
const REWIRINGS = 30

/** The course of a rewiring: every 100 updates as in RigL's paper, but oftener where there are few. */
const rewiredOver = (
  { synapses, width, hyperparameters }: SparseWish,
  epochs: number
): Omit<Extract<SomeAnyStageChoice, { readonly name: 'set' }>, 'name'> => ({
  ...{ epochs, synapses, over: epochs, every: Math.min(100, Math.ceil(epochs / REWIRINGS)), width },
  with: own(hyperparameters)
})

/**
 * Schedules by name. `gmp`: gradual magnitude pruning (Zhu and Gupta 2018) over three quarters of the epochs, by |w| over
 * the whole network, where the published form prunes each layer alike; `set` and `rigl`: sparse from scratch, rewired over
 * the same span; `snip`: pruned once before training; `lasso`: along a lasso path. In the last quarter the learning rate falls
 * to 0 along a cosine.
 */
export const sparseSchedules: Readonly<Record<SparseName, (wish: SparseWish) => readonly SomeAnyStageChoice[]>> = {
  gmp: wish =>
    settled(wish, epochs => {
      const [over, every] = [epochs - 1, Math.ceil(epochs / 100)]
      return { name: 'prune', epochs, synapses: wish.synapses, over, every, with: own(wish.hyperparameters) }
    }),
  set: wish => settled(wish, epochs => ({ name: 'set', ...rewiredOver(wish, epochs) })),
  rigl: wish => settled(wish, epochs => ({ name: 'rigl', ...rewiredOver(wish, epochs) })),
  snip: wish =>
    settled(wish, epochs => ({ name: 'snip', epochs, synapses: wish.synapses, with: own(wish.hyperparameters) })),
  lasso: wish =>
    settled(wish, epochs => {
      const rising = { ...own(wish.hyperparameters), schedule: 'constant' } as const // or its threshold would fall
      return { name: 'lasso', epochs, synapses: wish.synapses, with: rising }
    })
}

/** Stages whose cuts are a lasso path of as many epochs, then as many to settle: the way down that a SAGP may take instead. */
export const alongLasso = (stages: readonly SomeAnyStageChoice[]): readonly SomeAnyStageChoice[] =>
  stages.flatMap((stage): readonly SomeAnyStageChoice[] => {
    if (stage.name !== 'prune') return [stage]
    const {
      epochs,
      over,
      synapses,
      with: settings = {}
    } = checkedStage(stage) as Extract<StageChoice, { readonly name: 'prune' }>
    const path = Math.max(2, Math.min(over, epochs - 1)) // of fewer epochs in all the plan says how many it needs
    return [
      { name: 'lasso', epochs: path, synapses, with: { ...settings, schedule: 'constant' } }, // its threshold is to rise
      { name: 'consolidate', epochs: Math.max(1, epochs - path), with: { ...settings, schedule: 'cosine' } }
    ]
  })

/** The lasso path of a softmax regression; weight decay is another penalty, and dropout a third. */
export const lassoSchedule = (wish: SparseWish): readonly SomeAnyStageChoice[] => {
  const alone = { dropout: 0, weightDecay: 0 } as const
  const rising = { ...own(wish.hyperparameters), ...alone, schedule: 'constant' } as const
  return settled(wish, epochs => ({ name: 'lasso', epochs, synapses: wish.synapses, with: rising }), alone)
}

/** Refuses a way down that is not told where to.
 * @throws FailureError
 */
export const toNoNumber = (sparse: SparseName | undefined): never =>
  refuse('--sparse', `${sparse} goes down to no number`, 'Add --target-synapses')

/** The stages by which a model that is no SAGP gets what is asked for; none where nothing is.
 * @throws FailureError if the way does not suit the model, or the way or the number is missing
 */
export const rivalSchedule = (
  name: Exclude<ModelChoice['name'], 'sagp'>,
  sparse: SparseName | undefined,
  { synapses, ...wish }: Omit<SparseWish, 'synapses'> & { readonly synapses: number | undefined }
): readonly SomeAnyStageChoice[] => {
  if (name === 'softmax') {
    if (sparse !== undefined && sparse !== 'lasso')
      refuse('--sparse', 'a softmax regression is made sparse by the lasso', 'Leave it out')
    if (synapses !== undefined) return lassoSchedule({ ...wish, synapses })
    return sparse === undefined ? [] : toNoNumber(sparse)
  }
  if (sparse === undefined && synapses === undefined) return []
  if (synapses === undefined) return toNoNumber(sparse)
  if (sparse === undefined)
    return refuse('--target-synapses', `${name} is dense`, `Say how, with --sparse ${sparseNames.join(', ')}`)
  return sparseSchedules[sparse]({ ...wish, synapses })
}
