/**
 * Everything the gradient reaches, in one record. `A` is a tensor, a gradient, a moment of the optimiser or a host copy,
 * so birth and death are one reshape applied to all of them.
 */

/** Learnable quantities of a network of `S = inputs + hidden` senders and `R = outputs + hidden` receivers. */
export interface Parameters<A> {
  /** A_ij. `[S, R]` */
  readonly weights: A
  /** Mask logits s_ij. `[S, R]` */
  readonly synapses: A
  /** b_j. `[1, R]` */
  readonly biases: A
  /** Mask logits n_i. `[1, hidden]` */
  readonly neurons: A
  /** BatchNorm's scale. `[1, hidden]` */
  readonly scale: A
  /** BatchNorm's shift. `[1, hidden]` */
  readonly shift: A
}

/** Names of the parameters, in canonical order. */
export const names = ['weights', 'synapses', 'biases', 'neurons', 'scale', 'shift'] as const
/** The name of a parameter. */
export type Name = (typeof names)[number]

/** How a parameter depends on the neurons: on pairs, on receivers or on hidden neurons. */
export const extent: Readonly<Record<Name, 'synapses' | 'receivers' | 'hidden'>> = {
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

/** Applies `f` to each parameter. */
export const map = <A, B>(p: Parameters<A>, f: (a: A, name: Name) => B): Parameters<B> => build(n => f(p[n], n))

/** The values in canonical order. */
export const leaves = <A>(p: Parameters<A>): readonly A[] => [
  p.weights,
  p.synapses,
  p.biases,
  p.neurons,
  p.scale,
  p.shift
]
