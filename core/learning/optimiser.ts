/**
 * Optimisers for a network whose shape changes. An update treats each entry alone, so entries may be born and die at any
 * time; its moments are `Parameters` like what they belong to.
 */
import type { Compute } from '../network/compute.js'
import type { AdamSettings, UpdateContext, Slot } from '../port/adam.js'
import { adamDefaults } from '../port/adam.js'
import type { Anatomy } from '../network/anatomy.js'
import { senders } from '../network/anatomy.js'
import type { Backend } from '../port/backend.js'
import { integerPower } from '../port/elementary.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import { filled, tabulate } from '../port/ndarray.js'
import type { Name, Parameters } from '../network/parameters.js'
import * as P from '../network/parameters.js'

/** What an update takes: where to compute, by which choices, with which optimiser. */
export interface Learner<T> extends Compute<T> {
  readonly optimiser: Optimiser
}

/** An optimiser as a value. */
export interface Optimiser {
  readonly name: string
  /** 1 - b^n for each moment after n updates: what divides it to undo its start at 0. */
  readonly debias: (updates: number) => { readonly first: number; readonly second: number }
  /** One update of each entry. */
  readonly update: <T>(backend: Backend<T>, slot: Slot<T>, gradient: T, moment: UpdateContext<T>) => Slot<T>
  /** Updates with no gradient but decay's, one after the other. */
  readonly decayOnly: <T>(backend: Backend<T>, slot: Slot<T>, moments: readonly UpdateContext<number>[]) => Slot<T>
}

/** Adam as an optimiser.
 * @example adam().debias(1).first // => 1 - 0.9
 */
export const adam = (settings: AdamSettings = adamDefaults): Optimiser => ({
  name: 'adam',
  debias: updates => ({
    first: 1 - integerPower(settings.b1, updates),
    second: 1 - integerPower(settings.b2, updates)
  }),
  update: (backend, slot, gradient, moment) => backend.kernels.adam(settings, slot, gradient, moment),
  decayOnly: (backend, slot, moments) => backend.kernels.adamDecayOnly(settings, slot, moments)
})

/** Weight decay of a parameter. Norm parameters that nothing uses do not decay. */
export const decay = (h: Hyperparameters, name: Name): number => {
  if (name === 'synapses' || name === 'neurons') return h.decayMasks ? h.weightDecay : 0
  if (name === 'scale' || name === 'shift') return h.batchNorm ? h.weightDecay : 0
  return h.weightDecay
}

/** Scales a gradient so that its global norm is at most `limit`; 0 leaves it as it is. */
export const clip = <T>(b: Backend<T>, gradient: Parameters<T>, limit: number): Parameters<T> => {
  if (limit === 0) return gradient
  const squares = P.leaves(gradient).map(g => b.kernels.total(b.mul(g, g)))
  const norm = b.affine(b.sqrt(squares.reduce((x, y) => b.add(x, y))), 1 / limit, 0)
  const excess = b.affine(b.relu(b.affine(norm, 1, -1)), 1, 1) // max(norm / limit, 1)
  return P.map(gradient, g => b.div(g, excess))
}

/** What divides the moments of each parameter: one number, or one for the age of each entry. */
export const debiased = <T>(
  b: Backend<T>,
  optimiser: Optimiser,
  correction: Hyperparameters['biasCorrection'],
  a: Anatomy,
  updates: number
): ((name: Name) => UpdateContext<T>['debias']) => {
  if (correction === 'global') {
    const { first, second } = optimiser.debias(updates)
    const both = { first: b.constant(filled([1, 1], first)), second: b.constant(filled([1, 1], second)) }
    return () => both
  }
  const age = (position: number, before: number): number =>
    updates - (position < before ? 0 : (a.bornAt[position - before] as number))
  const ages = {
    synapses: tabulate([senders(a), a.outputs + a.hidden.length], (i, j) =>
      Math.min(age(i, a.inputs), age(j, a.outputs))
    ),
    receivers: tabulate([1, a.outputs + a.hidden.length], (_, j) => age(j, a.outputs)),
    hidden: tabulate([1, a.hidden.length], (_, j) => age(j, 0))
  }
  return name => {
    const { shape, data } = ages[P.extent[name]]
    const made = Array.from(data, optimiser.debias)
    const of = (moment: 'first' | 'second'): T => b.constant({ shape, data: Float32Array.from(made, m => m[moment]) })
    return { first: of('first'), second: of('second') }
  }
}
