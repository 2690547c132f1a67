/** What a rule is told, and what it pronounces. Numbers only: a rule never sees a tensor. */
import type { NeuronId } from '../network/anatomy.js'

/** A living hidden neuron, as a rule sees it. */
export interface NeuronView {
  readonly id: NeuronId
  /** Its soft mask p, sigmoid(n / tau). */
  readonly mask: number
}

/** The state of the population at the start of an epoch. */
export interface Census {
  /** The epoch that begins; 1 is the first. */
  readonly epoch: number
  readonly hidden: readonly NeuronView[]
  /** Neurons ever born. */
  readonly births: number
  /** Epochs since the last death (or birth), the one that begins included. */
  readonly epochsSinceChange: number
  /** Completed epochs since the monitored loss was lowest. */
  readonly epochsSinceBest: number
}

/** Who dies, and how many are born. Verdicts form a monoid under `concat` with `noChange`. */
export interface Verdict {
  readonly dying: ReadonlySet<NeuronId>
  readonly newborns: number
  /** Synapses whose soft mask without noise, sigmoid(s / tau), is not above this die, from 0 to below 1/2; none if left out. */
  readonly synapsesUpTo?: number
}

/** A rule of life. */
export type Rule = (census: Census) => Verdict

/** Nobody dies, nobody is born. */
export const noChange: Verdict = { dying: new Set(), newborns: 0 }

/** Both verdicts: whoever dies by either, neuron or synapse, and all newborns.
 * @example concat(noChange, { dying: new Set([3]), newborns: 1 }) // => { dying: new Set([3]), newborns: 1 }
 */
export const concat = (a: Verdict, b: Verdict): Verdict => ({
  dying: new Set([...a.dying, ...b.dying]),
  newborns: a.newborns + b.newborns,
  ...(a.synapsesUpTo === undefined && b.synapsesUpTo === undefined
    ? {}
    : { synapsesUpTo: Math.max(a.synapsesUpTo ?? 0, b.synapsesUpTo ?? 0) })
})
