/** One update: sample the masks, forward, loss, backward, optimiser. Pure: the given state stays untouched and alive. */
import type { Anatomy } from './anatomy.js'
import { senders } from './anatomy.js'
import type { Backend } from './backend.js'
import type { Engine } from './engine.js'
import type { Batch, Losses } from './gradients.js'
import { gradients } from './gradients.js'
import type { Hyperparameters } from './hyperparameters.js'
import { filled, tabulate } from './ndarray.js'
import type { Moment, Optimiser, Slot } from './optimiser.js'
import { learningRate } from './optimiser.js'
import type { Name, Parameters } from './parameters.js'
import * as P from './parameters.js'
import type { State } from './state.js'
import { tensors } from './state.js'

/** What a step gives: the next state and the losses [1, 1] that it saw. */
export interface Step<T> {
  readonly state: State<T>
  readonly losses: Losses<T>
}

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
): ((name: Name) => Moment<T>['debias']) => {
  if (correction === 'global') {
    const { first, second } = optimiser.debias(updates)
    const both = { first: b.constant(filled([1, 1], first)), second: b.constant(filled([1, 1], second)) }
    return () => both
  }
  const age = (position: number, before: number): number =>
    updates - (position < before ? 0 : (a.born[position - before] as number))
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

/** The state after one update on a batch. */
export const step =
  <T>(engine: Engine<T>) =>
  (batch: Batch<T>) =>
  (s: State<T>): Step<T> => {
    const { backend: b, hyperparameters: h, optimiser } = engine
    return b.scope(
      () => {
        const { losses, gradient, running } = gradients(engine, batch, s)
        const clipped = clip(b, gradient, h.clipNorm)
        const updates = s.updates + 1
        const debias = debiased(b, optimiser, h.biasCorrection, s.anatomy, updates)
        const rate = learningRate(h, s.epoch)
        const slots = P.build((name): Slot<T> => {
          const slot = { value: s.parameters[name], first: s.moments.first[name], second: s.moments.second[name] }
          return optimiser.update(b, slot, clipped[name], { rate, decay: decay(h, name), debias: debias(name) })
        })
        const state: State<T> = {
          ...s,
          updates,
          parameters: P.map(slots, slot => slot.value),
          moments: { first: P.map(slots, slot => slot.first), second: P.map(slots, slot => slot.second) },
          running
        }
        return { state, losses }
      },
      ({ state, losses }) => [...tensors(state), losses.task, losses.auxiliary]
    )
  }
