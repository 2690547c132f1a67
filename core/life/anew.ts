/** A life begun anew: as the first epoch finds it, whatever has been learned so far. */
import type { TrainedPerceptron } from './birth-and-death.js'
import { trainedTensors } from './birth-and-death.js'
import type { StageLife, StageMoment } from './stage.js'
import { mapNamed } from '../network/model.js'
import type { NdArray } from '../port/ndarray.js'
import { range } from '../port/ndarray.js'

/** The network that a life begins with, in the place of another one; its neurons are numbered from 0 again, nothing is remembered. */
export const begunAnew = <T>(
  { backend: b, optimiser, initial }: StageLife<T>,
  { model: { facts: past } }: TrainedPerceptron<T>,
  { seed }: Pick<StageMoment, 'seed'>
): TrainedPerceptron<T> => {
  const { facts, parameters, buffers } = initial(seed, past.inputs, past.outputs)
  const upload = (m: NdArray): T => b.constant(m)
  return b.scope(
    () => ({
      model: { facts, parameters: mapNamed(parameters, upload), buffers: mapNamed(buffers, upload) },
      moments: mapNamed(parameters, (m: NdArray) => range(optimiser.memory).map(() => b.affine(upload(m), 0, 0)))
    }),
    trainedTensors
  )
}
