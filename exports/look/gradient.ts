/** How the outputs of a program change with its inputs: the adjoint of compute.ts, in Float64. */
import { range } from '../../core/port/ndarray.js'
import type { Program } from '../program.js'
import { activatedWithSlope } from '../../core/port/scalars.js'

/** An output of a row, and its slope in each of the row's numbers. */
export interface Gradient {
  readonly z: number
  /** `[inputs]`, in the numbers' own units: before any standardisation. */
  readonly slopes: Float64Array
}

/** The gradient of an output (0 the first of them) at a row. */
export type Differentiated = (row: ArrayLike<number>, output: number) => Gradient

/**
 * Makes the gradients of a program ready: one pass forward, which keeps the slopes of all activations step by step, and one
 * back. z is what `computeRow` gives, to the last bit.
 */
export const gradientRow = (p: Program): Differentiated => {
  const { inputs, hidden, outputs, steps } = p
  const first = inputs.length
  const from = Uint32Array.from(p.synapses, s => s.from)
  const receiver = Uint32Array.from(p.synapses, s => s.to - first)
  const weight = Float64Array.from(p.synapses, s => s.weight)
  const bias = Float64Array.from([...hidden, ...outputs], n => n.bias)
  const perStep = (n: number): readonly Float64Array[] => range(steps).map(() => new Float64Array(n))
  const messages = perStep(first + hidden.length) // those that a step reads
  const slopes = perStep(first + hidden.length) // of what a step sends in what it was made of; 1 of clamped inputs
  const loopSlopes = new Float64Array(steps) // of z of a step in that of the step before
  const sums = new Float64Array(bias.length)
  const sumSlopes = new Float64Array(bias.length)

  /** Gives z of the output. */
  const forward = (row: ArrayLike<number>, output: number): number => {
    inputs.forEach(
      ({ offset, factor }, i) => ((messages[0] as Float64Array)[i] = ((row[i] as number) - offset) * factor)
    )
    let z = 0
    for (let step = 0; step < steps; step++) {
      const read = messages[step] as Float64Array
      sums.set(bias)
      for (let k = 0; k < weight.length; k++) {
        const r = receiver[k] as number
        sums[r] = (sums[r] as number) + (weight[k] as number) * (read[from[k] as number] as number)
      }
      const loop = p.outputLoops && step > 0 ? activatedWithSlope(p.activation, z) : { value: 0, slope: 0 }
      loopSlopes[step] = loop.slope
      z = (sums[hidden.length + output] as number) + loop.value
      if (step === steps - 1) break
      const [sent, slope] = [messages[step + 1] as Float64Array, slopes[step] as Float64Array]
      for (let i = 0; i < first; i++) {
        const x = read[i] as number
        const made = p.clampedInputs ? { value: x, slope: 1 } : activatedWithSlope(p.activation, x)
        sent[i] = made.value
        slope[i] = made.slope
      }
      hidden.forEach(({ norms }, j) => {
        const [s, norm] = [sums[j] as number, norms?.[step]]
        const made = activatedWithSlope(p.activation, norm ? norm.scale * s + norm.shift : s)
        sent[first + j] = made.value
        slope[first + j] = made.slope * (norm?.scale ?? 1)
      })
    }
    return z
  }

  return (row, output) => {
    const z = forward(row, output)
    let behind = new Float64Array(first + hidden.length) // d z / d messages that a step sends
    let loop = 1 // d z / d the output's z in a step
    for (let step = steps - 1; step >= 0; step--) {
      const slope = slopes[step] as Float64Array
      const here = new Float64Array(first + hidden.length)
      for (let i = 0; i < first; i++) here[i] = step === steps - 1 ? 0 : (behind[i] as number) * (slope[i] as number)
      sumSlopes.fill(0)
      for (let j = 0; j < hidden.length; j++)
        sumSlopes[j] = step === steps - 1 ? 0 : (behind[first + j] as number) * (slope[first + j] as number)
      sumSlopes[hidden.length + output] = loop
      for (let k = 0; k < weight.length; k++) {
        const by = sumSlopes[receiver[k] as number] as number
        if (by !== 0) here[from[k] as number] = (here[from[k] as number] as number) + (weight[k] as number) * by
      }
      loop *= loopSlopes[step] as number
      behind = here
    }
    return { z, slopes: Float64Array.from(inputs, ({ factor }, i) => (behind[i] as number) * factor) }
  }
}
