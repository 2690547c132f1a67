/** The basic operations of the port, each a check of its shapes and one run of a kernel. */
import type { Kernels } from '../../core/port/kernels.js'
import type { Shape } from '../../core/port/ndarray.js'
import { sizeOf } from '../../core/port/ndarray.js'
import type { Cell } from '../memory.js'
import type { WithoutScatter } from '../scatter.js'
import { assertFinite, broadcast, assertIndices, assertReshape, assertSlice, joined } from '../shapes.js'
import type { Runtime } from './runtime.js'
import type { Block } from './block.js'
import { float } from './runtime.js'

/** A tensor of the simd backend. */
export type SimdTensor = Cell<Block>

/** Makes a tensor of a shape; unless it is a view, its entries are whatever lay there. */
export type Make = (shape: Shape, view?: Block) => SimdTensor

/** Entries of a unit of the kernels that walk through entries: BLOCK in assembly. */
const BLOCK = 1024

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

/** How a tensor lies, for kernels that go through entries one by one: as rows, or where it has none yet as panels. */
export interface Layout {
  readonly name: 'rows' | 'panels'
  /** Rows or panels, and how many numbers each has. */
  readonly shape: Shape
  /** Where another tensor of that shape lies in this layout; 0 for none. */
  readonly at: (t: SimdTensor | undefined) => number
  /** One more of that shape in this layout, whose entries are whatever lay there. */
  readonly make: () => SimdTensor
}

/** The runtime with the blocks of its own tensors, those of other backends refused. */
export interface Tensors extends Runtime {
  readonly blockOf: (t: SimdTensor) => Block
  /** Where a tensor lies; 0 for none. */
  readonly at: (t: SimdTensor | undefined) => number
  /** Where it lies as panels of 16 rows. */
  readonly panelsOf: (t: SimdTensor) => number
  /** How a tensor lies. */
  readonly layoutOf: (t: SimdTensor) => Layout
  /** A tensor that lies as panels, whose entries are whatever lay there. */
  readonly panelled: (shape: Shape) => SimdTensor
}

/** The port's operations, but one that others make. */
export const arithmetic = (
  m: Tensors,
  make: Make,
  linear: Kernels<SimdTensor>['linear']
): WithoutScatter<SimdTensor> => {
  const strides = ({ shape: [rows, columns] }: SimdTensor): readonly [number, number] => [
    rows === 1 ? 0 : 4 * columns,
    columns === 1 ? 0 : 1
  ]
  const pairs = (kernel: string) => (a: SimdTensor, b: SimdTensor) => {
    if (a.shape[0] === b.shape[0] && a.shape[1] === b.shape[1]) {
      if (kernel === 'div') m.at(a) // as rows: what is beyond the last row of a panel would be 0 / 0
      const { shape, at, make: alike } = m.layoutOf(a)
      const out = alike()
      m.run(kernel, ...blocks(shape), [at(a), at(b), at(out), 0, 0, sizeOf(shape)])
      return out
    }
    const out = make(broadcast(kernel, a.shape, b.shape))
    const [rows, columns] = out.shape
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
      const { name, at } = m.layoutOf(a)
      if (name === 'panels') m.run('sumPanels', a.shape[1], grainOf(a.shape[0]), [at(a), m.at(out), ...a.shape])
      else m.run('sumRows', Math.ceil(a.shape[1] / 16), grainOf(16 * a.shape[0]), [m.at(a), m.at(out), ...a.shape])
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
