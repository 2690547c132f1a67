/** Law: a multilayer perceptron is a graph perceptron (supplement, Theorem 1). */
import * as fc from 'fast-check'
import { anatomyOf, born } from '../core/network/anatomy.js'
import type { Backend } from '../core/port/backend.js'
import { forward, network } from '../core/network/forward.js'
import type { Activation } from '../core/port/activation.js'
import { defaults } from '../core/network/hyperparameters.js'
import { activationNames } from '../core/port/activation.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { near, downloaded } from './compare.js'

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/** The activations once more, in JavaScript's own functions: independent of the engine's. */
export const formulas: Readonly<Record<Activation, (x: number) => number>> = {
  swish: x => x * logistic(x),
  identity: x => x,
  relu: x => Math.max(0, x),
  tanh: Math.tanh,
  sigmoid: logistic,
  gelu: x => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
}

/** An MLP: widths of inputs, hidden layers and outputs; weights and biases between -1 and 1. */
interface Mlp {
  readonly widths: readonly number[]
  readonly activation: Activation
  readonly weight: (layer: number, from: number, to: number) => number
  readonly bias: (layer: number, to: number) => number
  readonly x: NdArray
}

const mlps: fc.Arbitrary<Mlp> = fc
  .record({
    widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 7 }),
    rows: fc.integer({ min: 1, max: 3 }),
    activation: fc.constantFrom(...activationNames),
    numbers: fc.array(fc.integer({ min: -64, max: 64 }), { minLength: 40, maxLength: 200 })
  })
  .map(({ widths, rows, activation, numbers }) => {
    const at = (k: number): number => (numbers[k % numbers.length] as number) / 64 // exact in Float32
    return {
      widths,
      activation,
      weight: (l, i, j) => at(l * 53 + i * 11 + j * 3),
      bias: (l, j) => at(l * 31 + j * 7 + 19),
      x: tabulate([rows, widths[0] as number], (i, j) => 2 * at(i * 13 + j * 5 + 7))
    }
  })

/** The outputs of an MLP by its definition (S 1). */
const outputsOf = ({ widths, activation, weight, bias, x }: Mlp): NdArray => {
  const last = widths.length - 2
  const rows = range(x.shape[0]).map(r => {
    let values = range(x.shape[1]).map(j => x.data[r * x.shape[1] + j] as number)
    for (const l of range(last + 1)) {
      values = range(widths[l + 1] as number).map(j => {
        const sum = values.reduce((s, v, i) => s + v * weight(l, i, j), 0)
        return l === last ? sum : formulas[activation](sum + bias(l, j))
      })
    }
    return values
  })
  return { shape: [rows.length, widths.at(-1) as number], data: Float64Array.from(rows.flat()) }
}

/** The same MLP as a graph perceptron run for `steps` steps. */
const asGraph = <T>(b: Backend<T>, mlp: Mlp, steps: number, clampedInputs: boolean): T => {
  const { widths, weight, bias, x } = mlp
  const [inputs, outputs] = [widths[0] as number, widths.at(-1) as number]
  const hidden = widths.slice(1, -1)
  const layer = hidden.flatMap((n, l) => range(n).map(i => ({ l, i }))) // of each hidden neuron
  const a = born(anatomyOf(inputs, outputs), layer.length, 0)
  const senders = [...range(inputs).map(i => ({ l: -1, i })), ...layer]
  const receivers = [...range(outputs).map(i => ({ l: hidden.length, i })), ...layer]
  const at = <A>(list: readonly A[], i: number): A => list[i] as A
  const weights = tabulate([senders.length, receivers.length], (i, j) => {
    const [from, to] = [at(senders, i), at(receivers, j)]
    return to.l === from.l + 1 ? weight(to.l, from.i, to.i) : 0
  })
  const biases = tabulate([1, receivers.length], (_, j) =>
    j < outputs ? 0 : bias(at(receivers, j).l, at(receivers, j).i)
  )
  const h = { ...defaults, activation: mlp.activation, steps, clampedInputs }
  const plain = {
    activateStep: (value: T) => ({ source: b.kernels.act(mlp.activation, value), residuals: undefined }),
    activateInputs: (value: T) => ({ value: b.kernels.act(mlp.activation, value), slope: undefined }),
    inputDropout: () => undefined
  }
  return forward(b, h, a, network(b, a, b.constant(weights), b.constant(biases)), plain, b.constant(x)).z
}

/**
 * For 0 to 5 hidden layers of any width from 1: with clamped inputs after every number of steps from L + 1 on, with
 * unclamped ones after L + 1, a graph perceptron gives the MLP's outputs, to `tolerance` relative to 1 or the output.
 */
export const mlpIsGraphPerceptron = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(mlps, fc.integer({ min: 0, max: 3 }), async (mlp, waiting) => {
    const expected = outputsOf(mlp)
    const depth = mlp.widths.length - 1
    near('clamped', await downloaded(b, () => asGraph(b, mlp, depth + waiting, true)), expected, tolerance)
    near('unclamped', await downloaded(b, () => asGraph(b, mlp, depth, false)), expected, tolerance)
  })
