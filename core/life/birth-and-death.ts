/** Birth and death: one reshape of every matrix of a graph perceptron and of what the optimiser remembers of it. */
import type { Trained } from '../network/model.js'
import { mapNamed } from '../network/model.js'
import type { NeuronId } from '../network/anatomy.js'
import { born, surviving } from '../network/anatomy.js'
import type { Name, Perceptron } from '../network/parameters.js'
import { extent } from '../network/parameters.js'
import type { Backend } from '../port/backend.js'
import { mustFit, shown } from '../port/checks.js'
import { refuse } from '../port/failure.js'
import { filled, range } from '../port/ndarray.js'
import type { Compute } from '../network/compute.js'
import { checkMemory } from '../learning/optimiser.js'
import type { State } from '../learning/state.js'
import { tensors } from '../learning/state.js'
import type { Life } from './life.js'
import type { Fringe, Newborns } from './newborn.js'
import { newborns } from './newborn.js'

/** A graph perceptron under an optimiser. */
export type TrainedPerceptron<A> = Trained<A, Perceptron>

/** The matrices of a trained perceptron. */
export const trainedTensors = <A>({ model, moments }: TrainedPerceptron<A>): readonly A[] => [
  ...Object.values(model.parameters),
  ...Object.values(model.buffers),
  ...Object.values(moments).flat()
]

/** Puts newborns, born after `updates` updates, into every matrix. */
export const addNewborns =
  <T>({ backend: b, hyperparameters: h }: Compute<T>) =>
  (trained: TrainedPerceptron<T>, added: Newborns<T>, updates: number): TrainedPerceptron<T> => {
    const { count } = added
    if (count === 0) return trained
    const { model, moments } = trained
    const framed = (old: T, { incoming, outgoing }: Fringe<T>): T =>
      b.concat([b.concat([old, incoming], 1), outgoing], 0)
    const grown = (old: T, name: Name, part: Fringe<T> | T): T =>
      extent[name] === 'synapses' ? framed(old, part as Fringe<T>) : b.concat([old, part as T], 1)
    const statistic = (old: T, value: number): T =>
      b.concat([old, b.constant(filled([b.shape(old)[0], count], value))], 1)
    return b.scope(
      () => ({
        model: {
          facts: born(model.facts, count, updates),
          parameters: mapNamed(model.parameters, (old: T, name: Name) => grown(old, name, added.values[name])),
          buffers: {
            wiring: framed(model.buffers.wiring, added.wiring),
            mean: statistic(model.buffers.mean, h.newbornMean),
            variance: statistic(model.buffers.variance, h.newbornVariance)
          }
        },
        moments: mapNamed(moments, (memory: readonly T[], name: Name) =>
          memory.map((old, i) => grown(old, name, added.memory[name][i] as Fringe<T> | T))
        )
      }),
      trainedTensors
    )
  }

/** The hidden neurons at `positions` alone, in that order, with the synapses among them and the rest. */
export const select =
  <T>(b: Backend<T>) =>
  ({ model, moments }: TrainedPerceptron<T>, positions: readonly number[]): TrainedPerceptron<T> => {
    const { inputs, outputs } = model.facts
    const after = (n: number): readonly number[] => [...range(n), ...positions.map(i => n + i)]
    const rows = after(inputs)
    const columns = after(outputs)
    const block = (m: T): T => b.gather(b.gather(m, rows, 0), columns, 1)
    const reshaped = (m: T, name: Name): T =>
      extent[name] === 'synapses' ? block(m) : b.gather(m, extent[name] === 'receivers' ? columns : positions, 1)
    return b.scope(
      () => ({
        model: {
          facts: surviving(model.facts, positions),
          parameters: mapNamed(model.parameters, reshaped),
          buffers: {
            wiring: block(model.buffers.wiring),
            mean: b.gather(model.buffers.mean, positions, 1),
            variance: b.gather(model.buffers.variance, positions, 1)
          }
        },
        moments: mapNamed(moments, (memory: readonly T[], name: Name) => memory.map(m => reshaped(m, name)))
      }),
      trainedTensors
    )
  }

/** Refuses dying that are no set.
 * @throws FailureError
 */
export const checkDying = (where: string, dying: ReadonlySet<NeuronId>): void => {
  // not instanceof: a set may come from another realm
  const given = dying as Partial<ReadonlySet<NeuronId>> | null | undefined
  if (typeof given?.has !== 'function' || typeof given.size !== 'number')
    refuse(where, `dying must be a Set of neurons, not ${shown(dying)}`, 'Give new Set([...])')
}

/** Takes the dying out of every matrix; ids not alive are ignored. */
export const removeDying =
  <T>(b: Backend<T>) =>
  (trained: TrainedPerceptron<T>, dying: ReadonlySet<NeuronId>): TrainedPerceptron<T> => {
    const { hidden } = trained.model.facts
    const kept = hidden.flatMap((id, i) => (dying.has(id) ? [] : [i]))
    return kept.length === hidden.length ? trained : select(b)(trained, kept)
  }

/**
 * `count` neurons are born with every permitted synapse. By hand, all of them: `maxHidden` bounds what rules ask for, and
 * what counts epochs is left to the rules.
 * @throws FailureError if `count` is no whole number from 0, or the state does not fit the optimiser
 */
export const grow =
  <T>(life: Life<T>) =>
  (s: State<T>, count: number): State<T> => {
    mustFit('grow', 'count', { whole: [0] }, count)
    checkMemory(life, s)
    if (count === 0) return s
    const { backend: b } = life
    return b.scope(
      () => ({ ...s, ...addNewborns(life)(s, newborns(life)(s.model.facts, count, s.clock), s.clock.updates) }),
      tensors
    )
  }

/** The dying leave with all their synapses; survivors keep ids, weights and moments. Ids not alive are ignored.
 * @throws FailureError if `dying` is no set
 */
export const apoptose =
  <T>({ backend: b }: Life<T>) =>
  (s: State<T>, dying: ReadonlySet<NeuronId>): State<T> => {
    checkDying('apoptose', dying)
    const survivors = removeDying(b)(s, dying)
    return survivors === s ? s : { ...s, ...survivors }
  }
