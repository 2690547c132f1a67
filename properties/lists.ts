/** Laws of products with matrices that are mostly dead: what a backend makes of lists is what the definitions make. */
import * as fc from 'fast-check'
import type { Backend } from '../core/port/backend.js'
import type { Activation } from '../core/port/activation.js'
import { activationNames } from '../core/port/activation.js'
import type { Kernels } from '../core/port/kernels.js'
import { composed } from '../core/port/kernels.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { near } from './compare.js'

/** Which entries of a matrix live: all, none, or some with whole rows and columns dead. */
type Pattern = 'all' | 'none' | { readonly of: number; readonly deadRows: number; readonly deadColumns: number }

const patterns: fc.Arbitrary<Pattern> = fc.oneof(
  fc.constantFrom<Pattern>('all', 'none'),
  fc.record({
    of: fc.integer({ min: 1, max: 23 }),
    deadRows: fc.integer({ min: 2, max: 5 }),
    deadColumns: fc.integer({ min: 2, max: 5 })
  })
)

/** A pattern as 0 and 1. */
const living = (rows: number, columns: number, pattern: Pattern): NdArray =>
  tabulate([rows, columns], (i, j) => {
    if (typeof pattern === 'string') return pattern === 'all' ? 1 : 0
    return (7 * i + 3 * j) % pattern.of === 0 && i % pattern.deadRows > 0 && j % pattern.deadColumns > 0 ? 1 : 0
  })

const wave = (rows: number, columns: number, kind: number): NdArray =>
  tabulate([rows, columns], (i, j) => Math.sin(1 + i * 12.9898 + j * 78.233 + kind * 37.719) * 2)

/** Lengths around those of vectors and panels, nothing among them. */
const sides = fc.constantFrom(0, 1, 3, 15, 16, 17, 40, 65)

/** A product of two layers and its way back. */
interface ListCase {
  readonly rows: number
  readonly inputs: number
  readonly hidden: number
  readonly ih: Pattern
  readonly hh: Pattern
  /** Of so many living weights one is closed, as gates do it. */
  readonly closed: number
  readonly activation: Activation
  readonly rate: number
  /** Where the rows are cut in two. */
  readonly cut: number
}

const cases: fc.Arbitrary<ListCase> = fc
  .record({
    rows: fc.constantFrom(1, 2, 15, 16, 17, 33, 100),
    inputs: sides,
    hidden: sides,
    ih: patterns,
    hh: patterns,
    closed: fc.integer({ min: 2, max: 4 }),
    activation: fc.constantFrom(...activationNames),
    rate: fc.constantFrom(0, 0.2, 0.9)
  })
  .chain(one => fc.record({ cut: fc.nat(one.rows) }).map(cut => ({ ...one, ...cut })))

/** A result by name, and the sizes of the terms that it sums. */
type Results<T> = ReadonlyMap<string, T>

const absolute = <T>(b: Backend<T>, t: T): T => b.add(b.relu(t), b.relu(b.affine(t, -1, 0)))

/** What training needs of products, of one case. */
const makers = <T>(b: Backend<T>, c: ListCase) => {
  const { rows, inputs, hidden } = c
  const gated = (where: NdArray, kind: number): T =>
    b.mul(
      b.constant(wave(...where.shape, kind)),
      b.constant({ ...where, data: where.data.map((one, i) => (i % c.closed === 0 ? 0 : one)) })
    )
  const [aliveIh, aliveHh] = [living(inputs, hidden, c.ih), living(hidden, hidden, c.hh)]
  const [whereIh, whereHh] = [b.constant(aliveIh), b.constant(aliveHh)]
  const [ih, hh] = [gated(aliveIh, 1), gated(aliveHh, 2)]
  const x = b.constant(wave(rows, inputs, 3))
  const bias = b.constant(wave(1, hidden, 4))
  const dropout = {
    key: [rows, inputs] as const,
    rows: range(rows).map(i => 3 * i + 1),
    columns: range(hidden).map(j => j + Math.floor(j / 5)),
    rate: c.rate
  }
  return { x, ih, hh, bias, whereIh, whereHh, dropout: c.rate === 0 ? undefined : dropout }
}

/** Forward and back by some kernels, each result made of results of `b.kernels` alone. */
const passes = <T>(
  b: Backend<T>,
  c: ListCase,
  { x, ih, hh, bias, whereIh, whereHh, dropout }: ReturnType<typeof makers<T>>
): { readonly made: Results<T>; readonly defined: () => Results<T>; readonly sizes: () => Results<T> } => {
  const { hidden, rows, cut } = c
  const uses = new Map<string, (k: Kernels<T>) => T>()
  const sums = new Map<string, () => T>()
  const made = new Map<string, T>()
  const size = (a: T, w: T, transposed?: 'a' | 'b') => () => b.matMul(absolute(b, a), absolute(b, w), transposed)
  const use = (name: string, f: (k: Kernels<T>) => T, terms: () => T): T => {
    uses.set(name, f)
    sums.set(name, terms)
    const result = f(b.kernels)
    made.set(name, result)
    return result
  }
  const [ihListed, hhListed] = [b.kernels.sparse(ih, whereIh), b.kernels.sparse(hh, whereHh)]
  const one = (t: T) => () => b.affine(t, 0, 1)
  const driven = use('plus a row', k => k.linear(x, ihListed, { plus: bias }), size(x, ih))
  const act = (h: T, what: 'value' | 'slope') => (k: Kernels<T>) => k.activate(c.activation, h, dropout)[what]
  const value = use('value', act(driven, 'value'), one(driven))
  const slope = use('slope', act(driven, 'slope'), one(driven))
  const next = use('plus', k => k.linear(value, hhListed, { plus: driven }), size(value, hh))
  const alone = use('alone', k => k.linear(value, hhListed), size(value, hh))
  const sum = use('sum', () => b.add(next, alone), one(next))
  use(
    'sum of rows',
    () => b.sumRows(sum),
    () => b.sumRows(absolute(b, sum))
  )
  use('dx, times', k => k.linear(next, hhListed, { transposed: 'b', times: slope }), size(next, hh, 'b'))
  use('dx of inputs', k => k.linear(sum, ihListed, { transposed: 'b' }), size(sum, ih, 'b'))
  const times = b.constant(wave(hidden, hidden, 7))
  const dw = (of: 'whereIh' | 'whereHh', plus?: T, factors?: T) => {
    const [source, where] = of === 'whereIh' ? [x, whereIh] : [value, whereHh]
    return (k: Kernels<T>): T =>
      k.linear(source, sum, {
        transposed: 'a',
        where,
        ...(plus ? { plus } : {}),
        ...(factors ? { times: factors } : {})
      })
  }
  use('dw of inputs', dw('whereIh'), size(x, sum, 'a'))
  use('dw, plus a row, times', dw('whereHh', bias, times), size(value, sum, 'a'))
  const part = (t: T, from: number, to: number): T => b.slice(t, [from, 0], [to - from, b.shape(t)[1]])
  const inTwo = (k: Kernels<T>): T => {
    const of = (from: number, to: number, plus?: T): T =>
      k.linear(part(x, from, to), part(sum, from, to), { transposed: 'a', where: whereIh, ...(plus ? { plus } : {}) })
    return of(cut, rows, of(0, cut))
  }
  use('dw in two parts', inTwo, size(x, sum, 'a'))
  use('where wanted, not transposed', k => k.linear(value, hh, { where: b.positive(next) }), size(value, hh))
  return {
    made,
    // later: reading a tensor may change how it lies, and which way is taken
    defined: () => new Map([...uses].map(([name, f]) => [name, f(composed(b))])),
    sizes: () => new Map([...sums].map(([name, f]) => [name, f()]))
  }
}

/**
 * Products by lists, with all that goes on between them, give what their definitions give: for patterns with dead rows and
 * columns, all dead, all living, values 0 where something lives, whatever the rows. To `tolerance` relative to the sum of the
 * absolute values of their terms, and 1.
 */
export const listsAreTheirDefinitions = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(cases, async c => {
    const results = b.scope(
      () => {
        const { made, defined, sizes } = passes(b, c, makers(b, c))
        const [expected, terms] = [defined(), sizes()]
        return [...made].map(([name, t]) => [name, t, expected.get(name) as T, terms.get(name) as T] as const)
      },
      all => all.flatMap(([, ...three]) => three)
    )
    for (const [name, ...three] of results) {
      const [actual, expected, terms] = (await Promise.all(three.map(t => b.download(t)))) as [
        NdArray,
        NdArray,
        NdArray
      ]
      near(name, actual, expected, tolerance, { ...terms, data: terms.data.map(size => 1 + size) })
    }
    b.release([...new Set(results.flatMap(([, ...three]) => three))])
  })
