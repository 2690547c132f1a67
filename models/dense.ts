/** The dense layer. */
import type { ModelCodec } from '../codecs/model-codec.js'
import { record, whole } from '../codecs/strict.js'
import type { Compute } from '../core/network/compute.js'
import type { Layer } from '../core/network/layer.js'
import type { Kind, Model } from '../core/network/model.js'
import type { Activation } from '../core/port/activation.js'
import type { NdArray } from '../core/port/ndarray.js'
import { filled, range } from '../core/port/ndarray.js'
import { address, foldIn, Purpose, uniform } from '../core/port/random.js'

/** The kind of model that a dense layer is. */
export interface Dense extends Kind {
  readonly facts: { readonly inputs: number; readonly outputs: number }
  readonly parameters: 'weights' | 'biases'
  readonly buffers: never
}

/** Inputs, and the derivative of act at each output. */
interface DenseResiduals<T> {
  readonly x: T
  readonly slope: T
}

type DenseSums<T> = { readonly weights: T; readonly biases: T }

/** A dense layer on a backend. */
export type DenseLayer<T> = Layer<T, Dense, Model<T, Dense>, DenseResiduals<T>, DenseSums<T>>

const initialDense = (seed: number, inputs: number, outputs: number): Model<NdArray, Dense> => {
  const bound = Math.sqrt(6 / (inputs + outputs)) // Glorot and Bengio 2010
  const drawn = uniform(address(seed, 0, Purpose.weight), range(inputs), range(outputs), bound)
  return {
    facts: { inputs, outputs },
    parameters: { weights: { shape: [inputs, outputs], data: drawn }, biases: filled([1, outputs]) },
    buffers: {}
  }
}

/**
 * y = act(x W + b), with dh = dy act'(x W + b):  dW = x' dh,  db = sum of dh over the rows,  dx = dh W'.
 * @param name folded into the seed, and the prefix of its parameters in a chain
 */
export const dense = <T>(
  { backend: b, hyperparameters: h }: Compute<T>,
  name: string,
  activation: Activation = 'identity'
): DenseLayer<T> => ({
  name,
  initial: (seed, inputs, outputs) => initialDense(foldIn(seed, name), inputs, outputs),
  sample: model => model,
  forward: ({ parameters: { weights, biases } }, x) => {
    const { value, slope } = b.kernels.activate(activation, b.kernels.linear(x, weights, { plus: biases }))
    return { y: value, residuals: { x, slope } }
  },
  backward: ({ parameters: { weights } }, { x, slope }, dy, wantsInput, before) => {
    const dh = b.mul(dy, slope)
    const sum = b.sumRows(dh)
    return {
      sums: {
        weights: b.kernels.linear(x, dh, { transposed: 'a', ...(before ? { plus: before.weights } : {}) }),
        biases: before ? b.add(before.biases, sum) : sum
      },
      dx: wantsInput ? b.kernels.linear(dh, weights, { transposed: 'b' }) : undefined
    }
  },
  gradient: ({ buffers }, sums) => ({ gradient: sums, buffers, auxiliary: undefined }),
  numbersPerRow: ({ facts: { inputs, outputs } }) => 2 * inputs + 3 * outputs,
  decay: () => h.weightDecay,
  age: (_, __, updates) => updates,
  evaluation: ({ facts: { inputs, outputs }, parameters: { weights, biases } }) => ({
    compile: () => ({
      outputs: x =>
        b.scope(
          () => b.kernels.act(activation, b.kernels.linear(x, weights, { plus: biases })),
          y => [y]
        ),
      tensors: []
    }),
    counts: () => b.constant({ shape: [1, 2], data: Float64Array.of(inputs * outputs, 0) })
  }),
  living: () => ({}),
  sides: ({ inputs, outputs }) => [inputs, outputs]
})

/** A dense layer's codec. */
export const denseCodec: ModelCodec<Dense> = {
  kind: 'dense',
  facts: record<Dense['facts']>('the facts of a dense layer', { inputs: whole(1, 1e7), outputs: whole(1, 1e6) }),
  shapes: ({ inputs, outputs }) => ({ parameters: { weights: [inputs, outputs], biases: [1, outputs] }, buffers: {} }),
  fault: () => undefined
}
