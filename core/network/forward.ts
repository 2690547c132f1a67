/**
 * L steps of message passing (M 7, 8). Only what can still reach the outputs is computed: the first L - 1 steps need
 * hidden columns only, the last output columns only, unless outputs feed themselves (S 11).
 */
import type { Activated } from '../port/activation.js'
import type { Backend } from '../port/backend.js'
import type { Dropout } from '../port/random.js'
import type { Anatomy } from './anatomy.js'
import { receivers, senders } from './anatomy.js'
import type { NetworkSettings } from './hyperparameters.js'

/** Synapses from which on looking for dead ones costs less than it may save. */
const WORTH_LISTS = 4096

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
  /** Where gradients of the weights are wanted, 0 elsewhere; undefined where that is everywhere. */
  readonly where?: Blocks<T>
}

/** What happens to values on their way to being messages: normalisation, activation, dropout; in training, in evaluation. */
export interface Mode<T, N> {
  /** The messages made of the h of a step (0 is the first); `residuals` is what their gradient needs. */
  readonly activateStep: (h: T, step: number) => HiddenStep<T, N>
  /** act of the inputs, where they are not clamped (S 3); the slope only where a gradient will want it. */
  readonly activateInputs: (x: T) => { readonly value: T; readonly slope: T | undefined }
  /** Dropout of the inputs' messages of a step, if any; steps that share a sample have the same `sample`. */
  readonly inputDropout: (step: number) => { readonly sample: number; readonly dropout: Dropout } | undefined
}

/** One hidden step: what came out of it and what its gradient needs. */
export interface HiddenStep<T, N> {
  readonly residuals: N
  /** The messages that leave it. `[B, hidden]` */
  readonly source: T
}

/** The inputs' messages of one or more steps that follow each other. */
export interface InputMessages<T> {
  readonly steps: readonly number[]
  /** `[B, inputs]` */
  readonly message: T
  readonly dropout: Dropout | undefined
  /** Derivative of these values with respect to those of the messages before; undefined where both are the same values. */
  readonly slope: T | undefined
}

/** A forward pass, with what the backward pass needs. */
export interface Trace<T, N> {
  /** Outputs z. `[B, outputs]` */
  readonly z: T
  /** Number of steps, L. */
  readonly steps: number
  readonly inputs: readonly InputMessages<T>[]
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
 * The same for training: no weight lives and no gradient is wanted where `wiring` is 0, so that where most of it is products
 * go by lists of the rest. Which do is a function of the wiring alone.
 */
export const trainedNetwork = <T>(b: Backend<T>, a: Anatomy, weights: T, biases: T, wiring: T): Network<T> => {
  const dense = network(b, a, weights, biases)
  if (senders(a) * receivers(a) < WORTH_LISTS) return dense
  const where = blocks(b, a, wiring)
  const of = (name: keyof Blocks<T>): T => b.kernels.sparse(dense[name], where[name])
  return { ...dense, io: of('io'), ih: of('ih'), ho: of('ho'), hh: of('hh'), where }
}

/** The inputs' messages by step: their values are clamped, or activated once more at each (S 3); equal steps share one record. */
const inputMessages = <T, N>(
  b: Backend<T>,
  { steps, clampedInputs }: NetworkSettings,
  mode: Mode<T, N>,
  x: T
): readonly InputMessages<T>[] => {
  const byStep: InputMessages<T>[] = []
  let [value, slope]: [T, T | undefined] = [x, undefined]
  let shared: number[] = [] // the steps of the newest messages
  let sample: number | undefined
  for (let step = 0; step < steps; step++) {
    const before = byStep[step - 1]
    if (before && !clampedInputs) {
      const activated = mode.activateInputs(value)
      value = activated.value
      slope = activated.slope
    }
    const drawn = mode.inputDropout(step)
    if (before && clampedInputs && drawn?.sample === sample) {
      shared.push(step)
      byStep.push(before)
      continue
    }
    sample = drawn?.sample
    shared = [step]
    const message = drawn === undefined ? value : b.kernels.drop(value, drawn.dropout)
    byStep.push({ steps: shared, message, dropout: drawn?.dropout, slope })
  }
  return byStep
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
  h: NetworkSettings,
  a: Anatomy,
  net: Network<T>,
  mode: Mode<T, N>,
  x: T
): Trace<T, N> => {
  const byStep = inputMessages(b, h, mode, x)
  const last = h.steps - 1
  const alive = senders(a) > a.inputs
  const toHidden = latest(({ message }: InputMessages<T>) =>
    b.kernels.linear(message, net.ih, { plus: net.hiddenBias })
  )
  const toOutputs = latest(({ message }: InputMessages<T>) =>
    b.kernels.linear(message, net.io, { plus: net.outputBias })
  )
  const hiddenSteps: HiddenStep<T, N>[] = []
  for (let l = 0; alive && l < last; l++) {
    const before = hiddenSteps[l - 1]
    const driven = toHidden(byStep[l] as InputMessages<T>)
    const all = before ? b.kernels.linear(before.source, net.hh, { plus: driven }) : driven
    hiddenSteps.push(mode.activateStep(all, l))
  }
  const output = (l: number): T => {
    const driven = toOutputs(byStep[l] as InputMessages<T>)
    const before = hiddenSteps[l - 1]
    return before ? b.kernels.linear(before.source, net.ho, { plus: driven }) : driven
  }
  const outputSelfLoops: Activated<T>[] = []
  const looped = (l: number): T => {
    const loop = outputSelfLoops[l - 1]
    return loop ? b.add(output(l), loop.value) : output(l)
  }
  for (let l = 0; h.outputEnhancement && l < last; l++) {
    outputSelfLoops.push(b.kernels.activate(h.activation, looped(l)))
  }
  const inputs = byStep.filter((messages, l) => messages !== byStep[l - 1])
  return { z: looped(last), steps: h.steps, inputs, hiddenSteps, outputSelfLoops }
}
