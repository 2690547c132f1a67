/**
 * What the binary knows of activations and losses, by name. Whatever is not listed here is computed as it is defined, so
 * that a new one needs no new binary. The codes are those of assembly/neurons.ts: a place in some list is none of them.
 */
import type { Activation } from '../../core/port/activation.js'
import type { Loss } from '../../core/port/objective.js'

/** The code of each activation that `activate` of the binary computes. */
export const fusedActivations: ReadonlyMap<Activation, number> = new Map([
  ['swish', 0],
  ['identity', 1],
  ['relu', 2],
  ['tanh', 3],
  ['gelu', 4],
  ['sigmoid', 5]
])

/** The kernel of each loss that has one. */
export const fusedLosses: ReadonlyMap<Loss, string> = new Map([['softmax', 'softmax']])
