/** How hidden values are normalised and messages dropped: in training, in evaluation. */
import type { Anatomy } from './anatomy.js'
import { receiverNumbers, senderNumbers } from './anatomy.js'
import type { Made } from './backward.js'
import type { Backend } from './backend.js'
import type { Regime } from './forward.js'
import type { Hyperparameters } from './hyperparameters.js'
import { normaliseBy } from './normalisation.js'
import type { Parameters } from './parameters.js'
import { address, Purpose } from './random.js'
import type { Running } from './state.js'

/** When and for whom a training pass happens. */
export interface Occasion {
  readonly seed: number
  readonly epoch: number
  readonly update: number
  /** The data set's row numbers in the batch: a row's dropout does not depend on its batch. */
  readonly rows: readonly number[]
}

const memo = <A>(f: (step: number) => A): ((step: number) => A) => {
  const known = new Map<number, A>()
  return step => {
    const found = known.get(step) ?? f(step)
    known.set(step, found)
    return found
  }
}

/** Training: statistics of the batch, dropout of the messages' sources. */
export const training = <T>(
  b: Backend<T>,
  h: Hyperparameters,
  a: Anatomy,
  p: Parameters<T>,
  { seed, epoch, update, rows }: Occasion
): Regime<T, Made<T>> => {
  const factors = (purpose: number, columns: readonly number[]): ((step: number) => T | undefined) => {
    if (h.dropout === 0) return () => undefined
    return memo(step => b.kernels.keep(address(seed, epoch, purpose, update, step), rows, columns, h.dropout))
  }
  const byStep = (f: (step: number) => T | undefined, per: 'pass' | 'step') => (step: number) =>
    f(per === 'pass' ? 0 : step)
  return {
    normalise: value => {
      if (!h.batchNorm) return { value, made: undefined }
      const made = b.kernels.normalise(value, p.scale, p.shift)
      return { value: made.value, made }
    },
    inputFactors: byStep(factors(Purpose.inputDropout, senderNumbers({ ...a, hidden: [] })), h.inputDropout),
    hiddenFactors: byStep(factors(Purpose.hiddenDropout, receiverNumbers({ ...a, outputs: 0 })), h.hiddenDropout)
  }
}

/** Evaluation: running statistics, nothing dropped. */
export const evaluation = <T>(
  b: Backend<T>,
  h: Hyperparameters,
  a: Anatomy,
  p: Parameters<T>,
  running: Running<T>
): Regime<T, undefined> => {
  const row = (of: T, step: number): T => b.slice(of, [step, 0], [1, a.hidden.length])
  return {
    normalise: (value, step) => ({
      value: h.batchNorm
        ? normaliseBy(b, value, row(running.mean, step), row(running.variance, step), p.scale, p.shift)
        : value,
      made: undefined
    }),
    inputFactors: () => undefined,
    hiddenFactors: () => undefined
  }
}
