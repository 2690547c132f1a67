/** The whole of a life at one moment: an immutable record. `State<NdArray>` is its portable snapshot. */
import type { Anatomy } from './anatomy.js'
import type { Backend } from '../port/backend.js'
import type { NdArray } from '../port/ndarray.js'
import type { Parameters } from './parameters.js'
import type { Running } from '../port/normalisation.js'
import * as P from './parameters.js'

/** The optimiser's first and second moments. */
export interface Moments<A> {
  readonly first: Parameters<A>
  readonly second: Parameters<A>
}

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

/** A SAGP with everything its future depends on, but its engine and its data. */
export interface State<A> {
  readonly seed: number
  /** Completed epochs. */
  readonly epoch: number
  /** Optimiser updates made. */
  readonly updates: number
  readonly anatomy: Anatomy
  /** 1 where a synapse may exist. `[inputs + hidden, outputs + hidden]` */
  readonly wiring: A
  readonly parameters: Parameters<A>
  readonly moments: Moments<A>
  readonly running: Running<A>
  readonly progress: Progress
}

/** Progress before the first epoch. */
export const unstarted: Progress = { bestEpoch: 0, bestLoss: Infinity, topology: [0, 0, 0], stable: 0 }

/** Applies `f` to every tensor; `path` is its place in the record, such as `moments.first.weights`. */
export const mapTensors = <A, B>(s: State<A>, f: (a: A, path: string) => B): State<B> => {
  const under = (p: Parameters<A>, prefix: string): Parameters<B> => P.map(p, (a, name) => f(a, `${prefix}.${name}`))
  return {
    ...s,
    wiring: f(s.wiring, 'wiring'),
    parameters: under(s.parameters, 'parameters'),
    moments: { first: under(s.moments.first, 'moments.first'), second: under(s.moments.second, 'moments.second') },
    running: { mean: f(s.running.mean, 'running.mean'), variance: f(s.running.variance, 'running.variance') }
  }
}

/** Every tensor with its path, in canonical order. */
export const entries = <A>(s: State<A>): readonly (readonly [path: string, tensor: A])[] => {
  const found: (readonly [string, A])[] = []
  mapTensors(s, (a, path) => found.push([path, a]))
  return found
}

/** Every tensor, in canonical order. */
export const tensors = <A>(s: State<A>): readonly A[] => [
  s.wiring,
  ...P.leaves(s.parameters),
  ...P.leaves(s.moments.first),
  ...P.leaves(s.moments.second),
  s.running.mean,
  s.running.variance
]

/** A copy on the host. */
export const snapshot = async <T>(backend: Backend<T>, s: State<T>): Promise<State<NdArray>> => {
  const arrays = new Map<string, NdArray>()
  for (const [path, tensor] of entries(s)) arrays.set(path, await backend.download(tensor))
  return mapTensors(s, (_, path) => arrays.get(path) as NdArray)
}

/** A copy on a backend; the caller owns its tensors. */
export const restore = <T>(backend: Backend<T>, s: State<NdArray>): State<T> => mapTensors(s, backend.constant)
