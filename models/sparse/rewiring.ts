/**
 * Sparse from scratch: a random wiring whose number of open synapses stays the same, while some go and as many others come. A
 * synapse that comes has weight 0 and nothing is remembered of it; one that goes and comes back in the same moment keeps
 * both (Evci et al. 2020). What may come is what the life's wiring allows.
 */
import type { TrainedPerceptron } from '../../core/life/birth-and-death.js'
import { trainedTensors } from '../../core/life/birth-and-death.js'
import { onHost } from '../../core/life/closing.js'
import { prune } from '../../core/life/pruning.js'
import type { Rewire, StageLife, StageMoment } from '../../core/life/stage.js'
import type { Batch } from '../../core/learning/batches.js'
import { mapNamed } from '../../core/network/model.js'
import type { GraphPerceptron, Name } from '../../core/network/parameters.js'
import { extent } from '../../core/network/parameters.js'
import { effectiveSynapses } from '../../core/network/topology.js'
import { allowed } from '../../core/network/wiring.js'
import { cosine } from '../../core/port/elementary.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { range } from '../../core/port/ndarray.js'
import { placesOf, randomPlaces, SparsePurpose, synapsesAt, wordsOf } from './places.js'

/** RigL's share of the synapses that go: share / 2 (1 + cos(pi t / end)).
 * @example dropShare(0.3, 0, 75) // => 0.3
 */
export const dropShare = (share: number, t: number, end: number): number =>
  (share / 2) * (1 + cosine((Math.PI * Math.min(t, end)) / end))

/** What a moment of a rewiring knows of a network, and of one of its matrices: each keeps its number of synapses. */
export interface Rewiring {
  readonly model: GraphPerceptron<NdArray>
  /** Places of the matrix where synapses are, ascending. */
  readonly places: readonly number[]
  /** Places of the matrix where synapses may be, ascending. */
  readonly allowed: readonly number[]
}

/** Which of the places are dropped, the first to go first, and by what score others come: the largest, of equals the earlier. */
export interface Change {
  readonly drop: readonly number[]
  readonly score: (place: number) => number
}

/** The first `count` of a list by some number, the smallest first; of equals the earlier place. */
export const smallest = (
  places: readonly number[],
  size: (place: number) => number,
  count: number
): readonly number[] => {
  if (count <= 0) return []
  const sizes = Float64Array.from(places, size)
  // few are wanted of a million places: numbers sort faster than what they are of
  const bound = sizes.slice().sort()[count - 1] ?? Infinity
  return places
    .filter((_, i) => !((sizes[i] as number) > bound))
    .sort((p, q) => size(p) - size(q) || p - q)
    .slice(0, count)
}

/** The places of a matrix after a change, ascending: as many as before. */
export const changed = (
  { places, allowed }: Pick<Rewiring, 'places' | 'allowed'>,
  { drop, score }: Change
): readonly number[] => {
  const gone = new Set(drop)
  const kept = places.filter(place => !gone.has(place))
  let next = 0
  const empty = allowed.filter(place => {
    while ((kept[next] ?? Infinity) < place) next++
    return kept[next] !== place
  })
  const come = smallest(empty, place => -score(place), drop.length)
  return [...kept, ...come].sort((p, q) => p - q)
}

/** Whether there is an open synapse at a place. A closed one is none: nothing would ever open it where masks have no noise. */
const isOpen = ({ parameters, buffers }: GraphPerceptron<NdArray>, place: number): boolean =>
  buffers.wiring.data[place] !== 0 && (parameters.synapses.data[place] as number) > 0

/**
 * A network with open synapses at some places: those of `before` keep what they had, others begin with nothing. Hidden neurons
 * are open, too.
 */
export const placed = <T>(
  { backend: b, hyperparameters: h }: Pick<StageLife<T>, 'backend' | 'hyperparameters'>,
  trained: TrainedPerceptron<T>,
  before: GraphPerceptron<NdArray>,
  places: readonly number[]
): TrainedPerceptron<T> => {
  const { wiring } = before.buffers
  const open = h.initialLogit > 0 ? h.initialLogit : 1
  const [wired, kept, fresh] = range(3).map(() => new Float64Array(wiring.data.length)) as [
    Float64Array,
    Float64Array,
    Float64Array
  ]
  for (const place of places) {
    const was = isOpen(before, place)
    wired[place] = 1
    kept[place] = was ? 1 : 0
    fresh[place] = was ? 0 : open
  }
  const { neurons } = before.parameters
  const opened = neurons.data.every(logit => logit > 0)
    ? undefined
    : { ...neurons, data: neurons.data.map(logit => (logit > 0 ? logit : open)) }
  const on = (data: Float64Array): T => b.constant({ shape: wiring.shape, data })
  const { model, moments } = trained
  return b.scope(() => {
    const keep = on(kept)
    const closed = (m: T, name: Name): T => (extent[name] === 'synapses' ? b.mul(m, keep) : m)
    const parameters = mapNamed(model.parameters, closed)
    return {
      model: {
        facts: model.facts,
        parameters: {
          ...parameters,
          synapses: b.add(parameters.synapses, on(fresh)),
          ...(opened ? { neurons: b.constant(opened) } : {})
        },
        buffers: { ...model.buffers, wiring: on(wired) }
      },
      moments: mapNamed(moments, (memory: readonly T[], name: Name) => memory.map(m => closed(m, name)))
    }
  }, trainedTensors)
}

/** |dLoss/dW| of a batch wherever a synapse may be, as if all were open. */
const denseGradient = async <T>(
  life: StageLife<T>,
  { model }: TrainedPerceptron<T>,
  at: StageMoment,
  batch: () => Batch<T>
): Promise<NdArray> => {
  const { backend: b } = life
  const gradient = b.scope(
    () => {
      const one = (m: T): T => b.affine(m, 0, 1)
      const { synapses, neurons } = model.parameters
      const open = {
        ...model,
        parameters: { ...model.parameters, synapses: one(synapses), neurons: one(neurons) },
        buffers: { ...model.buffers, wiring: b.constant(allowed(life.wiring, model.facts)) }
      }
      return life.gradients(open, at, batch()).gradient.weights
    },
    t => [t]
  )
  try {
    return await b.download(gradient)
  } finally {
    b.release([gradient])
  }
}

/** What a rewiring chooses by, made once for all matrices. */
export interface Sources {
  /** |dLoss/dW| of the epoch's first batch. */
  readonly gradient: () => Promise<NdArray>
  /** A random word for each place. */
  readonly words: () => Uint32Array
}

/** How a rewiring chooses. */
export type Chooser = (now: Rewiring, at: StageMoment, sources: Sources) => Promise<Change>

/** A course of rewirings. */
export interface Course {
  readonly epochs: number
  /** Effective synapses that are left in the end. */
  readonly synapses: number
  /** Epochs until then; in the last one at the latest. */
  readonly over: number
  /** Updates between two changes. */
  readonly every: number
  /** Hidden neurons of a layer, 0 for one of all. */
  readonly width: number
  /** 1 for the densities of the Erdos-Renyi kernel, 0 for the same of all matrices. */
  readonly kernel: number
}

/** How many more synapses are of effect at the start than are left in the end. */
const SPARE = 1.1

/** Whether a change is due at the beginning of an epoch of a stage: so many updates have passed since the one before. */
const isDue = ({ stageEpoch, updates, epoch }: StageMoment, every: number): boolean => {
  const perEpoch = updates / epoch
  return Math.floor((stageEpoch * perEpoch) / every) > Math.floor(((stageEpoch - 1) * perEpoch) / every)
}

/**
 * Starts from a random wiring, changes it until the course is over, matrix by matrix, then keeps the strongest `synapses` that
 * are of effect. A change that would leave fewer than those is halved until it does not.
 */
export const rewiring =
  ({ epochs, synapses, over, every, width, kernel }: Course, choose: Chooser): Rewire =>
  async (life, trained, at, batch) => {
    const { stageEpoch } = at
    const end = Math.min(over, epochs - 1)
    if (stageEpoch === end) return prune(life, trained, synapses)
    if (stageEpoch > end || (stageEpoch > 0 && !isDue(at, every))) return trained
    const { backend: b, hyperparameters: h } = life
    const model = await onHost(b, trained.model)
    const matrices = placesOf(model, life.wiring, width)
    if (stageEpoch === 0) {
      const words = wordsOf(model, at, SparsePurpose.wiring)
      const wanted = { kernel: kernel === 1, effective: Math.ceil(SPARE * synapses) }
      return placed(life, trained, model, randomPlaces(model, h, matrices, words, wanted))
    }
    let slope: Promise<NdArray> | undefined
    let drawn: Uint32Array | undefined
    const sources: Sources = {
      gradient: () => (slope ??= denseGradient(life, trained, at, batch)),
      words: () => (drawn ??= wordsOf(model, at, SparsePurpose.growth))
    }
    const changes: (readonly [Rewiring, Change])[] = []
    for (const { at: places } of matrices) {
      const now = { model, places: places.filter(place => isOpen(model, place)), allowed: places }
      changes.push([now, await choose(now, at, sources)])
    }
    const most = Math.max(...changes.map(([, { drop }]) => drop.length))
    for (let share = 1; share * most >= 1; share /= 2) {
      const next = changes
        .flatMap(([now, wish]) =>
          changed(now, { ...wish, drop: wish.drop.slice(0, Math.floor(share * wish.drop.length)) })
        )
        .sort((p, q) => p - q)
      if (effectiveSynapses(model, h, synapsesAt(model, next)).length >= synapses)
        return placed(life, trained, model, next)
    }
    return trained
  }
