/** The course of a training as an event file, which TensorBoard shows: `tensorboard --logdir FOLDER`. */
import { joinBytes } from '../../codecs/bytes.js'
import { failure, FailureError } from '../../core/port/failure.js'
import type { Scalar } from './event-file.js'
import { record, scalarEvent, versionEvent } from './event-file.js'
import type { ExportedFile, WriterOptions } from '../writer.js'
import { identifierOf } from '../writer.js'

/** An epoch as TensorBoard is to see it. */
export interface ScalarLine {
  /** From 0. */
  readonly epoch: number
  /** Milliseconds of training up to its end; left out: 0. The file knows no other clock. */
  readonly elapsed?: number | undefined
  /** Those of one name become a curve; a name's part before a slash is its group. */
  readonly scalars: readonly Scalar[]
}

/**
 * events.out.tfevents.0.NAME: a step an epoch. TensorBoard holds numbers as Float32, and its wall time counts from the
 * beginning of the training.
 * @throws FailureError where an epoch is not a whole number from 0
 */
export const writeTensorboard = (lines: readonly ScalarLine[], { name }: WriterOptions): readonly ExportedFile[] => {
  const events = lines.map(({ epoch, elapsed = 0, scalars }, k) => {
    if (!Number.isSafeInteger(epoch) || epoch < 0) {
      const what = `the epoch is ${epoch}, not a whole number from 0`
      throw new FailureError(failure('input', `line ${k + 1} of the trajectory`, what, 'Number epochs 1, 2, 3'))
    }
    return scalarEvent(epoch, elapsed / 1000, scalars)
  })
  const content = joinBytes([versionEvent(), ...events].map(record))
  return [{ name: `events.out.tfevents.0.${identifierOf(name)}`, content }]
}
