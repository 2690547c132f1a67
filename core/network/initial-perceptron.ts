/** The values from which a graph perceptron begins. */
import type { NdArray } from '../port/ndarray.js'
import { filled } from '../port/ndarray.js'
import { address, Purpose, uniform } from '../port/random.js'
import type { Anatomy } from './anatomy.js'
import { anatomyOf, born, receiverNumbers, receivers, senderNumbers, senders } from './anatomy.js'
import type { Hyperparameters } from './hyperparameters.js'
import type { GraphPerceptron } from './parameters.js'
import { build, shapesOf } from './parameters.js'
import type { Wiring } from './wiring.js'
import { allowed } from './wiring.js'

/** Half the width of Glorot's uniform distribution, fan-in and fan-out summed over the largest network. */
export const glorot = (h: Pick<Hyperparameters, 'maxHidden'>, a: Anatomy): number =>
  Math.sqrt(6 / (a.inputs + h.maxHidden + a.outputs))

/** The initial weights of a network, a function of seed and neurons alone. `[senders, receivers]` */
export const initialWeights = (
  h: Pick<Hyperparameters, 'maxHidden'>,
  seed: number,
  a: Anatomy,
  scale: number = 1
): NdArray => ({
  shape: [senders(a), receivers(a)],
  data: uniform(address(seed, 0, Purpose.weight), senderNumbers(a), receiverNumbers(a), glorot(h, a) * scale)
})

/** Inputs, outputs and the initial hidden neurons before the first epoch; without growth all that there may be are there. */
export const initialPerceptron = (
  h: Hyperparameters,
  wiring: Wiring,
  inputs: number,
  outputs: number,
  seed: number
): GraphPerceptron<NdArray> => {
  const anatomy = born(anatomyOf(inputs, outputs), h.initialHidden, 0)
  const may = allowed(wiring, anatomy)
  const { data } = initialWeights(h, seed, anatomy, h.newbornScale)
  const where = (f: (i: number) => number): NdArray => ({
    shape: may.shape,
    data: may.data.map((is, i) => (is === 0 ? 0 : f(i)))
  })
  const { parameters, buffers } = shapesOf(anatomy, h.steps)
  return {
    facts: anatomy,
    parameters: build(name => {
      switch (name) {
        case 'weights':
          return where(i => data[i] as number)
        case 'synapses':
          return where(() => h.initialLogit)
        case 'neurons':
          return filled(parameters.neurons, h.initialLogit)
        case 'scale':
          return filled(parameters.scale, 1)
        case 'biases':
        case 'shift':
          return filled(parameters[name])
      }
    }),
    buffers: {
      wiring: may,
      mean: filled(buffers.mean, h.newbornMean),
      variance: filled(buffers.variance, h.newbornVariance)
    }
  }
}
