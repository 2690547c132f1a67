/** The matrices of a multilayer perceptron, within those over all synapses, and back. */
import type { Sums } from '../core/network/layer.js'
import type { GraphPerceptron, Perceptron } from '../core/network/parameters.js'
import type { Backend } from '../core/port/backend.js'
import { runningAfter } from '../core/port/normalisation.js'
import type { Shape } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { Span } from './layered.js'

/** The matrix into a layer, with what is normalised there: the last is that of the outputs. */
export interface Matrix<T> {
  readonly weights: T
  readonly gate: T
  readonly bias: T
  readonly scale: T
}

/** A part of a matrix. */
export interface Place {
  readonly begin: Shape
  readonly size: Shape
}

/** Where the matrix into each layer lies in a matrix over synapses. */
export const placesOf = ({ inputs, outputs }: Perceptron['facts'], spans: readonly Span[]): readonly Place[] =>
  range(spans.length + 1).map(l => {
    const [from, to] = [spans[l - 1], spans[l]]
    return {
      begin: [from ? inputs + from.start : 0, to ? outputs + to.start : 0],
      size: [from ? from.ids.length : inputs, to ? to.ids.length : outputs]
    }
  })

/** The matrices of a network, gates applied: into each hidden layer, and into the outputs. */
export const matricesOf = <T>(
  b: Backend<T>,
  { facts, parameters, buffers }: GraphPerceptron<T>,
  spans: readonly Span[]
): readonly Matrix<T>[] =>
  placesOf(facts, spans).map(({ begin, size }, l) => {
    const part = (m: T): T => b.slice(m, begin, size)
    const own = (m: T, { start, ids }: Span): T => b.slice(m, [0, start], [1, ids.length])
    const [from, to] = [spans[l - 1], spans[l]]
    const senders = from ? b.positive(own(parameters.neurons, from)) : b.slice(parameters.neurons, [0, 0], [1, 0])
    const gate = b.kernels.gate(b.positive(part(parameters.synapses)), part(buffers.wiring), senders)
    return {
      weights: b.mul(part(parameters.weights), gate),
      gate,
      bias: b.slice(parameters.biases, [0, begin[1]], [1, size[1]]),
      scale: to ? own(parameters.scale, to) : parameters.scale
    }
  })

/**
 * The same for training: where nearly all of a matrix is closed, which it is for good as masks are not sampled, products go
 * by lists. A closed synapse has no gradient.
 */
export const livingMatrices = <T>(b: Backend<T>, matrices: readonly Matrix<T>[]): readonly Matrix<T>[] =>
  matrices.map(matrix => ({ ...matrix, weights: b.kernels.sparse(matrix.weights, matrix.gate) }))

/** A model's facts and its parameters of the hidden neurons, for one layer's. */
export const within = <T>(
  b: Backend<T>,
  { facts, parameters }: GraphPerceptron<T>,
  { start, ids }: Span
): Pick<GraphPerceptron<T>, 'facts' | 'parameters'> => {
  const own = (m: T): T => b.slice(m, [0, start], [1, ids.length])
  return {
    facts: { ...facts, hidden: ids },
    parameters: { ...parameters, scale: own(parameters.scale), shift: own(parameters.shift) }
  }
}

/** A matrix of another's shape that is 0 but for parts along its rows; `parts` stand in the order of their rows. */
export const bands = <T>(b: Backend<T>, zeros: T, parts: readonly { readonly at: Place; readonly value: T }[]): T => {
  const columns = b.shape(zeros)[1]
  return b.concat(
    parts.map(({ at: { begin, size }, value }) => {
      const beside = (from: number, to: number): readonly T[] =>
        to > from ? [b.slice(zeros, [begin[0], from], [size[0], to - from])] : []
      const end = begin[1] + size[1]
      return b.concat([...beside(0, begin[1]), value, ...beside(end, columns)], 1)
    }),
    0
  )
}

/** Running statistics `[layers, hidden]` after a batch that told of each layer those of its own step. */
export const statistics = <T>(
  b: Backend<T>,
  { mean, variance }: GraphPerceptron<T>['buffers'],
  spans: readonly Span[],
  sums: Sums<T>
): Pick<GraphPerceptron<T>['buffers'], 'mean' | 'variance'> => {
  const hidden = b.shape(mean)[1]
  const rows = spans.map(({ start, ids: { length } }, l) => {
    const part = (m: T, from: number, to: number): T => b.slice(m, [l, from], [1, to - from])
    const own = (m: T): T => part(m, start, start + length)
    const fresh = { mean: sums[`mean${l}`] ?? own(mean), variance: sums[`variance${l}`] ?? own(variance) }
    const blended = runningAfter(b, { mean: own(mean), variance: own(variance) }, fresh)
    const row = (m: T, middle: T): T =>
      b.concat(
        [part(m, 0, start), middle, part(m, start + length, hidden)].filter(t => b.shape(t)[1] > 0),
        1
      )
    return { mean: row(mean, blended.mean), variance: row(variance, blended.variance) }
  })
  return {
    mean: b.concat(
      rows.map(r => r.mean),
      0
    ),
    variance: b.concat(
      rows.map(r => r.variance),
      0
    )
  }
}
