/** The basic operations of the port, each a check of its shapes and one run of a kernel. */
import type { LinearOptions, Kernels } from '../../core/port/kernels.js'
import type { Shape } from '../../core/port/ndarray.js'
import { sizeOf } from '../../core/port/ndarray.js'
import type { Cell } from '../memory.js'
import type { WithoutScatter } from '../scatter.js'
import {
  assertFinite,
  broadcast,
  assertShape,
  assertIndices,
  assertReshape,
  assertSlice,
  joined,
  productSides
} from '../shapes.js'
import type { Runtime } from './runtime.js'
import type { Block } from './block.js'
import { float } from './runtime.js'
import { FEW, sparseFor } from './sparse.js'

/** A tensor of the simd backend. */
export type SimdTensor = Cell<Block>

/** Makes a tensor of a shape; unless it is a view, its entries are whatever lay there. */
export type Make = (shape: Shape, view?: Block) => SimdTensor

/** Entries of a unit of the kernels that walk through entries: BLOCK in assembly. */
const BLOCK = 1024
/** Rows of a tile of a product: ROWS in assembly. */
const TILE = 4
/** Columns of an output row that fits a thread's scratch. */
const WIDEST = 16000
/** Multiplications that are worth waking a thread. */
const WORTH = 32768

/** Work that is worth waking a thread, in additions. */
const SHARE = 8192
/** The work of an exponential, a root or a random number. */
export const ELEMENTARY = 8

/** Units of a kernel that walks through entries, and how many are worth a thread; `work` is that of an entry. */
export const blocks = (shape: Shape, work: number = 1): readonly [units: number, grain: number] => [
  Math.ceil(sizeOf(shape) / BLOCK),
  SHARE / BLOCK / work
]

/** How many rows of a length are worth a thread. */
export const grainOf = (length: number, work: number = 1): number => Math.ceil(SHARE / (work * Math.max(length, 1)))

/** The runtime with the blocks of its own tensors, those of other backends refused. */
export interface Tensors extends Runtime {
  readonly blockOf: (t: SimdTensor) => Block
  /** Where a tensor lies; 0 for none. */
  readonly at: (t: SimdTensor | undefined) => number
}

/** (a b + plus) times, as `linear` of the port. */
export const product = (m: Tensors, make: Make): Kernels<SimdTensor>['linear'] => {
  // weights meet one portion of a batch after another: they keep their panels
  const packed = (b: SimdTensor, k: number, n: number, transposed: boolean): number => {
    const block = m.blockOf(b)
    const known = transposed ? block.transposed : block.plain
    if (known) return known.at
    const panels = Math.ceil(n / 8)
    const made = m.take(32 * panels * k)
    if (transposed) block.transposed = made
    else block.plain = made
    m.run('pack', panels, grainOf(8 * k), [block.at, made.at, k, n, transposed ? 1 : 0])
    return made.at
  }
  return (a: SimdTensor, b: SimdTensor, { transposed, plus, times }: LinearOptions<SimdTensor> = {}): SimdTensor => {
    const [rows, k, n] = productSides(a.shape, b.shape, transposed)
    if (plus) assertShape('linear', plus.shape, [rows, n], [1, n])
    if (times) assertShape('linear', times.shape, [rows, n])
    const out = make([rows, n])
    if (sizeOf(out.shape) === 0) return out
    const between = plus && (plus.shape[0] === rows ? 4 * n : 0)
    const rest = [out.data.at, rows, k, n, m.at(plus), between ?? 0, m.at(times)]
    const grain = Math.ceil(WORTH / (TILE * Math.max(k, 1) * n))
    const right = m.blockOf(b)
    const { list } = right
    if (list && !transposed && !times) {
      const { name, rows: height } = sparseFor(rows, k, n, list)
      if (name) {
        const lists = [m.at(a), list.starts.at, list.entries.at]
        m.run(name, Math.ceil(rows / height), grainOf((list.length * height) / 4), [...lists, ...rest])
        return out
      }
    }
    if (rows <= FEW && !transposed && n <= WIDEST) {
      m.run('productRows', rows, Math.ceil(WORTH / (k * n)), [m.at(a), right.at, ...rest])
      return out
    }
    const tiles = Math.ceil(rows / TILE)
    if (transposed === 'a') {
      const panels = m.take(32 * Math.ceil(n / 8) * k)
      m.run('pack', Math.ceil(n / 8), grainOf(8 * k), [m.at(b), panels.at, k, n, 0])
      m.run('productT', tiles, grain, [m.at(a), panels.at, ...rest])
      m.give(panels)
      return out
    }
    m.run('product', tiles, grain, [m.at(a), packed(b, k, n, transposed === 'b'), ...rest])
    return out
  }
}

/** The port's operations, but one that others make. */
export const arithmetic = (m: Tensors, make: Make): WithoutScatter<SimdTensor> => {
  const strides = ({ shape: [rows, columns] }: SimdTensor): readonly [number, number] => [
    rows === 1 ? 0 : 4 * columns,
    columns === 1 ? 0 : 1
  ]
  const pairs = (kernel: string) => (a: SimdTensor, b: SimdTensor) => {
    const out = make(broadcast(kernel, a.shape, b.shape))
    const [rows, columns] = out.shape
    if (sizeOf(a.shape) === sizeOf(b.shape) && a.shape[0] === b.shape[0])
      m.run(kernel, ...blocks(out.shape), [m.at(a), m.at(b), m.at(out), 0, 0, sizeOf(out.shape)])
    else
      m.run(`${kernel}Rows`, rows, grainOf(columns), [
        m.at(a),
        m.at(b),
        m.at(out),
        0,
        0,
        columns,
        ...strides(a),
        ...strides(b)
      ])
    return out
  }
  const each =
    (kernel: string, factor: number = 0, offset: number = 0) =>
    (a: SimdTensor) => {
      const out = make(a.shape)
      m.run(kernel, ...blocks(a.shape), [m.at(a), 0, m.at(out), float(factor), float(offset), sizeOf(a.shape)])
      return out
    }
  const overRows = (kernel: string) => (a: SimdTensor) => {
    const out = make([a.shape[0], 1])
    m.run(kernel, a.shape[0], grainOf(a.shape[1]), [m.at(a), m.at(out), 0, a.shape[1]])
    return out
  }
  const linear = product(m, make)
  return {
    constant: array => {
      assertFinite(array)
      const { shape, data } = array
      const out = make(shape)
      m.write(m.blockOf(out), data)
      return out
    },
    shape: a => a.shape,
    add: pairs('add'),
    sub: pairs('sub'),
    mul: pairs('mul'),
    div: pairs('div'),
    affine: (a, factor, offset) => each('affine', factor, offset)(a),
    exp: each('exp'),
    log: each('log'),
    sqrt: each('sqrt'),
    sigmoid: each('sigmoid'),
    tanh: each('tanh'),
    relu: each('relu'),
    positive: each('positive'),
    transpose: a => {
      const [rows, columns] = a.shape
      const out = make([columns, rows])
      m.run('transpose', rows, grainOf(columns), [m.at(a), m.at(out), rows, columns])
      return out
    },
    matMul: (a, b, transposed) => linear(a, b, transposed === undefined ? {} : { transposed }),
    sumRows: a => {
      const out = make([1, a.shape[1]])
      m.run('sumRows', Math.ceil(a.shape[1] / 16), grainOf(16 * a.shape[0]), [m.at(a), m.at(out), ...a.shape])
      return out
    },
    sumColumns: overRows('sumColumns'),
    maxColumns: overRows('maxColumns'),
    slice: (a, begin, size) => {
      assertSlice(a.shape, begin, size)
      const width = 4 * a.shape[1]
      // whole rows lie together: tensors do not change, so a view will do
      if (size[1] === a.shape[1] && sizeOf(size) > 0)
        return make(size, m.within(m.blockOf(a), width * begin[0], width * size[0]))
      const out = make(size)
      const from = m.at(a) + width * begin[0] + 4 * begin[1]
      if (sizeOf(size) > 0) m.run('copy', size[0], grainOf(size[1]), [from, width, m.at(out), 4 * size[1], 4 * size[1]])
      return out
    },
    gather: (a, indices, axis) => {
      assertIndices(a.shape, indices, axis)
      const [rows, columns] = a.shape
      const out = make(axis === 0 ? [indices.length, columns] : [rows, indices.length])
      if (sizeOf(out.shape) === 0) return out
      const named = m.numbers(indices)
      if (axis === 0) m.run('gatherRows', indices.length, grainOf(columns), [m.at(a), named.at, m.at(out), 4 * columns])
      else
        m.run('gatherColumns', rows, grainOf(indices.length), [m.at(a), named.at, m.at(out), columns, indices.length])
      m.give(named)
      return out
    },
    reshape: (a, shape) => {
      assertReshape(a.shape, shape)
      return sizeOf(shape) === 0 ? make(shape) : make(shape, m.within(m.blockOf(a), 0, 4 * sizeOf(shape)))
    },
    concat: (parts, axis) => {
      const out = make(
        joined(
          parts.map(p => p.shape),
          axis
        )
      )
      const width = 4 * out.shape[1]
      let to = m.at(out)
      for (const part of parts) {
        const [rows, columns] = part.shape
        if (sizeOf(part.shape) > 0)
          m.run('copy', rows, grainOf(columns), [m.at(part), 4 * columns, to, width, 4 * columns])
        to += axis === 0 ? 4 * sizeOf(part.shape) : 4 * columns
      }
      return out
    }
  }
}
