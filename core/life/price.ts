/** By what a contest judges networks that have settled: a loss that is calibrated, and has a price on synapses. */
import type { Perceptron } from '../network/parameters.js'
import { power } from '../port/elementary.js'

/**
 * Temperatures at which settled networks are judged (Guo et al. 2017): who knows more but is too sure of it has a larger loss
 * than who knows less, until both are calibrated.
 */
export const temperatures: readonly number[] = [1, 2, 3, 4, 5, 6].map(i => power(2, i / 2))

/** By this a network divides the loss of one without synapses if it is worth its `size`. */
const PRICE = 2

/** Of a larger loss, in nats or variances of the targets, nobody knows how much of it can be learned at all. */
const LEARNABLE = 0.3

/**
 * The loss of a network whose synapses have a price: one of `size` synapses must have half of the loss of one of none.
 * What is beyond `LEARNABLE` of a loss makes no synapse dearer.
 * @example pricedLoss(2, 1200, 1200) // => 2.3
 */
export const pricedLoss = (loss: number, synapses: number, size: number): number =>
  loss + Math.min(loss, LEARNABLE) * (power(PRICE, synapses / size) - 1)

/** Synapses of a perceptron of 100 hidden neurons. */
export const sizeOfPerceptron = ({ inputs, outputs }: Pick<Perceptron['facts'], 'inputs' | 'outputs'>): number =>
  100 * (inputs + outputs)
