/** What the loop of `train` needs of whatever it trains; a layer with an optimiser is all that it takes. */
import type { Evaluated, Layer, Living, Predictor, Sums } from '../network/layer.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import type { Kind, Model } from '../network/model.js'
import { mapNamed } from '../network/model.js'
import type { NdArray } from '../port/ndarray.js'
import { filled } from '../port/ndarray.js'
import type { Batch } from './batches.js'
import { checkColumns } from './batches.js'
import type { Learner } from './optimiser.js'
import type { Clock, State } from './state.js'
import { clockOf, courseEpoch } from './state.js'
import type { Step } from './step.js'
import { stepOf } from './step.js'

/** Why a training ends; `target` if somebody who watched its stages has ended it. */
export type Ending = 'epochs' | 'patience' | 'stable' | 'target'

/** Why a training of some hyperparameters ends at a moment, or a stage of it: each counts its own epochs. */
export const endingOf = (
  h: Pick<Hyperparameters, 'epochs' | 'stopPatience' | 'stopStable'>,
  clock: Pick<Clock, 'epoch' | 'progress' | 'stage'>
): Ending | undefined => {
  const { epoch, progress } = clock
  if (h.stopPatience > 0 && epoch - progress.bestEpoch >= h.stopPatience) return 'patience'
  if (h.stopStable > 0 && progress.stable >= h.stopStable) return 'stable'
  return courseEpoch(clock) >= h.epochs ? 'epochs' : undefined
}

/** Something that learns: a model of kind K with everything that moves it. */
export interface Trainable<T, K extends Kind> extends Learner<T> {
  /** The state before the first epoch, on the host. */
  readonly initial: (seed: number, inputs: number, outputs: number) => State<NdArray, K>
  /** What the rules of life make of a state at the start of an epoch; `batch` makes that of its first update. */
  readonly assemble: (s: State<T, K>, batch: () => Batch<T>) => Promise<State<T, K>>
  /** Why a training ends at a moment, if it does. */
  readonly ending: (clock: Clock) => Ending | undefined
  /** What the best network has least of, given the loss after an epoch and the open synapses: the loss, if left out. */
  readonly monitored?: (clock: Clock, model: Model<unknown, K>, loss: number, synapses: number) => number
  /** Temperatures besides 1 at which validation rows are judged too: the least loss is what is monitored. None if left out. */
  readonly temperatures?: (clock: Clock) => readonly number[]
  readonly step: (s: State<T, K>, batch: Batch<T>) => Step<T, K>
  /** The model as it answers. */
  readonly evaluation: (s: State<T, K>) => Evaluated<T>
  readonly living: (model: Model<unknown, K>) => Living
  /** Inputs and outputs. */
  readonly sides: (model: Model<unknown, K>) => readonly [inputs: number, outputs: number]
}

/** The state of a model before its first epoch: the optimiser remembers nothing. */
export const stateOf = <K extends Kind>(
  { optimiser }: Pick<Learner<unknown>, 'optimiser'>,
  model: Model<NdArray, K>,
  seed: number
): State<NdArray, K> => ({
  clock: clockOf(seed),
  model,
  moments: mapNamed(model.parameters, ({ shape }: NdArray) =>
    Array.from({ length: optimiser.memory }, () => filled(shape))
  )
})

/** A layer under an optimiser. */
export const trainable = <T, K extends Kind, S, R, G extends Sums<T>>(
  learner: Learner<T>,
  layer: Layer<T, K, S, R, G>
): Trainable<T, K> => ({
  ...learner,
  initial: (seed, inputs, outputs) => stateOf(learner, layer.initial(seed, inputs, outputs), seed),
  assemble: async s =>
    layer.assemble ? { clock: s.clock, ...(await layer.assemble(s, { ...s.clock, ...s.clock.progress })) } : s,
  ending: clock => endingOf(learner.hyperparameters, clock),
  step: (s, batch) => stepOf(learner, layer, s, batch),
  evaluation: s => layer.evaluation(s.model, s.clock),
  living: model => layer.living(model.facts),
  sides: model => layer.sides(model.facts)
})

/** The state after one update on a batch; the given one stays untouched and alive.
 * @throws FailureError if the batch does not fit the network, or the state the optimiser
 */
export const step =
  <T, K extends Kind>(t: Trainable<T, K>) =>
  (s: State<T, K>, batch: Batch<T>): Step<T, K> =>
    t.step(s, batch)

/** A state made ready to answer again and again; whoever compiled it frees its tensors. Its `outputs` refuse, as `evaluate` does. */
export const compile =
  <T, K extends Kind>(t: Trainable<T, K>) =>
  (s: State<T, K>): Predictor<T> => {
    const sides = t.sides(s.model)
    const { outputs, tensors } = t.backend.scope(
      () => t.evaluation(s).compile(),
      predictor => predictor.tensors
    )
    return {
      outputs: x => {
        // a row takes microseconds: no call where nothing is to be refused
        if (t.backend.shape(x)[1] !== sides[0]) checkColumns(t.backend, 'outputs', sides, x)
        return outputs(x)
      },
      tensors
    }
  }

/** Outputs z `[B, outputs]` for inputs x `[B, inputs]`: no noise (unless asked for), no dropout, running statistics.
 * @throws FailureError if x has not the columns of the network
 */
export const evaluate =
  <T, K extends Kind>(t: Trainable<T, K>) =>
  (s: State<T, K>, x: T): T => {
    checkColumns(t.backend, 'evaluate', t.sides(s.model), x)
    return t.backend.scope(
      () => t.evaluation(s).compile().outputs(x),
      z => [z]
    )
  }
