/**
 * The port on top of a tfjs backend, written once for all of them. Kernels are called directly, not through tfjs's
 * global engine: no global backend, no tidy, and several backends side by side in one program.
 */
import type { KernelConfig, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core'
import type { Backend } from '../core/port/backend.js'
import type { Ops } from '../core/port/ops.js'
import { composed } from '../core/port/kernels.js'
import type { Shape } from '../core/port/ndarray.js'
import { sizeOf } from '../core/port/ndarray.js'
import type { Dropout } from '../core/port/random.js'
import type { Cell, Memory } from './memory.js'
import { memory } from './memory.js'
import type { WithoutScatter } from './scatter.js'
import { withScatter } from './scatter.js'
import { assertFinite, broadcast, assertIndices, assertReshape, assertSlice, joined, productSides } from './shapes.js'

/** What tfjs stores for a tensor. Our own words, so that tfjs's typings stay out of ours. */
export interface Stored {
  readonly dataId: object
  readonly shape: number[]
  readonly dtype: 'float32' | 'int32'
}

/** A tensor of a tfjs backend. */
export type TfjsTensor = Cell<Stored>

/** An initialised tfjs backend, as far as the port needs it. */
export interface Device {
  write(values: Float32Array | Int32Array, shape: number[], dtype: Stored['dtype']): object
  read(dataId: object): Promise<unknown>
  disposeData(dataId: object): unknown
}

/** tfjs's table of kernels, `getKernel` of tfjs-core: handed in, so that tfjs is loaded only by whoever wants it. */
export type Lookup = (kernel: string, backend: string) => unknown

/** Scalars that stay on the device. */
const SCALARS = 64

/** Scalars by value, the last used ones kept: sent to a GPU anew each time, they cost more than what is done with them. */
const scalars = (make: (value: number) => Stored, drop: (old: Stored) => void): ((value: number) => Stored) => {
  const held = new Map<number | '-0', Stored>()
  return value => {
    const key = Object.is(value, -0) ? '-0' : value
    const stored = held.get(key) ?? make(value)
    held.delete(key) // to the end: the first is the one that has not been used for longest
    held.set(key, stored)
    for (const [oldest, old] of held) {
      if (held.size <= SCALARS) break
      held.delete(oldest)
      drop(old)
    }
    return stored
  }
}

const arithmetic = (
  name: string,
  device: Device,
  lookup: Lookup,
  { make, dataOf }: Pick<Memory<Stored>, 'make' | 'dataOf'>
): WithoutScatter<TfjsTensor> => {
  // TensorFlow keeps shapes itself, transposes within products, and wants two parts at least to put together
  const native = name === 'tensorflow'
  const run = (
    kernel: string,
    inputs: Readonly<Record<string, Stored>> | readonly Stored[],
    attrs: NamedAttrMap = {}
  ): Stored => {
    const config = lookup(kernel, name) as KernelConfig | undefined
    if (!config) throw new Error(`tfjs has no kernel ${kernel} for its backend ${name}.`)
    const given = inputs as unknown as Record<string, TensorInfo> // Concat takes a list
    return config.kernelFunc({ inputs: given, attrs, backend: device }) as unknown as Stored
  }
  const drop = (...infos: readonly Stored[]): void => infos.forEach(i => device.disposeData(i.dataId))
  const upload = (shape: number[], values: Float32Array): Stored => ({
    dataId: device.write(values, shape, 'float32'),
    shape,
    dtype: 'float32'
  })
  // tfjs's kernels give uninitialised memory for some empty arguments: none ever reaches them
  const unlessEmpty = (shape: Shape, f: () => Stored): TfjsTensor =>
    make(shape, sizeOf(shape) === 0 ? upload([...shape], new Float32Array(0)) : f())
  const zeros = (shape: Shape): TfjsTensor => make(shape, upload([...shape], new Float32Array(sizeOf(shape))))
  const scalar = scalars(value => upload([1, 1], Float32Array.of(value)), drop)
  const pairs = (operation: string, kernel: string) => (a: TfjsTensor, b: TfjsTensor) =>
    unlessEmpty(broadcast(operation, a.shape, b.shape), () => run(kernel, { a: dataOf(a), b: dataOf(b) }))
  const each = (kernel: string) => (a: TfjsTensor) => unlessEmpty(a.shape, () => run(kernel, { x: dataOf(a) }))
  const withScalar = (kernel: string, a: Stored, value: number): Stored => {
    return run(kernel, { a, b: scalar(value) })
  }
  const affine = (a: Stored, factor: number, offset: number): Stored => {
    const scaled = factor === 1 && offset !== 0 ? a : withScalar('Multiply', a, factor)
    if (offset === 0) return scaled
    const out = withScalar('Add', scaled, offset)
    if (scaled !== a) drop(scaled)
    return out
  }
  const transposed = (x: Stored): Stored => run('Transpose', { x }, { perm: [1, 0] })
  const product = (a: Stored, b: Stored, which?: 'a' | 'b'): Stored => {
    const how = { transposeA: which === 'a', transposeB: which === 'b' }
    if (native) return run('BatchMatMul', { a, b }, how)
    const batch = (t: Stored): Stored => ({ ...t, shape: [1, ...t.shape] })
    const out = run('BatchMatMul', { a: batch(a), b: batch(b) }, { transposeA: false, transposeB: false })
    return { ...out, shape: out.shape.slice(1) }
  }
  const matMul: Ops<TfjsTensor>['matMul'] = (a, b, which) => {
    const [m, k, n] = productSides(a.shape, b.shape, which)
    if (k === 0) return zeros([m, n])
    return unlessEmpty([m, n], () => {
      if (native) return product(dataOf(a), dataOf(b), which)
      // explicit transposes: the product's own transposing loops are ten times slower on WASM
      const left = which === 'a' ? transposed(dataOf(a)) : dataOf(a)
      const right = which === 'b' ? transposed(dataOf(b)) : dataOf(b)
      const out = product(left, right)
      drop(...[left, right].filter(t => t !== dataOf(a) && t !== dataOf(b)))
      return out
    })
  }
  /** 1 where x > 0, else 0. */
  const above = (x: Stored): Stored => {
    const is = run('Greater', { a: x, b: scalar(0) })
    const out = run('Cast', { x: is }, { dtype: 'float32' })
    drop(is)
    return out
  }
  /** WGSL leaves the logarithm of 0 open: its value, for arguments from 0 on, by way of the smallest normal number. */
  const exactLog = (x: Stored): Stored => {
    const bounded = run('Maximum', { a: x, b: scalar(2 ** -126) })
    const plain = run('Log', { x: bounded })
    const sign = run('Step', { x }, { alpha: 0 })
    const penalty = affine(sign, 3e38, -3e38) // 0 above 0, as good as -Infinity at it
    const out = run('Add', { a: plain, b: penalty })
    drop(bounded, plain, sign, penalty)
    return out
  }
  const constant = (shape: Shape, data: Float32Array | Float64Array): TfjsTensor =>
    make(shape, upload([...shape], data instanceof Float32Array ? data : new Float32Array(data)))
  const reduce = (kernel: string, a: TfjsTensor): TfjsTensor =>
    a.shape[1] === 0
      ? zeros([a.shape[0], 1])
      : unlessEmpty([a.shape[0], 1], () =>
          run(kernel, { x: dataOf(a) }, { axis: [1], reductionIndices: [1], keepDims: true })
        )
  return {
    constant: array => {
      assertFinite(array)
      return constant(array.shape, array.data)
    },
    shape: a => a.shape,
    add: pairs('add', 'Add'),
    sub: pairs('sub', 'Sub'),
    mul: pairs('mul', 'Multiply'),
    div: pairs('div', 'RealDiv'),
    affine: (a, factor, offset) => unlessEmpty(a.shape, () => affine(dataOf(a), factor, offset)),
    exp: each('Exp'),
    log: a => unlessEmpty(a.shape, () => (name === 'webgpu' ? exactLog(dataOf(a)) : run('Log', { x: dataOf(a) }))),
    sqrt: each('Sqrt'),
    sigmoid: each('Sigmoid'),
    tanh: each('Tanh'),
    relu: each('Relu'),
    positive: a =>
      unlessEmpty(a.shape, () => (native ? above(dataOf(a)) : run('Step', { x: dataOf(a) }, { alpha: 0 }))),
    transpose: a => unlessEmpty([a.shape[1], a.shape[0]], () => transposed(dataOf(a))),
    matMul,
    sumRows: a => {
      if (sizeOf(a.shape) === 0) return zeros([1, a.shape[1]])
      // a product with a row of ones: tfjs would transpose first
      return make(
        [1, a.shape[1]],
        ((): Stored => {
          const ones = upload([1, a.shape[0]], new Float32Array(a.shape[0]).fill(1))
          const out = product(ones, dataOf(a))
          drop(ones)
          return out
        })()
      )
    },
    sumColumns: a => reduce('Sum', a),
    maxColumns: a => reduce('Max', a),
    slice: (a, begin, size) => {
      assertSlice(a.shape, begin, size)
      return unlessEmpty(size, () => run('Slice', { x: dataOf(a) }, { begin: [...begin], size: [...size] }))
    },
    gather: (a, indices, axis) => {
      assertIndices(a.shape, indices, axis)
      return unlessEmpty(axis === 0 ? [indices.length, a.shape[1]] : [a.shape[0], indices.length], () => {
        const shape = [indices.length]
        const dataId = device.write(Int32Array.from(indices), shape, 'int32')
        const out = run(
          'GatherV2',
          { x: dataOf(a), indices: { dataId, shape, dtype: 'int32' } },
          { axis, batchDims: 0 }
        )
        device.disposeData(dataId)
        return out
      })
    },
    reshape: (a, shape) => {
      assertReshape(a.shape, shape)
      return unlessEmpty(shape, () => run('Reshape', { x: dataOf(a) }, { shape: [...shape] }))
    },
    concat: (parts, axis) => {
      const shape = joined(
        parts.map(p => p.shape),
        axis
      )
      return unlessEmpty(shape, () => {
        const full = parts.filter(p => sizeOf(p.shape) > 0).map(p => dataOf(p))
        return native && full.length === 1 ? run('Identity', { x: full[0] as Stored }) : run('Concat', full, { axis })
      })
    }
  }
}

/** The port, filled by an initialised tfjs backend. `label` is the name shown to people; `factors` are dropout's, made there. */
export const fromTfjs = (
  label: string,
  about: string,
  registered: string,
  device: Device,
  lookup: Lookup,
  factors?: (dropout: Dropout) => Stored
): Backend<TfjsTensor> => {
  const { make, dataOf, ...ownership } = memory<Stored>(info => void device.disposeData(info.dataId))
  const ops = withScatter(arithmetic(registered, device, lookup, { make, dataOf }), ownership.scope)
  return {
    ...ops,
    ...ownership,
    name: label,
    about,
    precision: 'float32',
    kernels: composed(
      ops,
      factors && (dropout => make([dropout.rows.length, dropout.columns.length], factors(dropout)))
    ),
    download: async a => {
      const data = sizeOf(a.shape) === 0 ? new Float32Array(0) : await device.read(dataOf(a).dataId)
      return { shape: a.shape, data: data as Float32Array }
    }
  }
}
