/** Arguments for each operation of the port, and the law that an operation gives what the reference gives. */
import * as fc from 'fast-check'
import { reference } from '../backends/reference.js'
import type { Backend } from '../core/port/backend.js'
import type { NdArray, Shape } from '../core/port/ndarray.js'
import { range, sizeOf, tabulate } from '../core/port/ndarray.js'
import type { Ops } from '../core/port/ops.js'
import { downloaded, near } from './compare.js'

/** Operations that give a tensor for tensors. */
export type Operation = Exclude<keyof Ops<unknown>, 'constant' | 'shape'>

/** The arguments of an operation, matrices on the host in place of tensors. */
export type OperationArguments<Name extends Operation = Operation> = Parameters<Ops<NdArray>[Name]>

const side = fc.nat(5)
const shape = fc.tuple(side, side)
const axis = fc.constantFrom<0 | 1>(0, 1)

const wave = (of: Shape): fc.Arbitrary<NdArray> =>
  fc.nat(999).map(seed => tabulate(of, (i, j) => 2 * Math.sin(1 + seed + i * 12.9898 + j * 78.233)))
const mapped = (a: NdArray, f: (x: number) => number): NdArray => ({ ...a, data: Float32Array.from(a.data, f) })
const matrix = shape.chain(wave)
/** Entries away from 0, where `relu` bends and `div` has a pole. */
const without0 = (of: Shape): fc.Arbitrary<NdArray> => wave(of).map(a => mapped(a, x => (x < 0 ? x - 0.5 : x + 0.5)))
const positive = matrix.map(a => mapped(a, x => 0.5 + Math.abs(x)))
/** Rows without ties: steps of 3 visit each of 7 numbers before one comes again. */
const untied = fc
  .tuple(side, fc.integer({ min: 1, max: 5 }), fc.nat(6))
  .map(([rows, columns, seed]) => tabulate([rows, columns], (i, j) => ((seed + 2 * i + 3 * j) % 7) - 3))

/** Two matrices that pair up: sides of one may be 1. */
const pair = (second: (of: Shape) => fc.Arbitrary<NdArray> = wave): fc.Arbitrary<[NdArray, NdArray]> =>
  fc.tuple(shape, ...range(4).map(() => fc.boolean())).chain(([[m, n], ...once]) => {
    const [a, b, c, d] = once.map((one, i) => (one ? 1 : i % 2 === 0 ? m : n)) as [number, number, number, number]
    return fc.tuple(wave([a, b]), second([c, d]))
  })

/** The shape with a length along an axis and a width across it. */
const along = (axis: 0 | 1, length: number, width: number): Shape => (axis === 0 ? [length, width] : [width, length])

/** Names of some of `length` rows or columns, in any order, some twice, some not at all. */
const indices = (length: number, count: { readonly minLength: number; readonly maxLength: number }) =>
  fc.array(fc.nat(Math.max(length - 1, 0)), length === 0 ? { maxLength: 0 } : count)

const sourcesOf = { plain: [0, 1, 1, 2], a: [1, 0, 1, 2], b: [0, 1, 2, 1] } as const

const matMul = fc
  .tuple(fc.tuple(side, side, side), fc.constantFrom('plain', 'a', 'b'))
  .chain(([sides, transposed]): fc.Arbitrary<OperationArguments<'matMul'>> => {
    const [m, n, k, l] = sourcesOf[transposed].map(i => sides[i]) as [number, number, number, number]
    return fc.tuple(wave([m, n]), wave([k, l])).map(([a, b]) => (transposed === 'plain' ? [a, b] : [a, b, transposed]))
  })

const slice = fc
  .tuple(side, side, side, side, side, side)
  .chain(([top, left, rows, columns, below, right]) =>
    fc.tuple(
      wave([top + rows + below, left + columns + right]),
      fc.constant([top, left] as const),
      fc.constant([rows, columns] as const)
    )
  )

const gather = fc
  .tuple(side, side, axis)
  .chain(([length, width, axis]) =>
    fc.tuple(wave(along(axis, length, width)), indices(length, { minLength: 0, maxLength: 7 }), fc.constant(axis))
  )

const scatter = fc
  .tuple(side, side, axis)
  .chain(([size, width, axis]) =>
    indices(size, { minLength: 0, maxLength: 7 }).chain(names =>
      fc.tuple(wave(along(axis, names.length, width)), fc.constant(names), fc.constant(size), fc.constant(axis))
    )
  )

const reshape = fc.tuple(matrix, side).chain(([a, other]) => {
  const size = sizeOf(a.shape)
  const shapes: readonly Shape[] =
    size === 0
      ? [
          [0, other],
          [other, 0]
        ]
      : range(size)
          .filter(i => size % (i + 1) === 0)
          .map(i => [i + 1, size / (i + 1)])
  return fc.tuple(fc.constant(a), fc.constantFrom(...shapes))
})

const concat = fc
  .tuple(fc.array(side, { maxLength: 4 }), side, axis)
  .chain(([lengths, width, axis]) =>
    fc.tuple(fc.tuple(...lengths.map(length => wave(along(axis, length, width)))), fc.constant(axis))
  )

const single = <A>(a: fc.Arbitrary<A>): fc.Arbitrary<[A]> => fc.tuple(a)
const number = fc.integer({ min: -20, max: 20 }).map(n => n / 8)

/** Arguments that fit, for each operation: sides of 0 to 10, sides that repeat, values where there is a derivative. */
export const operationArguments: { readonly [Name in Operation]: fc.Arbitrary<OperationArguments<Name>> } = {
  add: pair(),
  sub: pair(),
  mul: pair(),
  div: pair(without0),
  affine: fc.tuple(matrix, number, number),
  exp: single(matrix),
  log: single(positive),
  sqrt: single(positive),
  sigmoid: single(matrix),
  tanh: single(matrix),
  relu: single(shape.chain(without0)),
  positive: single(matrix),
  transpose: single(matrix),
  matMul,
  sumRows: single(matrix),
  sumColumns: single(matrix),
  maxColumns: single(untied),
  slice,
  gather,
  scatter,
  reshape,
  concat
}

/** Names of all operations. */
export const operations = Object.keys(operationArguments) as readonly Operation[]

const isMatrix = (argument: unknown): argument is NdArray =>
  typeof argument === 'object' && argument !== null && 'data' in argument

/** The arguments with something else for each matrix, those in lists too. */
export const replaced = (args: OperationArguments, f: (matrix: NdArray) => unknown): readonly unknown[] =>
  args.map((argument: unknown) => {
    if (isMatrix(argument)) return f(argument)
    return Array.isArray(argument) ? argument.map((part: unknown) => (isMatrix(part) ? f(part) : part)) : argument
  })

/** Calls an operation: the types of its arguments are forgotten, so that a law may go through all. */
export const called = <T>(ops: Ops<T>, name: Operation, args: readonly unknown[]): T =>
  (ops[name] as (...args: readonly unknown[]) => T)(...args)

/** What an operation gives, on the host. */
export const computed = <T>(b: Backend<T>, name: Operation, args: OperationArguments): Promise<NdArray> =>
  downloaded(b, () =>
    called(
      b,
      name,
      replaced(args, matrix => b.constant(matrix))
    )
  )

/** Each operation gives what the Float64 reference gives, relative to 1 or the entry. */
export const operationsAgreeWithReference = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(fc.record(operationArguments), async drawn => {
    const judge = reference()
    for (const name of operations)
      near(name, await computed(b, name, drawn[name]), await computed(judge, name, drawn[name]), tolerance)
  })
