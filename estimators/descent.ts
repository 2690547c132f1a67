/** The way down of a fit: the network of the smallest stage that keeps a score is held until it is over. */
import type { State } from '../core/learning/state.js'
import { tensors } from '../core/learning/state.js'
import type { Stage } from '../core/life/stage.js'
import { stageOver } from '../core/life/stage.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import { descentOf } from './way-down.js'

/** What came of a score that was to be kept. */
export interface TargetFound {
  /** F1-micro that was asked for, and that of the network on the validation rows. */
  readonly f1: number
  readonly validation: number
  readonly kept: boolean
}

/** A fit on its way down. */
export interface FitDescent<T> {
  /** Looks at an epoch: the state after it, its stage's network until then with its score. Says whether the way is over. */
  readonly look: (state: State<T>, network: State<T>, score: number) => boolean
  /** The network that is chosen, if a stage is over, and its score; whoever takes it frees its tensors. */
  readonly chosen: () => { readonly network: State<T>; readonly found: TargetFound } | undefined
}

/** Watches the stages of a fit whose masks are fixed. */
export const fitDescent = <T>(
  b: Backend<T>,
  h: Hyperparameters,
  stages: readonly Stage[],
  f1: number
): FitDescent<T> => {
  const scores: number[] = []
  let network: State<T> | undefined
  return {
    look: ({ clock }, candidate, score) => {
      const isWatched = stages[clock.stage?.index ?? -1]?.hyperparameters?.trainingMasks === 'noiseless'
      if (!isWatched || !stageOver(h, stages, clock)) return false
      scores.push(score)
      const { chosen, over } = descentOf(scores, f1)
      if (chosen === scores.length - 1) {
        if (network) b.release(tensors(network))
        b.retain(tensors(candidate))
        network = candidate
      }
      return over
    },
    chosen: () => {
      if (!network) return undefined
      const { chosen, kept } = descentOf(scores, f1)
      return { network, found: { f1, validation: scores[chosen] ?? NaN, kept } }
    }
  }
}
