/**
 * What a graph perceptron consists of: who is alive, what the gradient reaches, and what it does not. Birth and death are
 * one reshape applied to all of it.
 */
import type { Anatomy } from './anatomy.js'
import { receivers, senders } from './anatomy.js'
import type { Kind, Model, Named } from './model.js'
import type { Shape } from '../port/ndarray.js'

/**
 * Names of the parameters of a network of `S = inputs + hidden` senders and `R = outputs + hidden` receivers, in canonical
 * order: weights A_ij `[S, R]`, mask logits s_ij `[S, R]`, biases b_j `[1, R]`, mask logits n_i `[1, hidden]`, BatchNorm's
 * scale and shift `[1, hidden]`.
 */
export const names = ['weights', 'synapses', 'biases', 'neurons', 'scale', 'shift'] as const
/** The name of a parameter. */
export type Name = (typeof names)[number]
/** Learnable quantities by name. */
export type Parameters<A> = Named<Name, A>

/** What the gradient does not reach: 1 where a synapse may exist `[S, R]`, running mean and variance `[steps - 1, hidden]`. */
export type BufferName = 'wiring' | 'mean' | 'variance'

/** The kind of model that a graph perceptron is. */
export interface Perceptron extends Kind {
  readonly facts: Anatomy
  readonly parameters: Name
  readonly buffers: BufferName
}
/** The values of a graph perceptron. */
export type GraphPerceptron<A> = Model<A, Perceptron>

/** How a parameter depends on the neurons: on pairs, on receivers or on hidden neurons. */
export const extent: Named<Name, 'synapses' | 'receivers' | 'hidden'> = {
  weights: 'synapses',
  synapses: 'synapses',
  biases: 'receivers',
  neurons: 'hidden',
  scale: 'hidden',
  shift: 'hidden'
}

/** A record made name by name. */
export const build = <A>(f: (name: Name) => A): Parameters<A> => ({
  weights: f('weights'),
  synapses: f('synapses'),
  biases: f('biases'),
  neurons: f('neurons'),
  scale: f('scale'),
  shift: f('shift')
})

/** The shape of each matrix of a network run for `steps` steps. */
export const shapesOf = (
  a: Anatomy,
  steps: number
): { readonly parameters: Parameters<Shape>; readonly buffers: Named<BufferName, Shape> } => {
  const extents: Named<'synapses' | 'receivers' | 'hidden', Shape> = {
    synapses: [senders(a), receivers(a)],
    receivers: [1, receivers(a)],
    hidden: [1, a.hidden.length]
  }
  const statistics: Shape = [steps - 1, a.hidden.length]
  return {
    parameters: build(name => extents[extent[name]]),
    buffers: { wiring: extents.synapses, mean: statistics, variance: statistics }
  }
}
