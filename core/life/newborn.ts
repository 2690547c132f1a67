/** What a neuron brings into the world: all its possible synapses, with their first values and moments. */
import type { Anatomy } from '../network/anatomy.js'
import { born, receiverNumbers, receivers, senderNumbers, senders } from '../network/anatomy.js'
import type { Engine } from './engine.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import type { NdArray, Shape } from '../port/ndarray.js'
import { filled, range, tabulate } from '../port/ndarray.js'
import type { UpdateContext, Slot } from '../port/adam.js'
import { learningRate } from '../learning/schedule.js'
import type { Name } from '../network/parameters.js'
import { address, Purpose, uniform } from '../port/random.js'
import type { State } from '../network/state.js'
import { decay } from '../learning/optimiser.js'
import { allowed } from '../network/wiring.js'

/** The synapses of newborns: into them from all that were there, and out of them to all that now are. */
export interface Fringe<T> {
  /** Synapses of the senders that were there to `count` newborns. `[senders, count]` */
  readonly incoming: T
  /** Synapses of `count` newborns to all receivers, newborns included. `[count, receivers + count]` */
  readonly outgoing: T
}

/** `count` newborns: the fringe of their wiring, and their entries in every parameter and its moments. */
export interface Newborns<T> {
  readonly count: number
  readonly wiring: Fringe<T>
  readonly fringes: Readonly<Record<'weights' | 'synapses', Slot<Fringe<T>>>>
  readonly vectors: Readonly<Record<'biases' | 'neurons' | 'scale' | 'shift', Slot<T>>>
}

/** Half the width of Glorot's uniform distribution, fan-in and fan-out summed over the largest network. */
export const glorot = (h: Hyperparameters, a: Anatomy): number => Math.sqrt(6 / (a.inputs + h.maxHidden + a.outputs))

/** The initial weights of a network, a function of seed and neurons alone. `[senders, receivers]` */
export const initialWeights = (h: Hyperparameters, seed: number, a: Anatomy, scale: number = 1): NdArray => ({
  shape: [senders(a), receivers(a)],
  data: uniform(address(seed, 0, Purpose.weight), senderNumbers(a), receiverNumbers(a), glorot(h, a) * scale)
})

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

/**
 * Entries of one parameter as if they had been in the optimiser since the first update, with no gradient but decay's:
 * what an implementation gives that allocates every neuron at the start.
 */
export const gestated = <T>(
  { backend: b, hyperparameters: h, optimiser }: Engine<T>,
  s: Pick<State<T>, 'updates' | 'epoch'>,
  name: Name,
  value: T
): Slot<T> => {
  const zero = (): T => b.constant(filled(b.shape(value)))
  const start: Slot<T> = { value, first: zero(), second: zero() }
  const lambda = decay(h, name)
  if (lambda === 0) return start
  const perEpoch = s.updates / Math.max(s.epoch, 1)
  const chunk = 64 // updates between two times of tidying up
  const moment = (n: number): UpdateContext<number> => ({
    rate: learningRate(h, Math.floor(n / perEpoch)),
    decay: lambda,
    debias: optimiser.debias(n + 1)
  })
  let slot = start
  for (let done = 0; done < s.updates; done += chunk) {
    const moments = range(Math.min(chunk, s.updates - done)).map(i => moment(done + i))
    slot = b.scope(
      () => optimiser.decayOnly(b, slot, moments),
      made => [made.value, made.first, made.second]
    )
  }
  return slot
}

/** `count` newborns of a state, as its hyperparameters want them. */
export const newborns =
  <T>(engine: Engine<T>) =>
  (count: number) =>
  (s: State<T>): Newborns<T> => {
    const { backend: b, hyperparameters: h, wiring } = engine
    const a = born(s.anatomy, count, s.updates)
    const scale = h.newborn === 'fresh' ? h.newbornScale : 1
    const may = allowed(wiring, a)
    const weights = initialWeights(h, s.seed, a, scale)
    const sown = tabulate(
      may.shape,
      (i, j) => (may.data[i * may.shape[1] + j] as number) * (weights.data[i * may.shape[1] + j] as number)
    )
    const upload = (f: Fringe<NdArray>): Fringe<T> => ({
      incoming: b.constant(f.incoming),
      outgoing: b.constant(f.outgoing)
    })
    const slot = (name: Name, value: T): Slot<T> =>
      h.newborn === 'gestated'
        ? gestated(engine, s, name, value)
        : { value, first: b.constant(filled(b.shape(value))), second: b.constant(filled(b.shape(value))) }
    const fringes = (name: Name, { incoming, outgoing }: Fringe<T>): Slot<Fringe<T>> => {
      const [i, o] = [slot(name, incoming), slot(name, outgoing)]
      return {
        value: { incoming: i.value, outgoing: o.value },
        first: { incoming: i.first, outgoing: o.first },
        second: { incoming: i.second, outgoing: o.second }
      }
    }
    const vector = (name: Name, value: number): Slot<T> => slot(name, b.constant(filled([1, count], value)))
    const logits = tabulate(may.shape, (i, j) => h.initialLogit * (may.data[i * may.shape[1] + j] as number))
    return {
      count,
      wiring: upload(fringe(s.anatomy, may)),
      fringes: {
        weights: fringes('weights', upload(fringe(s.anatomy, sown))),
        synapses: fringes('synapses', upload(fringe(s.anatomy, logits)))
      },
      vectors: {
        biases: vector('biases', 0),
        neurons: vector('neurons', h.initialLogit),
        scale: vector('scale', 1),
        shift: vector('shift', 0)
      }
    }
  }
