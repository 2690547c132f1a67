/** What differs between two networks, by hand and by what must hold of any two. */
import { expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { restore, snapshot } from '../../core/learning/state.js'
import { initialState } from '../../core/learning/initial-state.js'
import { engine } from '../../core/life/engine.js'
import { apoptose, grow } from '../../core/life/birth-and-death.js'
import type { NeuronId } from '../../core/network/anatomy.js'
import { receivers } from '../../core/network/anatomy.js'
import { defaults } from '../../core/network/hyperparameters.js'
import type { GraphPerceptron } from '../../core/network/parameters.js'
import { openSynapses, topologyOf } from '../../core/network/topology.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { none } from '../../rules/index.js'
import type { ComparedNetwork, Difference } from './difference.js'
import { difference } from './difference.js'

const hyperparameters = { ...defaults, maxHidden: 8, initialHidden: 2, batchNorm: false, initialLogit: 1 }
const b = reference()
const made = engine(b, hyperparameters, none)
const features = ['a', 'b', 'c']
const outputs = ['no', 'yes']
const net = (model: GraphPerceptron<NdArray>): ComparedNetwork => ({ model, hyperparameters, features, outputs })
/** A copy with some entries of a parameter replaced, by row and column. */
const edited = (
  model: GraphPerceptron<NdArray>,
  name: 'weights' | 'synapses' | 'biases',
  ...entries: readonly (readonly [row: number, column: number, value: number])[]
): GraphPerceptron<NdArray> => {
  const { shape, data } = model.parameters[name]
  const values = Float64Array.from(data)
  for (const [row, column, value] of entries) values[row * shape[1] + column] = value
  return { ...model, parameters: { ...model.parameters, [name]: { shape, data: values } } }
}
/** Every permitted synapse open, the weights small and each another. */
const start = ((): GraphPerceptron<NdArray> => {
  const { model } = initialState(made, 3, 2, 1)
  const columns = receivers(model.facts)
  const all = Array.from({ length: 5 * columns }, (_, k) => [Math.floor(k / columns), k % columns] as const)
  const open = edited(model, 'synapses', ...all.map(([i, j]) => [i, j, 1] as const))
  const weighed = edited(open, 'weights', ...all.map(([i, j]) => [i, j, 0.01 * (1 + i * columns + j)] as const))
  const neurons = { shape: [1, 2] as const, data: Float64Array.of(1, 1) }
  return { ...weighed, parameters: { ...weighed.parameters, neurons } }
})()
test('nothing differs between a network and itself', () => {
  const { changes, inputs, sizes } = difference(net(start), net(start), 2)
  expect(sizes[0]).toEqual(topologyOf(start, hyperparameters))
  expect(sizes[1]).toEqual(sizes[0])
  expect(inputs).toEqual({ gained: [], lost: [], both: features })
  expect(changes).toEqual({
    neurons: { born: [], dead: [], both: [0, 1] },
    ...{ opened: [], closed: [], changed: [], biases: [] },
    same: openSynapses(start).length
  })
})

test('synapses are opened, closed and changed by name, the largest first, with whether they are of effect', () => {
  // a > yes and hidden 1 > no close, b > no and c > neuron 0 change, a bias of yes and one of neuron 1
  const closed = edited(start, 'synapses', [0, 1, -1], [4, 0, -1])
  const weighed = edited(closed, 'weights', [1, 0, -3], [2, 2, 7])
  const other = edited(weighed, 'biases', [0, 1, 0.5], [0, 3, -2])
  const there = difference(net(start), net(other), 2).changes
  expect(there?.closed.map(({ from, to }) => `${from} > ${to}`)).toEqual(['hidden 1 > no', 'a > yes'])
  expect(there?.opened).toEqual([])
  expect(there?.changed).toMatchObject([
    { from: 'c', to: 'hidden 0', after: 7, effective: true },
    { from: 'b', to: 'no', after: -3, effective: true }
  ])
  expect(there?.biases).toEqual([
    { of: 'hidden 1', before: 0, after: -2 },
    { of: 'yes', before: 0, after: 0.5 }
  ])
  const back = difference(net(other), net(start), 2).changes
  expect(back?.opened).toEqual(there?.closed.map(({ before, ...ends }) => ({ ...ends, after: before })))
  expect(there?.same).toBe(openSynapses(other).length - 2)
})

test('an input is lost when none of its synapses is of effect any more, and gained the other way round', () => {
  const without = edited(start, 'synapses', ...[0, 1, 2, 3].map(j => [1, j, -1] as const))
  expect(difference(net(start), net(without), 2).inputs).toEqual({ gained: [], lost: ['b'], both: ['a', 'c'] })
  expect(difference(net(without), net(start), 2).inputs).toEqual({ gained: ['b'], lost: [], both: ['a', 'c'] })
  // c leads to neuron 0 alone, which nobody listens to
  const deaf = edited(start, 'synapses', [2, 0, -1], [2, 1, -1], [2, 3, -1], [3, 0, -1], [3, 1, -1], [3, 3, -1])
  const { inputs, changes } = difference(net(start), net(deaf), 2)
  expect(inputs.lost).toEqual(['c'])
  expect(changes?.closed).toHaveLength(openSynapses(start).length - openSynapses(deaf).length)
})

test('neurons are known by their birth numbers, wherever they stand, and only if they are older than the parting', async () => {
  const state = restore(b, { ...initialState(made, 3, 2, 1), model: start })
  const fewer = apoptose(made)(state, new Set([0 as NeuronId]))
  const { model: older } = await snapshot(b, fewer)
  const { model: younger } = await snapshot(b, grow(made)(fewer, 1))
  expect([older.facts.hidden, younger.facts.hidden]).toEqual([[1], [1, 2]])
  const neurons = (x: GraphPerceptron<NdArray>, y: GraphPerceptron<NdArray>, shared: number): unknown =>
    (difference(net(x), net(y), shared).changes as NonNullable<Difference['changes']>).neurons
  expect(neurons(start, younger, 3)).toEqual({ born: [2], dead: [0], both: [1] })
  expect(neurons(younger, younger, 3)).toEqual({ born: [], dead: [], both: [1, 2] })
  // both have a neuron 2, but it was born after they parted
  expect(neurons(younger, younger, 2)).toEqual({ born: [2], dead: [2], both: [1] })
  const parted = difference(net(younger), net(younger), 2).changes
  const theirs = openSynapses(younger).filter(({ from, to }) => from === 4 || to === 3).length
  expect([parted?.opened.length, parted?.closed.length, parted?.changed.length]).toEqual([theirs, theirs, 0])
  // what neuron 1 has kept is the same synapse in another place of the matrix
  expect(difference(net(start), net(older), 3).changes).toMatchObject({ opened: [], changed: [] })
})

test('networks without a common past are compared by sizes and inputs alone', () => {
  expect(difference(net(start), net(start))).not.toHaveProperty('changes')
})
