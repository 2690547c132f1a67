/** Wirings in layers: the graph perceptrons that are multilayer perceptrons (supplement, Theorem 1), and how they begin. */
import type { Anatomy } from '../core/network/anatomy.js'
import type { GraphPerceptron } from '../core/network/parameters.js'
import type { Site, Wiring } from '../core/network/wiring.js'
import { receiverAt, senderAt } from '../core/network/wiring.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { address, Purpose, uniform } from '../core/port/random.js'
import { receiverNumbers, receivers, senderNumbers, senders } from '../core/network/anatomy.js'

/** An MLP's hidden layers, and neurons in each. */
export interface Layers {
  readonly layers: number
  readonly width: number
}

/** The layer of a neuron: -1 of inputs, then by birth number, `layers` of outputs. */
const layerOf = ({ layers, width }: Layers, { layer, id }: Site): number =>
  layer === 'input' ? -1 : layer === 'output' ? layers : Math.floor(id / width)

/** Each layer feeds the next one, and nobody else.
 * @example layered({ layers: 1, width: 2 })({ layer: 'input', id: 0 }, { layer: 'output', id: 0 }) // => false
 */
export const layered =
  (shape: Layers): Wiring =>
  (from, to) =>
    layerOf(shape, to) === layerOf(shape, from) + 1

/** The living neurons of a hidden layer: they lie side by side. */
export interface Span {
  /** Position among the hidden neurons of the first. */
  readonly start: number
  readonly ids: Anatomy['hidden']
}

const known = new WeakMap<Anatomy['hidden'], Map<string, readonly Span[]>>()

/** The living neurons of each hidden layer, the very lists as long as the neurons are the same: noise is known by them. */
export const spansOf = ({ layers, width }: Layers, { hidden }: Pick<Anatomy, 'hidden'>): readonly Span[] => {
  const found = known.get(hidden) ?? new Map<string, readonly Span[]>()
  known.set(hidden, found)
  const key = `${layers} ${width}`
  const spans =
    found.get(key) ??
    range(layers).map(l => ({
      start: hidden.filter(id => id < l * width).length,
      ids: hidden.filter(id => Math.floor(id / width) === l)
    }))
  found.set(key, spans)
  return spans
}

/** Half the width of Glorot's uniform distribution for a matrix of so many rows and columns (Glorot and Bengio 2010). */
export const glorotOf = (rows: number, columns: number): number => Math.sqrt(6 / (rows + columns))

/** A network with weights drawn anew where it has any, each as wide as its ends want it. */
export const redrawn = (
  model: GraphPerceptron<NdArray>,
  seed: number,
  bound: (from: Site, to: Site) => number
): GraphPerceptron<NdArray> => {
  const { facts, parameters, buffers } = model
  const drawn = uniform(address(seed, 0, Purpose.weight), senderNumbers(facts), receiverNumbers(facts), 1)
  const columns = range(receivers(facts)).map(j => receiverAt(facts, j))
  const data = new Float32Array(drawn.length)
  range(senders(facts)).forEach(i => {
    const from = senderAt(facts, i)
    columns.forEach((to, j) => {
      const k = i * columns.length + j
      if (buffers.wiring.data[k] !== 0) data[k] = (drawn[k] as number) * bound(from, to)
    })
  })
  return { ...model, parameters: { ...parameters, weights: { shape: parameters.weights.shape, data } } }
}

/** Glorot's bound of the matrix between two layers. */
export const betweenLayers =
  (shape: Layers, { inputs, outputs }: Pick<Anatomy, 'inputs' | 'outputs'>): ((from: Site, to: Site) => number) =>
  (from, to) => {
    const size = (site: Site): number => ({ input: inputs, hidden: shape.width, output: outputs })[site.layer]
    return glorotOf(size(from), size(to))
  }
