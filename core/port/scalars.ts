/**
 * Activations and BatchNorm of one number, on the host, in Float64. They treat each entry of a matrix alone, so their
 * definitions hold for plain numbers too, given arithmetic on them.
 */
import type { Activated, Activation } from './activation.js'
import { activate } from './activation.js'
import { exp, log, sigmoid, tanh } from './elementary.js'
import { normaliseBy } from './normalisation.js'
import type { Ops } from './ops.js'

type Entrywise =
  | 'constant'
  | 'shape'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'affine'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'positive'

const entrywise: Pick<Ops<number>, Entrywise> = {
  constant: ({ data }) => data[0] as number,
  shape: () => [1, 1],
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  affine: (a, factor, offset) => a * factor + offset,
  exp,
  log,
  sqrt: Math.sqrt,
  sigmoid,
  tanh,
  relu: a => Math.max(a, 0),
  positive: a => (a > 0 ? 1 : 0)
}

// what treats each entry alone asks for nothing else
const scalars = entrywise as Ops<number>

/** act(x).
 * @example activated('sigmoid', 0) // => 0.5
 */
export const activated = (name: Activation, x: number): number => activate(scalars, name, x).value

/** act(x) and act'(x); at the kink of relu the slope is 0.
 * @example activatedWithSlope('relu', 3) // => { value: 3, slope: 1 }
 */
export const activatedWithSlope = (name: Activation, x: number): Activated<number> => activate(scalars, name, x)

/** Statistics, scale and shift of one neuron under BatchNorm. */
export interface Norm {
  readonly mean: number
  readonly variance: number
  readonly scale: number
  readonly shift: number
}

/** x normalised by given statistics.
 * @example normalised(3, { mean: 3, variance: 1, scale: 2, shift: 0.5 }) // => 0.5
 */
export const normalised = (x: number, { mean, variance, scale, shift }: Norm): number =>
  normaliseBy(scalars, x, mean, variance, scale, shift)
