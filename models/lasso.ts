/**
 * The lasso path from its dense end (Tibshirani 1996): after each update a proximal step of the threshold rate lambda, lambda
 * rising until no more weights are left than are wanted, each lambda starting from the weights of the one before. Under
 * gradient descent with momentum m the weights come to rest where the loss plus lambda (1 - m) |W| is least; under Adam, which
 * takes the size of a gradient out again, they do not.
 */
import { onHost } from '../core/life/closing.js'
import { prune } from '../core/life/pruning.js'
import type { Life } from '../core/life/life.js'
import type { Correct, Rewire } from '../core/life/stage.js'
import type { State } from '../core/learning/state.js'
import { courseEpoch } from '../core/learning/state.js'
import { learningRate } from '../core/learning/schedule.js'
import { mapNamed } from '../core/network/model.js'
import type { Name } from '../core/network/parameters.js'
import type { Backend } from '../core/port/backend.js'
import { power } from '../core/port/elementary.js'
import { filled } from '../core/port/ndarray.js'

/** A path of lambda. */
export interface LassoPath {
  readonly epochs: number
  /** Synapses that are left in the end. */
  readonly synapses: number
  /** Lambda of the first epoch, and of the last. */
  readonly from: number
  readonly to: number
  /** 1 if what is left is trained on without lambda, 0 if it stands still. */
  readonly debias: number
}

/** Lambda of an epoch of a path, which rises geometrically.
 * @example lambdaOf({ epochs: 101, from: 0.01, to: 1 }, 0) // => 0.01
 */
export const lambdaOf = ({ epochs, from, to }: Pick<LassoPath, 'epochs' | 'from' | 'to'>, epoch: number): number =>
  from * power(to / from, epoch / Math.max(1, epochs - 1))

/** sign(w) max(|w| - threshold, 0), with a threshold [1, 1]. */
export const softened = <T>(b: Backend<T>, w: T, threshold: T): T =>
  b.sub(b.relu(b.sub(w, threshold)), b.relu(b.sub(b.affine(w, -1, 0), threshold)))

/** Weights that may be left beside those that are wanted when the path ends: the weakest of them go at once. */
const SPARE = 1.02

/** When the path ends, at the last epoch at the latest, the strongest synapses are kept and the others die. */
export const lassoRewire =
  ({ epochs, synapses }: LassoPath): Rewire =>
  async (life, trained, { stageEpoch, synapsesAtEntry }) => {
    if (synapsesAtEntry <= synapses) return trained
    const { parameters, buffers } = await onHost(life.backend, trained.model)
    const count = (data: ArrayLike<number>): number => Array.from(data).filter(v => v !== 0).length
    if (count(buffers.wiring.data) <= synapses) return trained
    const isOver = stageEpoch === epochs - 1 || count(parameters.weights.data) <= SPARE * synapses
    return isOver ? prune(life, trained, synapses) : trained
  }

/** The proximal step while more synapses live than are wanted. */
export const lassoCorrect =
  (path: LassoPath): Correct =>
  <T>({ backend: b, hyperparameters: h }: Life<T>, before: State<T>, after: State<T>) => {
    const { clock, model, moments } = after
    if ((clock.stage?.synapses ?? 0) <= path.synapses) return after
    const epoch = courseEpoch(clock)
    const ongoing = b.positive(b.affine(b.kernels.total(model.buffers.wiring), 1, -path.synapses - 0.5))
    const threshold = b.affine(ongoing, learningRate(h, epoch) * lambdaOf(path, epoch), 0)
    const weights = softened(b, model.parameters.weights, threshold)
    const parameters = { ...model.parameters, weights }
    if (path.debias === 1) return { ...after, model: { ...model, parameters } }
    const over = b.sub(b.constant(filled([1, 1], 1)), ongoing)
    const still = mapNamed(parameters, (moved: T, name: Name) =>
      b.add(b.mul(moved, ongoing), b.mul(before.model.parameters[name], over))
    )
    return { clock, moments, model: { ...model, parameters: still } }
  }
