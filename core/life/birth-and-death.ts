/** Birth and death: one reshape of every tensor of the state. */
import type { NeuronId } from '../network/anatomy.js'
import { born, surviving } from '../network/anatomy.js'
import type { Engine } from './engine.js'
import { filled, range } from '../port/ndarray.js'
import type { Fringe, Newborns } from './newborn.js'
import type { Slot } from '../port/adam.js'
import type { Name, Parameters } from '../network/parameters.js'
import * as P from '../network/parameters.js'
import type { State } from '../network/state.js'
import { tensors } from '../network/state.js'

/** Neurons are born with every permitted synapse. The counts change as births demand; `quiet` is the caller's. */
export const grow =
  <T>({ backend: b, hyperparameters: h }: Engine<T>) =>
  (babies: Newborns<T>) =>
  (s: State<T>): State<T> => {
    if (babies.count === 0) return s
    const framed = (old: T, { incoming, outgoing }: Fringe<T>): T =>
      b.concat([b.concat([old, incoming], 1), outgoing], 0)
    const moment = (p: Parameters<T>, which: keyof Slot<T>): Parameters<T> =>
      P.map(p, (old, name) =>
        name === 'weights' || name === 'synapses'
          ? framed(old, babies.fringes[name][which])
          : b.concat([old, babies.vectors[name][which]], 1)
      )
    const statistic = (old: T, value: number): T =>
      b.concat([old, b.constant(filled([b.shape(old)[0], babies.count], value))], 1)
    return b.scope(
      () => ({
        ...s,
        anatomy: born(s.anatomy, babies.count, s.updates),
        wiring: framed(s.wiring, babies.wiring),
        parameters: moment(s.parameters, 'value'),
        moments: { first: moment(s.moments.first, 'first'), second: moment(s.moments.second, 'second') },
        running: {
          mean: statistic(s.running.mean, h.newbornMean),
          variance: statistic(s.running.variance, h.newbornVariance)
        }
      }),
      tensors
    )
  }

/** The hidden neurons at `positions` alone, in that order, with the synapses among them and the rest. */
export const select =
  <T>({ backend: b }: Engine<T>) =>
  (positions: readonly number[]) =>
  (s: State<T>): State<T> => {
    const { inputs, outputs } = s.anatomy
    const after = (n: number): readonly number[] => [...range(n), ...positions.map(i => n + i)]
    const rows = after(inputs)
    const columns = after(outputs)
    const block = (m: T): T => b.gather(b.gather(m, rows, 0), columns, 1)
    const reshape = (p: Parameters<T>): Parameters<T> =>
      P.map(p, (m, name: Name) => {
        const extent = P.extent[name]
        return extent === 'synapses' ? block(m) : b.gather(m, extent === 'receivers' ? columns : positions, 1)
      })
    return b.scope(
      () => ({
        ...s,
        anatomy: surviving(s.anatomy, positions),
        wiring: block(s.wiring),
        parameters: reshape(s.parameters),
        moments: { first: reshape(s.moments.first), second: reshape(s.moments.second) },
        running: { mean: b.gather(s.running.mean, positions, 1), variance: b.gather(s.running.variance, positions, 1) }
      }),
      tensors
    )
  }

/** The dying leave with all their synapses; survivors keep ids, weights and moments. Ids not alive are ignored. */
export const apoptose =
  <T>(engine: Engine<T>) =>
  (dying: ReadonlySet<NeuronId>) =>
  (s: State<T>): State<T> => {
    if (dying.size === 0) return s
    const kept = s.anatomy.hidden.flatMap((id, i) => (dying.has(id) ? [] : [i]))
    return kept.length === s.anatomy.hidden.length ? s : select(engine)(kept)(s)
  }
