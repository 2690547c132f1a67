/** How hidden values are normalised and messages dropped: in training, in evaluation. */
import type { Anatomy } from './anatomy.js'
import { inputNumbers } from './anatomy.js'
import type { Backend } from '../port/backend.js'
import type { Normalised } from '../port/normalisation.js'

import type { Mode } from './forward.js'
import type { Hyperparameters } from './hyperparameters.js'
import { normaliseBy } from '../port/normalisation.js'
import type { Parameters } from './parameters.js'
import type { Dropout, Key } from '../port/random.js'
import { address, Purpose } from '../port/random.js'
import type { Running } from '../port/normalisation.js'

/** When a training pass happens. */
export interface UpdateId {
  readonly seed: number
  readonly epoch: number
  readonly update: number
}

const memo = <A>(f: (step: number) => A): ((step: number) => A) => {
  const known = new Map<number, A>()
  return step => {
    const found = known.get(step) ?? f(step)
    known.set(step, found)
    return found
  }
}

/**
 * Training: statistics of the batch, dropout of the messages' sources. `rows` are the data set's row numbers: a row's
 * dropout does not depend on its batch.
 */
export const training = <T>(
  b: Backend<T>,
  h: Hyperparameters,
  a: Anatomy,
  p: Parameters<T>,
  { seed, epoch, update }: UpdateId
): ((rows: readonly number[]) => Mode<T, StepResiduals<T>>) => {
  const key = (purpose: number) => memo(step => address(seed, epoch, purpose, update, step))
  const [inputKey, hiddenKey] = [key(Purpose.inputDropout), key(Purpose.hiddenDropout)]
  const sampled = (
    keyAt: (step: number) => Key,
    rows: readonly number[],
    columns: readonly number[],
    per: 'pass' | 'step'
  ): ((step: number) => Dropout | undefined) => {
    if (h.dropout === 0) return () => undefined
    const of = memo(step => ({ key: keyAt(step), rows, columns, rate: h.dropout }))
    return step => of(per === 'pass' ? 0 : step)
  }
  return rows => {
    const dropout = sampled(hiddenKey, rows, a.hidden, h.hiddenDropout)
    return {
      activateStep: (value, step) => {
        const norm = h.batchNorm ? b.kernels.normalise(value, p.scale, p.shift) : undefined
        const { value: source, slope } = b.kernels.activate(h.activation, norm?.value ?? value, dropout(step))
        return { source, residuals: { norm, slope } }
      },
      inputs: sampled(inputKey, rows, inputNumbers(a), h.inputDropout)
    }
  }
}

/** Evaluation: running statistics, nothing dropped. */
export const evaluation = <T>(
  b: Backend<T>,
  h: Hyperparameters,
  a: Anatomy,
  p: Parameters<T>,
  running: Running<T>
): Mode<T, undefined> => {
  const row = (of: T, step: number): T => b.slice(of, [step, 0], [1, a.hidden.length])
  return {
    activateStep: (value, step) => {
      const normal = h.batchNorm
        ? normaliseBy(b, value, row(running.mean, step), row(running.variance, step), p.scale, p.shift)
        : value
      return { source: b.kernels.act(h.activation, normal), residuals: undefined }
    },
    inputs: () => undefined
  }
}

/** What a training pass leaves behind at each hidden step. */
export interface StepResiduals<T> {
  /** Undefined without BatchNorm. */
  readonly norm: Normalised<T> | undefined
  /** Derivative of the messages with respect to the normalised h. `[B, hidden]` */
  readonly slope: T
}
