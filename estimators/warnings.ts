/** What is wrong with a network whatever its score is: said, because a score alone does not tell why it is low. */
import type { StagePlace } from '../core/learning/state.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { GraphPerceptron } from '../core/network/parameters.js'
import { effectsOf, varies } from '../core/network/topology.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Task } from '../data/dataset.js'

const round = (value: number): string => String(Number(value.toPrecision(3)))

/** Names in a sentence: all of a few, else some and how many more. */
const listed = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`

/** What the stages of a network were to make of it. */
export interface Demand {
  /** Effective synapses that were asked for; 0 where a share of them was. */
  readonly synapses: number
  /** How many there were when their pruning began; undefined where that is long ago. */
  readonly before: number | undefined
}

/** R2 on the validation rows: of a network, and of the mean of the rows that it learned from. */
export interface Watched {
  readonly r2: number
  readonly mean: number
}

/** A stage, by name or as a value, as far as it asks for a number of synapses. */
interface Asking {
  readonly epochs: number
  readonly name?: string
  readonly synapses?: number
}

/**
 * What was asked for where a network stands in its stages: by its stage, or by the last before those in which it settled.
 * @example demandOf([{ name: 'prune', epochs: 9, synapses: 9 }], { index: 0, epoch: 3, synapses: 40 }) // => { synapses: 9, before: 40 }
 */
export const demandOf = (stages: readonly Asking[], place: StagePlace | null): Demand | undefined => {
  if (!place) return undefined
  const index = stages.slice(0, place.index + 1).findLastIndex(({ name }) => name !== 'consolidate')
  const stage = stages[index]
  const synapses = stage?.name === 'shrink' ? 0 : stage?.synapses
  return synapses === undefined ? undefined : { synapses, before: index === place.index ? place.synapses : undefined }
}

/** That fewer synapses are left than were asked for, if they are. */
export const shortfall = (synapses: number, demand: Demand | undefined): readonly string[] => {
  if (demand === undefined || synapses >= demand.synapses) return []
  const began = demand.before === undefined ? '' : `: there were ${demand.before} when the pruning began`
  return [
    `${synapses} synapses are left, ${demand.synapses} were asked for${began}; more epochs or more hidden neurons may help, or ask for fewer`
  ]
}

/**
 * Fewer synapses than were asked for; outputs that no input reaches, which stay the same for all rows, whatever constants
 * come to them; and a network that no hidden neuron which an input reaches is left of though some were born; who won before
 * any was, against those that came later, is no fault. One class without any is what the others are held against, and no
 * fault. And numbers that their mean answers better. Mostly none.
 */
export const warningsOf = (
  model: GraphPerceptron<NdArray>,
  h: Hyperparameters,
  { kind, outputs }: Task,
  demand?: Demand,
  watched?: Watched
): readonly string[] => {
  const effects = effectsOf(model, h)
  const { synapses } = effects
  const { inputs } = model.facts
  const varying = synapses.filter(({ from }) => from < inputs || varies(effects, from - inputs))
  const reached = new Set(varying.map(({ to }) => to))
  const mute = outputs.filter((_, i) => !reached.has(i))
  const hidden = varying.some(({ from }) => from >= inputs)
  const wanted = h.maxHidden > 0 && h.steps > 1 && model.facts.births > 0
  const pruned = demand !== undefined && synapses.length >= demand.synapses
  const learnable = kind === 'numbers' && mute.length === outputs.length ? ', where anything can be learned' : ''
  return [
    ...shortfall(synapses.length, demand),
    ...(mute.length > (kind === 'classes' ? 1 : 0)
      ? [
          `no input reaches ${listed(mute)}: the output is the same for all rows; more ${pruned ? 'synapses' : 'epochs'} may help${learnable}`
        ]
      : []),
    ...(wanted && !hidden && mute.length < outputs.length
      ? [
          `no hidden neuron is left: the outputs are linear in the inputs; ${pruned ? 'more synapses' : 'a lower gamma2, or more epochs,'} may keep some`
        ]
      : []),
    ...(watched !== undefined && watched.mean - watched.r2 > 1e-6 * (1 + Math.abs(watched.mean))
      ? [
          `the mean of the training rows answers the validation rows better: R2 ${round(watched.mean)}, not ${round(watched.r2)}; ${pruned ? 'more synapses, or no number of them,' : 'more rows or epochs'} may help`
        ]
      : [])
  ]
}
