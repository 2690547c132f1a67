/**
 * L steps of message passing (M 7, 8). Only what can still reach the outputs is computed: the first L - 1 steps need
 * hidden columns only, the last output columns only, unless outputs feed themselves (S 11).
 */
import type { Anatomy } from './anatomy.js'
import { receivers, senders } from './anatomy.js'
import type { Activated } from '../port/activation.js'
import type { Backend } from '../port/backend.js'
import type { Hyperparameters } from './hyperparameters.js'
import type { Dropout } from '../port/random.js'

/** A weight matrix over synapses by kind: input and hidden senders, output and hidden receivers. */
export interface Blocks<T> {
  readonly io: T
  readonly ih: T
  readonly ho: T
  readonly hh: T
}

/** Effective weights with biases `[1, outputs]` and `[1, hidden]`. */
export interface Network<T> extends Blocks<T> {
  readonly outputBias: T
  readonly hiddenBias: T
}

/** What happens to a hidden value between h and its message: normalisation, activation, dropout. */
export interface Mode<T, N> {
  /** The messages made of the h of a step (0 is the first); `made` is what their gradient needs. */
  readonly activateStep: (h: T, step: number) => HiddenStep<T, N>
  /** Dropout of the inputs' messages of a step, if any; the same record for steps that share a sample. */
  readonly inputs: (step: number) => Dropout | undefined
}

/** One hidden step: what came out of it and what its gradient needs. */
export interface HiddenStep<T, N> {
  readonly residuals: N
  /** The messages that leave it. `[B, hidden]` */
  readonly source: T
}

/** A forward pass, with what the backward pass needs. */
export interface Trace<T, N> {
  /** Outputs z. `[B, outputs]` */
  readonly z: T
  /** The inputs' messages by step. */
  readonly inputs: readonly T[]
  /** Steps 0 .. L - 2; empty when no hidden neuron lives. */
  readonly hiddenSteps: readonly HiddenStep<T, N>[]
  /** act of the outputs after steps 0 .. L - 2; empty without output enhancement. */
  readonly outputSelfLoops: readonly Activated<T>[]
}

/** The four blocks of a matrix over synapses `[inputs + hidden, outputs + hidden]`. */
export const blocks = <T>(b: Backend<T>, a: Anatomy, m: T): Blocks<T> => {
  const [inputs, outputs, hidden] = [a.inputs, a.outputs, a.hidden.length]
  return {
    io: b.slice(m, [0, 0], [inputs, outputs]),
    ih: b.slice(m, [0, outputs], [inputs, hidden]),
    ho: b.slice(m, [inputs, 0], [hidden, outputs]),
    hh: b.slice(m, [inputs, outputs], [hidden, hidden])
  }
}

/** The matrix over synapses `[inputs + hidden, outputs + hidden]` of four blocks. */
export const assemble = <T>(b: Backend<T>, { io, ih, ho, hh }: Blocks<T>): T =>
  b.concat([b.concat([io, ih], 1), b.concat([ho, hh], 1)], 0)

/** Effective weights `[senders, receivers]` and biases `[1, receivers]` as a network. */
export const network = <T>(b: Backend<T>, a: Anatomy, weights: T, biases: T): Network<T> => ({
  ...blocks(b, a, weights),
  outputBias: b.slice(biases, [0, 0], [1, a.outputs]),
  hiddenBias: b.slice(biases, [0, a.outputs], [1, receivers(a) - a.outputs])
})

/**
 * The inputs' messages by step; their values are clamped, or activated once more at each (S 3). Equal steps share one
 * tensor, and so one product.
 */
const messages = <T, N>(b: Backend<T>, h: Hyperparameters, regime: Mode<T, N>, x: T): readonly T[] => {
  const made: T[] = []
  let last: { readonly value: T; readonly dropout: Dropout | undefined; readonly message: T } | undefined
  for (let l = 0; l < h.steps; l++) {
    const value = last === undefined ? x : h.clampedInputs ? last.value : b.kernels.act(h.activation, last.value)
    const dropout = regime.inputs(l)
    if (last?.value !== value || last.dropout !== dropout)
      last = { value, dropout, message: dropout === undefined ? value : b.kernels.drop(value, dropout) }
    made.push(last.message)
  }
  return made
}

/** Remembers a function's last result: equal arguments come one after another. */
const latest = <A, B>(f: (a: A) => B): ((a: A) => B) => {
  let known: readonly [A, B] | undefined
  return a => {
    if (known?.[0] !== a) known = [a, f(a)]
    return known[1]
  }
}

/** z = outputs after L steps from x `[B, inputs]`. */
export const forward = <T, N>(
  b: Backend<T>,
  h: Hyperparameters,
  a: Anatomy,
  net: Network<T>,
  regime: Mode<T, N>,
  x: T
): Trace<T, N> => {
  const inputs = messages(b, h, regime, x)
  const last = h.steps - 1
  const alive = senders(a) > a.inputs
  const toHidden = latest((message: T) => b.kernels.linear(message, net.ih, { plus: net.hiddenBias }))
  const toOutputs = latest((message: T) => b.kernels.linear(message, net.io, { plus: net.outputBias }))
  const waves: HiddenStep<T, N>[] = []
  for (let l = 0; alive && l < last; l++) {
    const driven = toHidden(inputs[l] as T)
    const before = waves[l - 1]
    const all = before ? b.kernels.linear(before.source, net.hh, { plus: driven }) : driven
    waves.push(regime.activateStep(all, l))
  }
  const output = (l: number): T => {
    const driven = toOutputs(inputs[l] as T)
    const wave = waves[l - 1]
    return wave ? b.kernels.linear(wave.source, net.ho, { plus: driven }) : driven
  }
  const echoes: Activated<T>[] = []
  const echoed = (l: number): T => {
    const echo = echoes[l - 1]
    return echo ? b.add(output(l), echo.value) : output(l)
  }
  for (let l = 0; h.outputEnhancement && l < last; l++) echoes.push(b.kernels.activate(h.activation, echoed(l)))
  return { z: echoed(last), inputs, hiddenSteps: waves, outputSelfLoops: echoes }
}
