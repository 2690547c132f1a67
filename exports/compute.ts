/** A program computed on the host, in Float64: what exports are held against, and what an imported network answers with. */
import type { NdArray } from '../core/port/ndarray.js'
import { activated } from '../core/port/scalars.js'
import type { Program } from './program.js'

/** Outputs z of a program, row by row. */
export type Computed = (row: ArrayLike<number>) => Float64Array

/**
 * Makes a program ready: z `[outputs]` of a row `[inputs]` in its own units. The same array is given each time, so keep a
 * copy of what is needed later.
 */
export const computeRow = (p: Program): Computed => {
  const { inputs, hidden, outputs, synapses, steps, activation } = p
  const act = (x: number): number => activated(activation, x)
  const [firstHidden, firstOutput] = [inputs.length, inputs.length + hidden.length]
  const starts = new Uint32Array(hidden.length + outputs.length + 1)
  for (const { to } of synapses) starts[to - firstHidden + 1] = (starts[to - firstHidden + 1] as number) + 1
  for (let j = 1; j < starts.length; j++) starts[j] = (starts[j] as number) + (starts[j - 1] as number)
  const from = Uint32Array.from(synapses, s => s.from)
  const weight = Float64Array.from(synapses, s => s.weight)
  const bias = Float64Array.from([...hidden, ...outputs], n => n.bias)
  const messages = new Float64Array(firstOutput)
  const next = new Float64Array(hidden.length)
  const z = new Float64Array(outputs.length)
  /** Sum of the j-th receiver, hidden neurons first. */
  const sum = (j: number): number => {
    let s = bias[j] as number
    const end = starts[j + 1] as number
    for (let k = starts[j] as number; k < end; k++) s += (weight[k] as number) * (messages[from[k] as number] as number)
    return s
  }
  return row => {
    inputs.forEach(({ offset, factor }, i) => (messages[i] = ((row[i] as number) - offset) * factor))
    messages.fill(0, firstHidden)
    for (let step = 1; step <= steps; step++) {
      if (step > 1 && !p.clampedInputs) for (let i = 0; i < firstHidden; i++) messages[i] = act(messages[i] as number)
      if (p.outputLoops || step === steps)
        for (let j = 0; j < outputs.length; j++) {
          const loop = p.outputLoops && step > 1 ? act(z[j] as number) : 0
          z[j] = sum(hidden.length + j) + loop
        }
      if (step === steps) break
      hidden.forEach(({ norms }, j) => {
        const s = sum(j)
        const norm = norms?.[step - 1]
        next[j] = act(norm ? norm.scale * s + norm.shift : s)
      })
      messages.set(next, firstHidden)
    }
    return z
  }
}

/** z `[rows, outputs]` of rows `[rows, inputs]` in their own units. */
export const compute = (p: Program, { shape: [rows, columns], data }: NdArray): NdArray => {
  const of = computeRow(p)
  const outputs = p.outputs.length
  const z = new Float64Array(rows * outputs)
  for (let i = 0; i < rows; i++) z.set(of(data.subarray(i * columns, (i + 1) * columns)), i * outputs)
  return { shape: [rows, outputs], data: z }
}
