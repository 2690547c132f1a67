/** The gradient of a forward pass, by hand: the chain rule through the steps in reverse. */
import type { Anatomy } from './anatomy.js'
import type { Backend } from './backend.js'
import type { Blocks, Network, Trace } from './forward.js'
import { assemble } from './forward.js'
import type { Normalised, NormalisedGradient } from './normalisation.js'
import { filled } from './ndarray.js'

/** Gradients of effective weights, biases and norm parameters, shaped like them. */
export interface Gradient<T> {
  readonly weights: T
  readonly biases: T
  readonly scale: T
  readonly shift: T
}

/** What a training pass's normalisation leaves behind; undefined without BatchNorm. */
export type Made<T> = Normalised<T> | undefined

const sumOf = <T>(b: Backend<T>, terms: readonly T[], shape: readonly [number, number]): T =>
  terms.length === 0 ? b.constant(filled(shape)) : terms.reduce(b.add)

/** sum_l source_l^T delta_l, with deltas of a shared source added before the one product. */
const outer = <T>(b: Backend<T>, pairs: readonly (readonly [T, T])[], shape: readonly [number, number]): T => {
  const bySource = new Map<T, T>()
  for (const [source, delta] of pairs) {
    const known = bySource.get(source)
    bySource.set(source, known === undefined ? delta : b.add(known, delta))
  }
  return sumOf(
    b,
    [...bySource].map(([source, delta]) => b.matMul(source, delta, 'a')),
    shape
  )
}

/** dLoss / d(network) of a trace, given `dz` = dLoss / dz `[B, outputs]`. */
export const backward = <T>(
  b: Backend<T>,
  a: Anatomy,
  net: Network<T>,
  scale: T,
  { inputs, waves, echoes }: Trace<T, Made<T>>,
  dz: T
): Gradient<T> => {
  const hidden = a.hidden.length
  const last = inputs.length - 1
  const dOutput = new Map<number, T>([[last, dz]]) // by step
  for (let l = last - 1; l >= 0 && echoes[l]; l--) {
    dOutput.set(l, b.mul(dOutput.get(l + 1) as T, (echoes[l] as { slope: T }).slope))
  }
  const dHidden = new Map<number, T>()
  const norms: NormalisedGradient<T>[] = []
  for (let l = waves.length - 1; l >= 0; l--) {
    const { made, slope, factors } = waves[l] as (typeof waves)[number]
    const toOutput = dOutput.get(l + 1)
    const toHidden = dHidden.get(l + 1)
    const dSource = sumOf(
      b,
      [
        ...(toOutput === undefined ? [] : [b.matMul(toOutput, net.ho, 'b')]),
        ...(toHidden === undefined ? [] : [b.matMul(toHidden, net.hh, 'b')])
      ],
      b.shape(slope)
    )
    const dValue = b.mul(factors === undefined ? dSource : b.mul(dSource, factors), slope)
    const norm = made && b.kernels.normaliseBack(made, scale, dValue)
    if (norm) norms.push(norm)
    dHidden.set(l, norm ? norm.input : dValue)
  }
  const fromInputs = (deltas: Map<number, T>): readonly (readonly [T, T])[] =>
    [...deltas].map(([l, delta]) => [inputs[l] as T, delta])
  const fromHidden = (deltas: Map<number, T>): readonly (readonly [T, T])[] =>
    [...deltas].flatMap(([l, delta]) =>
      waves[l - 1] ? [[(waves[l - 1] as { source: T }).source, delta] as const] : []
    )
  const gradient: Blocks<T> = {
    io: outer(b, fromInputs(dOutput), [a.inputs, a.outputs]),
    ih: outer(b, fromInputs(dHidden), [a.inputs, hidden]),
    ho: outer(b, fromHidden(dOutput), [hidden, a.outputs]),
    hh: outer(b, fromHidden(dHidden), [hidden, hidden])
  }
  const bias = (deltas: Map<number, T>, n: number): T =>
    deltas.size === 0 ? b.constant(filled([1, n])) : b.sumRows([...deltas.values()].reduce(b.add))
  return {
    weights: assemble(b, gradient),
    biases: b.concat([bias(dOutput, a.outputs), bias(dHidden, hidden)], 1),
    scale: sumOf(
      b,
      norms.map(n => n.scale),
      [1, hidden]
    ),
    shift: sumOf(
      b,
      norms.map(n => n.shift),
      [1, hidden]
    )
  }
}
