/**
 * A layer of your own in front of a self-assembling network.
 *
 *     y = (x - c)^2        dc = -sum over rows of 2 (x - c) dy        dx = 2 (x - c) dy
 *
 * A layer is a record of functions: `forward` gives y and what `backward` will need of it (the residuals); `backward` turns
 * dLoss/dy into sums over the rows and, if asked, into dLoss/dx; `gradient` makes of the sums a gradient for each parameter.
 * A batch may go through in parts, so sums of earlier parts come in as `before`. The law `layerIsDerivative` compares both
 * with central differences; it is in examples.test.ts. `chain` joins the layer with any other.
 *
 * Squares make the ring of the example a matter of a straight line: the network behind the layer needs no hidden neuron.
 */
import type { Backend, Compute, Kind, Layer, Life, Model, Trainable } from '../core/index.js'
import { adam, defaults, filled, selfAssembling, trainable, withoutLoops } from '../core/index.js'
import { simd } from '../backends/simd.js'
import type { Chain } from '../models/index.js'
import { chain } from '../models/index.js'
import { paperRule } from '../rules/index.js'
import type { Learned } from './ring.js'
import { learn } from './ring.js'

/** What the layer consists of: its width, one parameter, nothing that the gradient does not reach. */
export interface Squares extends Kind {
  readonly facts: { readonly width: number }
  readonly parameters: 'centres'
  readonly buffers: never
}

type Sums<T> = { readonly centres: T }

/** The layer on a backend: what it samples is its model, its residuals are 2 (x - c). */
export type SquaresLayer<T> = Layer<T, Squares, Model<T, Squares>, T, Sums<T>>

/** Squared distances from learned centres, one for each input. It has as many outputs as inputs. */
export const squares = <T>({ backend: b }: Pick<Compute<T>, 'backend'>, name: string): SquaresLayer<T> => ({
  name,
  initial: (_, inputs) => ({ facts: { width: inputs }, parameters: { centres: filled([1, inputs]) }, buffers: {} }),
  sample: model => model, // nothing is drawn
  forward: ({ parameters: { centres } }, x) => {
    const distance = b.sub(x, centres)
    return { y: b.mul(distance, distance), residuals: b.affine(distance, 2, 0) }
  },
  backward: (_, slope, dy, wantsInput, before) => {
    const dx = b.mul(slope, dy)
    const sum = b.affine(b.sumRows(dx), -1, 0)
    return { sums: { centres: before ? b.add(before.centres, sum) : sum }, dx: wantsInput ? dx : undefined }
  },
  gradient: ({ buffers }, sums) => ({ gradient: sums, buffers, auxiliary: undefined }),
  numbersPerRow: ({ facts: { width } }) => 4 * width,
  decay: () => 0,
  age: (_, __, updates) => updates,
  evaluation: ({ parameters: { centres } }) => ({
    compile: () => ({
      outputs: x =>
        b.scope(
          () => {
            const distance = b.sub(x, centres)
            return b.mul(distance, distance)
          },
          y => [y]
        ),
      tensors: []
    }),
    counts: () => b.constant(filled([1, 2])) // it has no synapses and no hidden neurons
  }),
  living: () => ({}),
  sides: ({ width }) => [width, width]
})

/** The layer with a self-assembling network behind it. */
export const squaresThenNetwork = <T>(backend: Backend<T>): Trainable<T, Chain> => {
  const hyperparameters = { ...defaults, epochs: 200, learningRate: 0.03, growthPatience: 400, outputBias: true }
  const life: Life<T> = {
    backend,
    hyperparameters,
    optimiser: adam(),
    rule: paperRule(hyperparameters),
    wiring: withoutLoops
  }
  return trainable(life, chain(life, squares(life, 'squares'), 2, selfAssembling(life, 'head')))
}

/** Trains it. */
export const example = async (): Promise<Learned> => {
  const b = await simd()
  const learned = await learn(squaresThenNetwork(b))
  b.close()
  return learned
}
