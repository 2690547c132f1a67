/** Weights as whole numbers: symmetric, one factor for each receiver, as most of what runs small networks has it. */
import { range } from '../core/port/ndarray.js'
import type { Program } from './program.js'
import type { Precision } from './writer.js'

/** A program with its weights as whole numbers. */
export interface Quantised {
  /** In the order of the synapses, from -127 to 127, or from -7 to 7. */
  readonly levels: Int8Array
  /** Of each receiver, hidden neurons first: a weight is its level times this. Float32 numbers. */
  readonly scales: Float32Array
  /** The program of these weights, for what the loss of precision costs. */
  readonly program: Program
}

const largestOf: Readonly<Record<Exclude<Precision, 'float32'>, number>> = { int8: 127, int4: 7 }

/** Shares of the largest weight at which larger ones are cut: what is tried, the first of equals taken. */
const CUTS: readonly number[] = range(12).map(k => 1 - k * 0.05)

const levelOf = (weight: number, scale: number, largest: number): number =>
  scale === 0 ? 0 : Math.max(-largest, Math.min(largest, Math.round(weight / scale)))

const squares = (weights: readonly number[], scale: number, largest: number): number =>
  weights.reduce((sum, w) => sum + (w - scale * levelOf(w, scale, largest)) ** 2, 0)

/** The factor of least squared error among those that cut off the largest weights. */
const scaleOf = (weights: readonly number[], largest: number): number => {
  const most = weights.reduce((m, w) => Math.max(m, Math.abs(w)), 0)
  const tried = CUTS.map(cut => Math.fround((cut * most) / largest))
  const errors = tried.map(scale => squares(weights, scale, largest))
  return tried[errors.indexOf(Math.min(...errors))] as number
}

/**
 * A program with weights of 8 or 4 bits; biases stay as they are. One whose standardisation is kept apart
 * (`programOf(net, { inputs: false })`) loses least: there the weights of all inputs are of one size.
 */
export const quantise = (p: Program, precision: Exclude<Precision, 'float32'>): Quantised => {
  const largest = largestOf[precision]
  const first = p.inputs.length
  const weights = range(p.hidden.length + p.outputs.length).map((): number[] => [])
  for (const { to, weight } of p.synapses) weights[to - first]?.push(weight)
  const scales = Float32Array.from(weights, own => scaleOf(own, largest))
  const scale = (to: number): number => scales[to - first] as number
  const levels = Int8Array.from(p.synapses, ({ to, weight }) => levelOf(weight, scale(to), largest))
  const synapses = p.synapses.map((s, k) => ({ ...s, weight: Math.fround((levels[k] as number) * scale(s.to)) }))
  return { levels, scales, program: { ...p, synapses } }
}
