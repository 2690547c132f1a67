/** BatchNorm in evaluation, as one factor and one summand. */
import { EPSILON } from '../port/normalisation.js'
import type { NdArray } from '../port/ndarray.js'
import type { GraphPerceptron } from './parameters.js'

/** What running statistics make of the sum x of the hidden neuron at position `j` after step 0 .. L - 2: scale x + shift. */
export const normAt = (
  { parameters, buffers: { mean, variance } }: Pick<GraphPerceptron<NdArray>, 'parameters' | 'buffers'>,
  step: number,
  j: number
): { readonly scale: number; readonly shift: number } => {
  const at = step * mean.shape[1] + j
  const scale = (parameters.scale.data[j] as number) / Math.sqrt((variance.data[at] as number) + EPSILON)
  return { scale, shift: (parameters.shift.data[j] as number) - (mean.data[at] as number) * scale }
}
