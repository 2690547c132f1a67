/** Activations and losses by name: a new one works on every backend as it is defined, an unknown one works on none. */
import { afterEach, describe, expect, test } from 'vitest'
import type { Activation, Activated } from '../core/port/activation.js'
import { activationNames, activations } from '../core/port/activation.js'
import type { Backend } from '../core/port/backend.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Loss, LossGradient } from '../core/port/objective.js'
import { losses, lossNames } from '../core/port/objective.js'
import type { Ops } from '../core/port/ops.js'
import { fusedActivations, fusedLosses } from './simd/codes.js'
import type { Tensor } from './open.js'
import { reference } from './reference.js'
import { simd } from './simd.js'
import { wasm } from './wasm.js'

const backends = [
  ['reference', reference() as unknown as Backend<Tensor>],
  ['simd', (await simd()) as unknown as Backend<Tensor>],
  ['wasm', (await wasm()) as unknown as Backend<Tensor>]
] as const

/** x^3, which no backend has a kernel for: one entry of a table, as anybody would add it. */
const cube = <T>(ops: Ops<T>, x: T): Activated<T> => {
  const square = ops.mul(x, x)
  return { value: ops.mul(square, x), slope: ops.affine(square, 3, 0) }
}
/** The weighted sum of (z - y)^4 over four. */
const quartic = <T>(ops: Ops<T>, z: T, y: T, w: T): LossGradient<T> => {
  const error = ops.sub(z, y)
  const gradient = ops.mul(w, ops.mul(ops.mul(error, error), error))
  return { loss: ops.affine(ops.sumRows(ops.sumColumns(ops.mul(gradient, error))), 0.25, 0), gradient }
}

const row = (...v: readonly number[]): NdArray => ({ shape: [1, v.length], data: Float32Array.from(v) })

describe.each(backends)('%s', (_, b) => {
  const read = async (t: Tensor): Promise<readonly number[]> => Array.from((await b.download(t)).data)
  const x = b.constant(row(-2, 0, 1, 3, 0.5))
  const one = b.constant(row(1))
  afterEach(() => {
    Reflect.deleteProperty(activations, 'cube')
    Reflect.deleteProperty(losses, 'quartic')
  })

  test('a new entry is computed as it is defined', async () => {
    Object.assign(activations, { cube })
    Object.assign(losses, { quartic: { suits: 'numbers', score: quartic } })
    const name = 'cube' as Activation
    expect(await read(b.kernels.act(name, x))).toEqual([-8, 0, 1, 27, 0.125])
    const { value, slope } = b.kernels.activate(name, x)
    expect([await read(value), await read(slope)]).toEqual([
      [-8, 0, 1, 27, 0.125],
      [12, 0, 3, 27, 0.75]
    ])
    const dropped = b.kernels.activate(name, x, { key: [1, 2], rows: [0], columns: [0, 1, 2, 3, 4], rate: 0.5 })
    const factors = await read(
      b.kernels.drop(b.constant(row(1, 1, 1, 1, 1)), { key: [1, 2], rows: [0], columns: [0, 1, 2, 3, 4], rate: 0.5 })
    )
    expect(await read(dropped.slope)).toEqual([12, 0, 3, 27, 0.75].map((v, i) => v * factors[i]!))
    const made = b.kernels.taskLoss('quartic' as Loss, x, b.constant(row(0, 0, 0, 0, 0.5)), one)
    expect(await read(made.loss)).toEqual([(16 + 1 + 81) / 4])
    expect(await read(made.gradient)).toEqual([-8, 0, 1, 27, 0])
  })

  test('an unknown name is refused with one sentence, the same everywhere', () => {
    const unknown = (name: string): Activation => name as Activation
    expect(() => b.kernels.act(unknown('swich'), x)).toThrow('activation: swich is unknown. Did you mean swish.')
    expect(() => b.kernels.activate(unknown('Relu'), x)).toThrow('activation: Relu is unknown. Did you mean relu.')
    expect(() => b.kernels.act(unknown('maxout'), x)).toThrow(
      'activation: maxout is unknown. Known are swish, identity, relu, tanh, gelu, sigmoid.'
    )
    expect(() => b.kernels.act(unknown('constructor'), x)).toThrow('activation: constructor is unknown')
    expect(() => b.kernels.taskLoss('toString' as Loss, x, x, one)).toThrow('loss: toString is unknown')
    expect(() => b.kernels.taskLoss('hinge' as Loss, x, x, one)).toThrow(
      /^loss: hinge is unknown\. Known are softmax, /
    )
  })
})

test('what simd has kernels for are names that there are', () => {
  for (const name of fusedActivations.keys()) expect(activationNames).toContain(name)
  for (const name of fusedLosses.keys()) expect(lossNames).toContain(name)
})
