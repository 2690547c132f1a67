/** The gradient of a forward pass, by hand: the chain rule through the steps in reverse. */
import type { Anatomy } from './anatomy.js'
import type { Backend } from '../port/backend.js'
import type { Blocks, Network, Trace } from './forward.js'
import { assemble } from './forward.js'
import { filled } from '../port/ndarray.js'
import type { NormalisedGradient } from '../port/normalisation.js'
import type { StepResiduals } from './regime.js'

/** Gradients of effective weights, biases and norm parameters, shaped like them. */
export interface Gradient<T> {
  readonly weights: T
  readonly biases: T
  readonly scale: T
  readonly shift: T
}

/** The gradient by kinds of synapses, not yet put together, so that those of several parts of a batch add up. */
export interface BlockGradients<T> extends Blocks<T> {
  readonly outputBias: T
  readonly hiddenBias: T
  /** Undefined without BatchNorm. */
  readonly norm: { readonly scale: T; readonly shift: T } | undefined
}

const plus = <T>(b: Backend<T>, x: T | undefined, y: T): T => (x === undefined ? y : b.add(x, y))

const zeros = <T>(b: Backend<T>, rows: number, columns: number): T => b.constant(filled([rows, columns]))

/** Deltas of messages from one source added up, so that each source takes one product. */
const bySource = <T>(
  b: Backend<T>,
  pairs: readonly (readonly [T, T])[]
): readonly (readonly [source: T, delta: T])[] => {
  const sums = new Map<T, T>()
  for (const [source, delta] of pairs) sums.set(source, plus(b, sums.get(source), delta))
  return [...sums]
}

/** before + sum_l source_l^T delta_l */
const outer = <T>(b: Backend<T>, pairs: readonly (readonly [T, T])[], before: T | undefined): T | undefined =>
  pairs.reduce<T | undefined>(
    (sum, [source, delta]) =>
      b.kernels.linear(source, delta, { transposed: 'a', ...(sum === undefined ? {} : { plus: sum }) }),
    before
  )

/** before + dLoss / d(network) of a trace, given `dz` = dLoss / dz `[B, outputs]`; biases of outputs stay as they are unless wanted. */
export const backward = <T>(
  b: Backend<T>,
  a: Anatomy,
  net: Network<T>,
  scale: T,
  { inputs, hiddenSteps: waves, outputSelfLoops: echoes }: Trace<T, StepResiduals<T>>,
  dz: T,
  outputBias: boolean,
  before?: BlockGradients<T>
): BlockGradients<T> => {
  const hidden = a.hidden.length
  const last = inputs.length - 1
  const dOutput = new Map<number, T>([[last, dz]]) // by step
  for (let l = last - 1; l >= 0 && echoes[l]; l--) {
    dOutput.set(l, b.mul(dOutput.get(l + 1) as T, (echoes[l] as { slope: T }).slope))
  }
  const dHidden = new Map<number, T>()
  const norms: NormalisedGradient<T>[] = []
  for (let l = waves.length - 1; l >= 0; l--) {
    const { norm: made, slope } = (waves[l] as (typeof waves)[number]).residuals
    const toOutput = dOutput.get(l + 1)
    const toHidden = dHidden.get(l + 1)
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
  const [toOutputs, toHidden] = [bySource(b, fromInputs(dOutput)), bySource(b, fromInputs(dHidden))]
  const bias = (pairs: readonly (readonly [T, T])[], known: T | undefined): T | undefined =>
    pairs.length === 0
      ? known
      : plus(b, known, b.sumRows(pairs.map(([, delta]) => delta).reduce((sum, delta) => b.add(sum, delta))))
  const added = (which: 'scale' | 'shift'): T =>
    norms.reduce<T | undefined>((sum, n) => plus(b, sum, n[which]), before?.norm?.[which]) as T
  return {
    io: outer(b, toOutputs, before?.io) ?? zeros(b, a.inputs, a.outputs),
    ih: outer(b, toHidden, before?.ih) ?? zeros(b, a.inputs, hidden),
    ho: outer(b, bySource(b, fromHidden(dOutput)), before?.ho) ?? zeros(b, hidden, a.outputs),
    hh: outer(b, bySource(b, fromHidden(dHidden)), before?.hh) ?? zeros(b, hidden, hidden),
    outputBias: bias(outputBias ? toOutputs : [], before?.outputBias) ?? zeros(b, 1, a.outputs),
    hiddenBias: bias(toHidden, before?.hiddenBias) ?? zeros(b, 1, hidden),
    norm: norms.length === 0 ? undefined : { scale: added('scale'), shift: added('shift') }
  }
}

/** A flow put together, shaped like the parameters. */
export const joinBlocks = <T>(b: Backend<T>, a: Anatomy, flow: BlockGradients<T>): Gradient<T> => {
  const none = (): T => zeros(b, 1, a.hidden.length)
  return {
    weights: assemble(b, flow),
    biases: b.concat([flow.outputBias, flow.hiddenBias], 1),
    scale: flow.norm?.scale ?? none(),
    shift: flow.norm?.shift ?? none()
  }
}
