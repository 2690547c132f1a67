/**
 * The graph perceptron as a layer. With effective weights W = gate * A, gate = wiring * hard synapse masks * the sender's hard
 * mask (1 for inputs), x^l the messages after step l, and act, BatchNorm and dropout as mode.ts has them:
 *
 *     h^(l+1) = b + x^l W          z = h^L on the outputs                       (M 7, 8)
 *     dLoss/dW = sum_l (x^l)' dLoss/dh^(l+1)      dLoss/dx^l = dLoss/dh^(l+1) W'
 *
 * from which gateBack makes the gradients of weights and logits (M 12); the auxiliary loss (M 14) is the layer's own.
 */
import { runningAfter } from '../port/normalisation.js'
import { foldIn } from '../port/random.js'
import { filled, tabulate } from '../port/ndarray.js'
import type { NdArray } from '../port/ndarray.js'
import type { Anatomy } from './anatomy.js'
import { receivers, senders } from './anatomy.js'
import type { BlockGradients } from './backward.js'
import { backward, joinBlocks } from './backward.js'
import type { Compute } from './compute.js'
import { compile, openMasks, sampledGate } from './evaluate.js'
import type { Mode, Network, Trace } from './forward.js'
import { forward, trainedNetwork } from './forward.js'
import type { Hyperparameters } from './hyperparameters.js'
import type { Layer, UpdateId } from './layer.js'
import type { StepResiduals } from './mode.js'
import { training } from './mode.js'
import { initialPerceptron } from './initial-perceptron.js'
import type { GraphPerceptron, Name, Perceptron } from './parameters.js'
import { extent } from './parameters.js'
import type { Masks } from './sampling.js'
import { auxiliary, sample } from './sampling.js'
import type { Wiring } from './wiring.js'

/** What an update samples of a graph perceptron: masks, the factor of each weight, the network that they leave. */
export interface SampledNetwork<T> {
  readonly model: GraphPerceptron<T>
  /** Undefined where masks are not sampled: then nothing of them is learned. */
  readonly masks: Masks<T> | undefined
  readonly gate: T
  readonly net: Network<T>
  readonly mode: (rows: readonly number[]) => Mode<T, StepResiduals<T>>
}

/** Residuals of a training pass. */
export type Residuals<T> = Trace<T, StepResiduals<T>>

/** Sums over rows: block gradients, and under BatchNorm the statistics of the batch. `[steps - 1, hidden]` */
export type PerceptronSums<T> = BlockGradients<T> & { readonly mean: T | undefined; readonly variance: T | undefined }

/** The graph perceptron's layer: K, what an update samples, residuals, sums. */
export type PerceptronLayer<T> = Layer<T, Perceptron, SampledNetwork<T>, Residuals<T>, PerceptronSums<T>>

/** Weight decay of a parameter: none for what nothing uses or learns. */
export const decayOf = (h: Hyperparameters, name: Name): number => {
  switch (name) {
    case 'synapses':
    case 'neurons':
      return h.decayMasks ? h.weightDecay : 0
    case 'scale':
    case 'shift':
      return h.batchNorm ? h.weightDecay : 0
    case 'biases': // BatchNorm takes a hidden bias out again
      return h.outputBias || !h.batchNorm ? h.weightDecay : 0
    case 'weights':
      return h.weightDecay
  }
}

/** Updates that each entry of a parameter has lived under `biasCorrection: 'own'`; the younger end of a synapse counts. */
const agesOf = (h: Hyperparameters, a: Anatomy, name: Name, updates: number): number | NdArray => {
  // gestated newborns have been in the optimiser since the first update
  if (h.biasCorrection === 'global' || h.newborn === 'gestated') return updates
  const age = (position: number, before: number): number =>
    updates - (position < before ? 0 : (a.bornAt[position - before] as number))
  switch (extent[name]) {
    case 'synapses':
      return tabulate([senders(a), receivers(a)], (i, j) => Math.min(age(i, a.inputs), age(j, a.outputs)))
    case 'receivers':
      return tabulate([1, receivers(a)], (_, j) => age(j, a.outputs))
    case 'hidden':
      return tabulate([1, a.hidden.length], (_, j) => age(j, 0))
  }
}

/** A graph perceptron as a layer, without rules of life. `wiring` says which synapses may exist. */
export const graphPerceptron = <T>(compute: Compute<T>, wiring: Wiring, name: string = ''): PerceptronLayer<T> => {
  const { backend: b, hyperparameters: h } = compute
  const own = (at: UpdateId): UpdateId => ({ ...at, seed: foldIn(at.seed, name) })
  /** Gradients of weights and logits under sampled masks, with those of the auxiliary loss. */
  const ofMasks = (
    model: GraphPerceptron<T>,
    masks: Masks<T>,
    gate: T,
    d: T
  ): { readonly [K in 'weights' | 'synapses' | 'neurons' | 'auxiliary']: T } => {
    const cost = auxiliary(b, h, model, masks)
    const { weights } = model.parameters
    const back = b.kernels.gateBack({ weights, wiring: model.buffers.wiring, ...masks, gate }, d)
    return {
      weights: back.weights,
      synapses: b.add(back.synapses, cost.synapses),
      neurons: b.add(back.neurons, cost.neurons),
      auxiliary: cost.loss
    }
  }
  const rows = (parts: readonly T[]): T | undefined => (parts.length === 0 ? undefined : b.concat(parts, 0))
  return {
    name,
    initial: (seed, inputs, outputs) => initialPerceptron(h, wiring, inputs, outputs, foldIn(seed, name)),
    sample: (model, at) => {
      const { facts, parameters, buffers } = model
      const masks = h.trainingMasks === 'sampled' ? sample(b, h, model, own(at)) : undefined
      const gate = masks
        ? b.kernels.gate(masks.synapses.hard, buffers.wiring, masks.neurons.hard)
        : openMasks(compute, model).gate
      const net = trainedNetwork(b, facts, b.mul(parameters.weights, gate), parameters.biases, buffers.wiring)
      return { model, masks, gate, net, mode: training(b, h, facts, parameters, own(at)) }
    },
    forward: ({ model, net, mode }, x, rows) => {
      const trace = forward(b, h, model.facts, net, mode(rows), x)
      return { y: trace.z, residuals: trace }
    },
    backward: ({ model, net }, trace, dy, wantsInput, before) => {
      const wanted = { outputBias: h.outputBias, hiddenBias: !h.batchNorm, inputs: wantsInput }
      const { facts, parameters } = model
      const { gradients, dx } = backward(b, facts, net, parameters.scale, trace, dy, wanted, before)
      const norms = trace.hiddenSteps.flatMap(({ residuals: { norm } }) => (norm ? [norm] : []))
      const mean = rows(norms.map(norm => norm.mean))
      const variance = rows(norms.map(norm => norm.variance))
      return { sums: { ...gradients, mean, variance }, dx }
    },
    gradient: ({ model, masks, gate }, sums) => {
      const { facts, buffers } = model
      const joined = joinBlocks(b, facts, sums)
      const taught = masks
        ? ofMasks(model, masks, gate, joined.weights)
        : {
            weights: b.mul(joined.weights, gate),
            synapses: b.affine(gate, 0, 0),
            neurons: b.constant(filled([1, facts.hidden.length])),
            auxiliary: undefined
          }
      const { auxiliary: cost, ...gated } = taught
      return {
        gradient: { ...gated, biases: joined.biases, scale: joined.scale, shift: joined.shift },
        buffers: {
          wiring: buffers.wiring,
          ...(sums.mean === undefined || sums.variance === undefined
            ? { mean: buffers.mean, variance: buffers.variance }
            : runningAfter(b, buffers, { mean: sums.mean, variance: sums.variance }))
        },
        auxiliary: cost
      }
    },
    numbersPerRow: ({ facts: a }) =>
      h.batchNorm ? Infinity : 2 * a.inputs + 3 * a.outputs + (4 * h.steps - 3) * a.hidden.length,
    byLists: h.trainingMasks === 'noiseless',
    decay: parameter => decayOf(h, parameter),
    age: ({ facts }, parameter, updates) => agesOf(h, facts, parameter, updates),
    still: parameter => h.trainingMasks === 'noiseless' && (parameter === 'synapses' || parameter === 'neurons'),
    evaluation: (model, at) => {
      const open = openMasks(compute, model)
      const gate = (): T => (h.evaluationMasks === 'noiseless' ? open.gate : sampledGate(compute, model, own(at)))
      return {
        compile: () => compile(compute, model, gate()),
        counts: () => b.concat([b.kernels.total(open.gate), b.kernels.total(open.neurons)], 1)
      }
    },
    living: ({ hidden }) => ({ [name]: hidden }),
    sides: ({ inputs, outputs }) => [inputs, outputs]
  }
}
