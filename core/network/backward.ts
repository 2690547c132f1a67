/** The gradient of a forward pass, by hand: the chain rule through the steps in reverse. */
import type { Backend } from '../port/backend.js'
import type { NormalisedGradient } from '../port/normalisation.js'
import { filled } from '../port/ndarray.js'
import type { Anatomy } from './anatomy.js'
import type { Blocks, InputMessages, Network, Trace } from './forward.js'
import { assemble } from './forward.js'
import type { StepResiduals } from './mode.js'

/** Gradients of effective weights, biases and norm parameters, shaped like them. */
export interface Gradient<T> {
  readonly weights: T
  readonly biases: T
  readonly scale: T
  readonly shift: T
}

/**
 * The gradient by kinds of synapses, not yet put together, so that those of several parts of a batch add up; a type and no
 * interface, so that it is a record of sums.
 */
export type BlockGradients<T> = Pick<Blocks<T>, keyof Blocks<T>> & {
  readonly outputBias: T
  readonly hiddenBias: T
  /** BatchNorm's scale and shift; undefined without it. */
  readonly scale: T | undefined
  readonly shift: T | undefined
}

/** What a gradient of a network wants besides its blocks. */
export interface Wanted {
  readonly outputBias: boolean
  /** No under BatchNorm, which takes the bias out again: what rounding leaves of its gradient is noise. */
  readonly hiddenBias: boolean
  readonly inputs: boolean
}

/** Deltas of a step, by step. */
type Deltas<T> = ReadonlyMap<number, T>

const plus = <T>(b: Backend<T>, x: T | undefined, y: T): T => (x === undefined ? y : b.add(x, y))

const zeros = <T>(b: Backend<T>, rows: number, columns: number): T => b.constant(filled([rows, columns]))

const sumOf = <T>(b: Backend<T>, deltas: readonly T[]): T | undefined =>
  deltas.length === 0 ? undefined : deltas.reduce((sum, delta) => b.add(sum, delta))

/** The deltas of steps in descending order. */
const at = <T>(deltas: Deltas<T>, steps: readonly number[]): readonly T[] =>
  [...steps].reverse().flatMap(step => (deltas.has(step) ? [deltas.get(step) as T] : []))

/** before + sum_l source_l^T delta_l, where it is wanted. */
const outer = <T>(
  b: Backend<T>,
  pairs: readonly (readonly [T, T])[],
  before: T | undefined,
  where: T | undefined
): T | undefined =>
  pairs.reduce<T | undefined>(
    (sum, [source, delta]) =>
      b.kernels.linear(source, delta, {
        transposed: 'a',
        ...(sum === undefined ? {} : { plus: sum }),
        ...(where === undefined ? {} : { where })
      }),
    before
  )

/** dLoss/dh of the outputs by step, given dz: one step, or all under output enhancement (S 11). */
const outputDeltas = <T>(b: Backend<T>, { steps, outputSelfLoops }: Trace<T, unknown>, dz: T): Deltas<T> => {
  const deltas = new Map<number, T>([[steps - 1, dz]])
  for (let l = steps - 2; l >= 0 && outputSelfLoops[l]; l--) {
    deltas.set(l, b.mul(deltas.get(l + 1) as T, (outputSelfLoops[l] as { slope: T }).slope))
  }
  return deltas
}

/** dLoss/dh of the hidden neurons by step, and the gradients of their norms. */
const hiddenDeltas = <T>(
  b: Backend<T>,
  net: Network<T>,
  scale: T,
  { hiddenSteps }: Trace<T, StepResiduals<T>>,
  dOutput: Deltas<T>
): readonly [Deltas<T>, readonly NormalisedGradient<T>[]] => {
  const deltas = new Map<number, T>()
  const norms: NormalisedGradient<T>[] = []
  for (let l = hiddenSteps.length - 1; l >= 0; l--) {
    const { norm: normalised, slope } = (hiddenSteps[l] as (typeof hiddenSteps)[number]).residuals
    const toOutput = dOutput.get(l + 1)
    const toHidden = deltas.get(l + 1)
    const ways = [
      ...(toOutput === undefined ? [] : [[toOutput, net.ho] as const]),
      ...(toHidden === undefined ? [] : [[toHidden, net.hh] as const])
    ]
    const dValue = ways.reduce<T | undefined>(
      (sum, [delta, weights], i) =>
        b.kernels.linear(delta, weights, {
          transposed: 'b',
          ...(sum === undefined ? {} : { plus: sum }),
          ...(i === ways.length - 1 ? { times: slope } : {})
        }),
      undefined
    ) as T
    const norm = normalised && b.kernels.normaliseBack(normalised, scale, dValue)
    if (norm) norms.push(norm)
    deltas.set(l, norm ? norm.input : dValue)
  }
  return [deltas, norms]
}

/**
 * dLoss/dx: the sum over steps of dOutput io' + dHidden ih', each through its own dropout (which is linear) and, where
 * inputs are not clamped, through the slopes of the values that followed.
 */
const inputDelta = <T>(
  b: Backend<T>,
  net: Network<T>,
  inputs: readonly InputMessages<T>[],
  dOutput: Deltas<T>,
  dHidden: Deltas<T>
): T | undefined => {
  let dValue: T | undefined // of the values of the messages looked at last
  for (let i = inputs.length - 1; i >= 0; i--) {
    const { steps, dropout } = inputs[i] as InputMessages<T>
    const slope = inputs[i + 1]?.slope
    const fromLater = dValue === undefined || slope === undefined ? dValue : b.mul(dValue, slope)
    const [toOutput, toHidden] = [sumOf(b, at(dOutput, steps)), sumOf(b, at(dHidden, steps))]
    const ways = [
      ...(toOutput === undefined ? [] : [[toOutput, net.io] as const]),
      ...(toHidden === undefined ? [] : [[toHidden, net.ih] as const])
    ]
    const dMessage = ways.reduce<T | undefined>(
      (sum, [delta, weights]) =>
        b.kernels.linear(delta, weights, { transposed: 'b', ...(sum === undefined ? {} : { plus: sum }) }),
      undefined
    )
    const own = dMessage === undefined || dropout === undefined ? dMessage : b.kernels.drop(dMessage, dropout)
    dValue = own === undefined ? fromLater : plus(b, fromLater, own)
  }
  return dValue
}

/** before + dLoss / d(network) of a trace, and dLoss/dx where it is wanted, given `dz` = dLoss / dz `[B, outputs]`. */
export const backward = <T>(
  b: Backend<T>,
  a: Anatomy,
  net: Network<T>,
  scale: T,
  trace: Trace<T, StepResiduals<T>>,
  dz: T,
  wanted: Wanted,
  before?: BlockGradients<T>
): { readonly gradients: BlockGradients<T>; readonly dx: T | undefined } => {
  const hidden = a.hidden.length
  const { inputs, hiddenSteps } = trace
  const dOutput = outputDeltas(b, trace, dz)
  const [dHidden, norms] = hiddenDeltas(b, net, scale, trace, dOutput)
  // each source takes one product, with the sum of its deltas
  const fromInputs = (deltas: Deltas<T>): readonly (readonly [T, T])[] =>
    [...inputs].reverse().flatMap(({ message, steps }) => {
      const delta = sumOf(b, at(deltas, steps))
      return delta === undefined ? [] : [[message, delta] as const]
    })
  const fromHidden = (deltas: Deltas<T>): readonly (readonly [T, T])[] =>
    [...deltas].flatMap(([l, delta]) =>
      hiddenSteps[l - 1] ? [[(hiddenSteps[l - 1] as { source: T }).source, delta] as const] : []
    )
  const [toOutputs, toHidden] = [fromInputs(dOutput), fromInputs(dHidden)]
  const bias = (pairs: readonly (readonly [T, T])[], known: T | undefined): T | undefined => {
    const delta = sumOf(
      b,
      pairs.map(([, d]) => d)
    )
    return delta === undefined ? known : plus(b, known, b.sumRows(delta))
  }
  const added = (which: 'scale' | 'shift'): T | undefined =>
    norms.reduce<T | undefined>((sum, n) => plus(b, sum, n[which]), before?.[which])
  return {
    gradients: {
      io: outer(b, toOutputs, before?.io, net.where?.io) ?? zeros(b, a.inputs, a.outputs),
      ih: outer(b, toHidden, before?.ih, net.where?.ih) ?? zeros(b, a.inputs, hidden),
      ho: outer(b, fromHidden(dOutput), before?.ho, net.where?.ho) ?? zeros(b, hidden, a.outputs),
      hh: outer(b, fromHidden(dHidden), before?.hh, net.where?.hh) ?? zeros(b, hidden, hidden),
      outputBias: bias(wanted.outputBias ? toOutputs : [], before?.outputBias) ?? zeros(b, 1, a.outputs),
      hiddenBias: bias(wanted.hiddenBias ? toHidden : [], before?.hiddenBias) ?? zeros(b, 1, hidden),
      scale: added('scale'),
      shift: added('shift')
    },
    dx: wanted.inputs ? (inputDelta(b, net, inputs, dOutput, dHidden) ?? zeros(b, b.shape(dz)[0], a.inputs)) : undefined
  }
}

/** Block gradients put together, shaped like the parameters. */
export const joinBlocks = <T>(b: Backend<T>, a: Anatomy, gradients: BlockGradients<T>): Gradient<T> => ({
  weights: assemble(b, gradients),
  biases: b.concat([gradients.outputBias, gradients.hiddenBias], 1),
  scale: gradients.scale ?? zeros(b, 1, a.hidden.length),
  shift: gradients.shift ?? zeros(b, 1, a.hidden.length)
})
