/** What a neuron brings into the world: all its possible synapses, with their first values and what the optimiser remembers. */
import type { Learner, Slot } from '../learning/optimiser.js'
import { learningRate } from '../learning/schedule.js'
import type { Anatomy } from '../network/anatomy.js'
import { born, receivers, senders } from '../network/anatomy.js'
import { decayOf } from '../network/graph-perceptron.js'
import { initialWeights } from '../network/initial-perceptron.js'
import type { UpdateId } from '../network/layer.js'
import type { Name, Parameters } from '../network/parameters.js'
import { build } from '../network/parameters.js'
import { allowed } from '../network/wiring.js'
import type { NdArray, Shape } from '../port/ndarray.js'
import { filled, range, tabulate } from '../port/ndarray.js'
import type { Life } from './life.js'

/** The synapses of newborns: into them from all that were there, and out of them to all that now are. */
export interface Fringe<T> {
  /** Synapses of the senders that were there to `count` newborns. `[senders, count]` */
  readonly incoming: T
  /** Synapses of `count` newborns to all receivers, newborns included. `[count, receivers + count]` */
  readonly outgoing: T
}

/** `count` newborns: the fringe of their wiring, their entries in every parameter, and what the optimiser remembers of them. */
export interface Newborns<T> {
  readonly count: number
  readonly wiring: Fringe<T>
  /** A fringe for parameters of synapses, `[1, count]` for the others. */
  readonly values: Parameters<Fringe<T> | T>
  readonly memory: Parameters<readonly (Fringe<T> | T)[]>
}

const part = ({ shape, data }: NdArray, [row, column]: Shape, size: Shape): NdArray =>
  tabulate(size, (i, j) => data[(row + i) * shape[1] + column + j] as number)

/** The fringe that a grown matrix over synapses adds to the one before it. */
export const fringe = (before: Anatomy, grown: NdArray): Fringe<NdArray> => {
  const [rows, columns] = [senders(before), receivers(before)]
  const count = grown.shape[1] - columns
  return {
    incoming: part(grown, [0, columns], [rows, count]),
    outgoing: part(grown, [rows, 0], [count, columns + count])
  }
}

/** Entries that the optimiser has never seen. */
const unremembered = <T>({ backend: b, optimiser }: Learner<T>, value: T): Slot<T> => ({
  value,
  memory: range(optimiser.memory).map(() => b.constant(filled(b.shape(value))))
})

/**
 * Entries of one parameter as if they had been in the optimiser since the first update, with no gradient but decay's:
 * what an implementation gives that allocates every neuron at the start.
 */
export const gestated = <T>(
  learner: Learner<T>,
  { updates, epoch }: Pick<UpdateId, 'updates' | 'epoch'>,
  name: Name,
  value: T
): Slot<T> => {
  const { backend: b, hyperparameters: h, optimiser } = learner
  const start = unremembered(learner, value)
  const decay = decayOf(h, name)
  if (decay === 0) return start
  const perEpoch = updates / Math.max(epoch, 1)
  const chunk = 64 // updates between two times of tidying up
  let slot = start
  for (let done = 0; done < updates; done += chunk) {
    const next = range(Math.min(chunk, updates - done)).map(i => ({
      rate: learningRate(h, Math.floor((done + i) / perEpoch)),
      decay,
      age: done + i + 1
    }))
    slot = b.scope(
      () => optimiser.decayOnly(b, slot, next),
      ({ value: entries, memory }) => [entries, ...memory]
    )
  }
  return slot
}

/** The values of `count` newborns on the host, as `allowed` and the hyperparameters want them. */
const initialValues = (
  { hyperparameters: h, wiring }: Pick<Life<unknown>, 'hyperparameters' | 'wiring'>,
  before: Anatomy,
  count: number,
  seed: number
): { readonly wiring: Fringe<NdArray>; readonly values: Parameters<Fringe<NdArray> | NdArray> } => {
  const after = born(before, count, 0)
  const may = allowed(wiring, after)
  const { data } = initialWeights(h, seed, after, h.newborn === 'fresh' ? h.newbornScale : 1)
  const where = (f: (i: number) => number): Fringe<NdArray> =>
    fringe(before, { shape: may.shape, data: may.data.map((is, i) => is * f(i)) })
  return {
    wiring: fringe(before, may),
    values: build(name => {
      switch (name) {
        case 'weights':
          return where(i => data[i] as number)
        case 'synapses':
          return where(() => h.initialLogit)
        case 'neurons':
          return filled([1, count], h.initialLogit)
        case 'scale':
          return filled([1, count], 1)
        case 'biases':
        case 'shift':
          return filled([1, count])
      }
    })
  }
}

const isFringe = <T>(value: Fringe<T> | T): value is Fringe<T> =>
  typeof value === 'object' && value !== null && 'incoming' in value

/** `count` newborns of a network, as its hyperparameters want them. */
export const newborns =
  <T>(life: Life<T>) =>
  (before: Anatomy, count: number, at: UpdateId): Newborns<T> => {
    const { backend: b, hyperparameters: h } = life
    const { wiring, values } = initialValues(life, before, count, at.seed)
    const slotOf = (name: Name, value: NdArray): Slot<T> =>
      h.newborn === 'gestated' ? gestated(life, at, name, b.constant(value)) : unremembered(life, b.constant(value))
    const slots = build((name): Slot<Fringe<T> | T> => {
      const value = values[name]
      if (!isFringe(value)) return slotOf(name, value)
      const [incoming, outgoing] = [slotOf(name, value.incoming), slotOf(name, value.outgoing)]
      return {
        value: { incoming: incoming.value, outgoing: outgoing.value },
        memory: incoming.memory.map((m, i) => ({ incoming: m, outgoing: outgoing.memory[i] as T }))
      }
    })
    return {
      count,
      wiring: { incoming: b.constant(wiring.incoming), outgoing: b.constant(wiring.outgoing) },
      values: build(name => slots[name].value),
      memory: build(name => slots[name].memory)
    }
  }
