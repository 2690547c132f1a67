/** How hidden values are normalised and messages dropped: in training, in evaluation. */
import type { Backend } from '../port/backend.js'
import type { Normalised, Running } from '../port/normalisation.js'
import { normaliseBy } from '../port/normalisation.js'
import type { Dropout } from '../port/random.js'
import { address, Purpose } from '../port/random.js'
import type { Anatomy } from './anatomy.js'
import { inputNumbers } from './anatomy.js'
import type { Mode } from './forward.js'
import type { Hyperparameters } from './hyperparameters.js'
import type { UpdateId } from './layer.js'
import type { Parameters } from './parameters.js'

/** What a training pass leaves behind at each hidden step. */
export interface StepResiduals<T> {
  /** Undefined without BatchNorm. */
  readonly norm: Normalised<T> | undefined
  /** Derivative of the messages with respect to the normalised h. `[B, hidden]` */
  readonly slope: T
}

/** The number of the sample that a step's dropout is of. */
const sampleOf = (per: 'pass' | 'step', step: number): number => (per === 'pass' ? 0 : step)

/**
 * Training: statistics of the batch, dropout of the messages' sources. `rows` are the data set's row numbers: a row's
 * dropout does not depend on its batch.
 */
export const training = <T>(
  b: Backend<T>,
  h: Hyperparameters,
  a: Anatomy,
  p: Parameters<T>,
  { seed, epoch, updates }: UpdateId
): ((rows: readonly number[]) => Mode<T, StepResiduals<T>>) => {
  const dropoutOf = (
    purpose: number,
    rows: readonly number[],
    columns: readonly number[]
  ): ((sample: number) => Dropout) => {
    const drawn = new Map<number, Dropout>()
    return sample => {
      const dropout = drawn.get(sample) ?? {
        key: address(seed, epoch, purpose, updates, sample),
        rows,
        columns,
        rate: h.dropout
      }
      drawn.set(sample, dropout)
      return dropout
    }
  }
  return rows => {
    const ofInputs = dropoutOf(Purpose.inputDropout, rows, inputNumbers(a))
    const ofHidden = dropoutOf(Purpose.hiddenDropout, rows, a.hidden)
    return {
      activateStep: (value, step) => {
        const norm = h.batchNorm ? b.kernels.normalise(value, p.scale, p.shift) : undefined
        const dropout = h.dropout === 0 ? undefined : ofHidden(sampleOf(h.hiddenDropout, step))
        const { value: source, slope } = b.kernels.activate(h.activation, norm?.value ?? value, dropout)
        return { source, residuals: { norm, slope } }
      },
      activateInputs: x => b.kernels.activate(h.activation, x),
      inputDropout: step => {
        if (h.dropout === 0) return undefined
        const sample = sampleOf(h.inputDropout, step)
        return { sample, dropout: ofInputs(sample) }
      }
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
    activateInputs: x => ({ value: b.kernels.act(h.activation, x), slope: undefined }),
    inputDropout: () => undefined
  }
}
