/** The whole of a training at one moment: an immutable record. `State<NdArray>` is its portable snapshot. */
import type { Kind, Model, Moments } from '../network/model.js'
import { mapNamed, namesOf } from '../network/model.js'
import type { Perceptron } from '../network/parameters.js'
import type { Backend } from '../port/backend.js'
import type { NdArray } from '../port/ndarray.js'

/** What stopping early and a cure for stalling need to remember. */
export interface Progress {
  /** Epoch (1 is the first) of the lowest monitored loss, the earliest of equals; 0 before the first. */
  readonly bestEpoch: number
  /** That loss; Infinity before the first epoch. */
  readonly bestLoss: number
  /** Living and open hidden neurons and synapses after the last epoch. */
  readonly topology: readonly [living: number, open: number, synapses: number]
  /** Epochs for which the topology has stood still, without births and deaths. */
  readonly stable: number
}

/** A moment in a schedule of stages. */
export interface StagePlace {
  /** Of the stage; 0 is the first. */
  readonly index: number
  /** Completed epochs of this stage. */
  readonly epoch: number
  /** Effective synapses when it was entered. */
  readonly synapses: number
  /** Somebody who watched has ended the schedule here: what was asked for is found, and no further stage is entered. */
  readonly over?: true | undefined
  /** Epoch of the best network of a stage that was so ended: `progress` tells of the one that is chosen. */
  readonly best?: number | undefined
}

/** The one clock of a training: with the seed, it addresses all noise. */
export interface Clock {
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number
  /** Completed epochs. */
  readonly epoch: number
  /** Optimiser updates made. */
  readonly updates: number
  readonly progress: Progress
  /** Where in its schedule of stages a training is; null without one, and before the first. */
  readonly stage: StagePlace | null
}

/** A model with everything its future depends on, but its engine and its data. Without `K`, a graph perceptron's. */
export interface State<A, K extends Kind = Perceptron> {
  readonly clock: Clock
  readonly model: Model<A, K>
  /** The optimiser's memory of each parameter. */
  readonly moments: Moments<A, K>
}

/** Progress before the first epoch. */
export const unstarted: Progress = { bestEpoch: 0, bestLoss: Infinity, topology: [0, 0, 0], stable: 0 }

/** The clock before the first epoch. */
export const clockOf = (seed: number): Clock => ({ seed, epoch: 0, updates: 0, progress: unstarted, stage: null })

/** Applies `f` to every matrix; `path` is its place in the record, such as `moments.weights.0`. */
export const mapTensors = <A, B, K extends Kind = Perceptron>(
  s: State<A, K>,
  f: (a: A, path: string) => B
): State<B, K> => ({
  clock: s.clock,
  model: {
    facts: s.model.facts,
    parameters: mapNamed(s.model.parameters, (a, name) => f(a, `parameters.${name}`)),
    buffers: mapNamed(s.model.buffers, (a, name) => f(a, `buffers.${name}`))
  },
  moments: mapNamed(s.moments, (list: readonly A[], name) => list.map((a, i) => f(a, `moments.${name}.${i}`)))
})

/** Every matrix with its path. */
export const entries = <A, K extends Kind = Perceptron>(
  s: State<A, K>
): readonly (readonly [path: string, tensor: A])[] => {
  const found: (readonly [string, A])[] = []
  mapTensors(s, (a, path) => found.push([path, a]))
  return found
}

/** Every matrix, in the order of `entries`. */
export const tensors = <A, K extends Kind = Perceptron>({ model, moments }: State<A, K>): readonly A[] => {
  const found: A[] = []
  for (const name of namesOf(model.parameters)) found.push(model.parameters[name])
  for (const name of namesOf(model.buffers)) found.push(model.buffers[name])
  for (const name of namesOf(moments)) found.push(...moments[name])
  return found
}

/** Completed epochs of whatever the learning rate's course is about: the stage, where there are stages. */
export const courseEpoch = ({ stage, epoch }: Pick<Clock, 'stage' | 'epoch'>): number => stage?.epoch ?? epoch

/** A copy on the host. */
export const snapshot = async <T, K extends Kind = Perceptron>(
  backend: Backend<T>,
  s: State<T, K>
): Promise<State<NdArray, K>> => {
  const arrays = new Map<string, NdArray>()
  for (const [path, tensor] of entries(s)) arrays.set(path, await backend.download(tensor))
  return mapTensors(s, (_, path) => arrays.get(path) as NdArray)
}

/** A copy on a backend; the caller owns its tensors. */
export const restore = <T, K extends Kind = Perceptron>(backend: Backend<T>, s: State<NdArray, K>): State<T, K> =>
  mapTensors(s, array => backend.constant(array))

/** Gives up a state's tensors: nobody else may read them afterwards, unless somebody has kept them. */
export const release = <T, K extends Kind = Perceptron>(backend: Backend<T>, s: State<T, K>): void =>
  backend.release(tensors(s))
