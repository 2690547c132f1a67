/** Laws that tie what a backend fuses to its definition: composed of basic operations, or, for noise, made on the host. */
import * as fc from 'fast-check'
import type { Backend } from '../core/port/backend.js'
import { lossNames } from '../core/port/objective.js'
import { activationNames } from '../core/port/activation.js'
import type { GatedWeights } from '../core/port/gating.js'
import type { LinearOptions, Kernels } from '../core/port/kernels.js'
import { composed } from '../core/port/kernels.js'
import type { NdArray } from '../core/port/ndarray.js'
import { tabulate } from '../core/port/ndarray.js'
import type { Dropout } from '../core/port/random.js'
import { dropoutFactors, logistic, toUnit, randomBits } from '../core/port/random.js'
import { identical, near, downloaded } from './compare.js'

/** Lengths around those of vectors, tiles and blocks. */
const sides = fc.constantFrom(1, 2, 7, 8, 9, 63, 65, 129)

const matrix = (rows: number, columns: number, kind: number): NdArray =>
  tabulate([rows, columns], (i, j) => Math.sin(1 + i * 12.9898 + j * 78.233 + kind * 37.719) * 2)

const absolute = ({ shape, data }: NdArray): NdArray => ({ shape, data: data.map(Math.abs) })

/** A way to call a kernel, and what it gives. */
type Use<T> = (kernels: Kernels<T>) => readonly T[]

/** Ascending numbers with gaps, as neurons leave them behind. */
const numbers = (n: number, most: number): fc.Arbitrary<readonly number[]> =>
  fc
    .array(fc.integer({ min: 1, max: most }), { minLength: n, maxLength: n })
    .map(gaps => gaps.reduce<number[]>((all, gap) => [...all, (all.at(-1) ?? -1) + gap], []))

const shapes = fc.tuple(sides, fc.oneof(sides, fc.constant(0)), sides).chain(([m, n, k]) =>
  fc.record({
    m: fc.constant(m),
    n: fc.constant(n),
    k: fc.oneof(fc.constant(k), fc.constantFrom(0, 300, 700)),
    columns: fc.oneof(numbers(n, 1), numbers(n, 3)),
    rows: numbers(m, 3),
    rate: fc.constantFrom(0.1, 0.4, 0.999),
    tau: fc.constantFrom(0.5, 1, 2)
  })
)

/**
 * What fused kernels give is what their definitions give, in odd sizes too: to `tolerance` relative to 1 or the entry,
 * products to a tenth of it relative to the sum of the absolute values of their terms; noise to the last bit.
 */
export const kernelsAreTheirDefinitions = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(
    shapes,
    fc.constantFrom(...activationNames),
    fc.constantFrom(...lossNames),
    async ({ m, n, k, columns, rows, rate, tau }, activation, loss) => {
      const key = [m + 7, n + 3] as const
      const dropout: Dropout = { key, rows, columns, rate }
      const made: T[] = []
      const from = (array: NdArray): T => {
        const tensor = b.constant(array)
        made.push(tensor)
        return tensor
      }
      const [x, y, z] = [0, 1, 2].map(kind => from(matrix(m, n, kind))) as [T, T, T]
      const row = (kind: number): T => from(matrix(1, n, kind))
      const [scale, shift] = [row(3), row(4)]
      const one = from(tabulate([1, 1], () => 0.5))
      const w = from(tabulate([m, 1], () => 1 / m))
      const squares = from(tabulate([m, n], (i, j) => 0.1 + Math.abs(Math.sin(i + j))))
      const settings = { b1: 0.9, b2: 0.999, epsilon: 1e-8 }
      const plain = composed(b)
      const sources = { plain: [m, k, k, n], a: [k, m, k, n], b: [m, k, n, k] } as const
      /** A product, and the sums of the absolute values of its terms. */
      const product = (
        what: string,
        left: NdArray,
        right: NdArray,
        also: Omit<LinearOptions<NdArray>, 'where'>,
        form = (_: Kernels<T>, t: T): T => t
      ): readonly [string, Use<T>, Use<T>] => {
        const use = (of: (array: NdArray) => NdArray): Use<T> => {
          const [l, r] = [from(of(left)), from(of(right))]
          const { plus, times, ...how } = also
          const more = { ...(plus && { plus: from(of(plus)) }), ...(times && { times: from(of(times)) }) }
          return kernels => [kernels.linear(l, form(kernels, r), { ...how, ...more })]
        }
        return [what, use(array => array), use(absolute)]
      }
      const [row3, x0, y1] = [matrix(1, n, 3), matrix(m, n, 0), matrix(m, n, 1)]
      const products = (['plain', 'a', 'b'] as const).flatMap(transposed => {
        const [p, q, r, s] = sources[transposed]
        const [left, right] = [matrix(p, q, 5), matrix(r, s, 6)]
        const how = transposed === 'plain' ? {} : { transposed }
        const linear = (what: string, also: Omit<LinearOptions<NdArray>, 'where'>): readonly [string, Use<T>, Use<T>] =>
          product(`linear, ${transposed}${what}`, left, right, { ...how, ...also })
        return [
          linear('', {}),
          linear(', plus a row', { plus: row3 }),
          linear(', plus, times', { plus: x0, times: y1 })
        ]
      })
      const left = matrix(m, k, 7)
      // one entry in 11, one in 41: a backend may take different ways
      const listed = [11, 41].flatMap(of => {
        const thin = tabulate([k, n], (i, j) => ((i * 7 + j * 3) % of === 0 ? Math.sin(i + j) : 0))
        const linear = (what: string, also: Omit<LinearOptions<NdArray>, 'where'>): readonly [string, Use<T>, Use<T>] =>
          product(
            `linear, one in ${of}${what}`,
            left,
            thin,
            also,
            (kernels, t) => kernels.sparse(b.affine(t, 1, 0)) // a copy of its own
          )
        return [linear('', {}), linear(', plus a row', { plus: row3 }), linear(', plus', { plus: x0 })]
      })
      const pattern = (rows: number, of: number): T =>
        from(tabulate([rows, n], (i, j) => ((i + 2 * j) % of === 0 ? 0 : 1)))
      const [wiring, open] = [pattern(m, 5), pattern(m, 3)]
      // as many hidden neurons as there can be, or one fewer
      const hidden = Math.min(n, m - (n % 2))
      const neurons = from(tabulate([1, hidden], (_, j) => j % 2))
      const slopes = from(matrix(1, hidden, 8))
      const gated = (f: Kernels<T>): GatedWeights<T> => ({
        weights: y,
        wiring,
        synapses: f.mask(x, y, tau),
        neurons: { soft: neurons, complement: neurons, hard: neurons, slope: slopes },
        gate: open
      })
      const slot = { value: x, first: y, second: squares }
      const uses: readonly (readonly [string, Use<T>, Use<T>?])[] = [
        ...products,
        ...listed,
        ['axpy', f => [f.axpy(tau, x, y)]],
        ['drop', f => [f.drop(x, dropout)]],
        [`act, ${activation}`, f => [f.act(activation, x)]],
        [`activate, ${activation}`, f => Object.values(f.activate(activation, x)) as T[]],
        [`activate, ${activation}, dropout`, f => Object.values(f.activate(activation, x, dropout)) as T[]],
        ['mask', f => Object.values(f.mask(x, y, tau)) as T[]],
        ['compete', f => Object.values(f.compete(f.mask(x, y, tau), 0.2, tau)) as T[]],
        [
          'compete, counted',
          f => Object.values(f.compete(f.mask(x, y, tau), 0.2, tau, { mask: wiring, factor: 0.3 })) as T[]
        ],
        ['gate', f => [f.gate(open, wiring, neurons)]],
        ['gateBack', f => Object.values(f.gateBack(gated(f), z)) as T[]],
        ['total', f => [f.total(squares)]],
        ['normalise', f => Object.values(f.normalise(x, scale, shift)) as T[]],
        ['normaliseBack', f => Object.values(f.normaliseBack(f.normalise(x, scale, shift), scale, z)) as T[]],
        ...(n > 0
          ? [[`score, ${loss}`, (f: Kernels<T>) => Object.values(f.taskLoss(loss, x, y, w)) as T[]] as const]
          : []),
        [
          'adam',
          f =>
            Object.values(
              f.adam(settings, slot, z, { rate: 0.01, decay: 0, debias: { first: one, second: one } })
            ) as T[]
        ],
        [
          'adam, decaying, by age',
          f =>
            Object.values(
              f.adam(settings, slot, z, { rate: 0.01, decay: tau, debias: { first: squares, second: squares } })
            ) as T[]
        ],
        [
          'adam, decay only',
          f =>
            Object.values(
              f.adamDecayOnly(
                settings,
                slot,
                [0.1, 0.2, 0.05].map(rate => ({ rate, decay: tau, debias: { first: 0.1 + rate, second: 0.3 } }))
              )
            ) as T[]
        ]
      ]
      const results = async (use: Use<T>, kernels: Kernels<T>): Promise<readonly NdArray[]> => {
        const tensors = b.scope(
          () => use(kernels),
          t => t
        )
        const arrays: NdArray[] = []
        for (const t of tensors) arrays.push(await b.download(t))
        b.release([...new Set(tensors)].filter(t => !made.includes(t)))
        return arrays
      }
      for (const [what, use, sums] of uses) {
        const [actual, expected] = [await results(use, b.kernels), await results(use, plain)]
        const sizes = sums && (await results(sums, plain))
        for (const [i, array] of actual.entries()) {
          near(`${what}, result ${i}`, array, expected[i] as NdArray, sizes ? tolerance / 10 : tolerance, sizes?.[i])
        }
      }
      const shape = [m, n] as const
      identical(
        'logistic noise',
        { shape, data: Float32Array.from((await downloaded(b, () => b.kernels.logistic(key, rows, columns))).data) },
        { shape, data: logistic(key, rows, columns) }
      )
      // rows of none, parts of a row of none: what nobody wants may be anything finite
      const few = tabulate([m, n], (i, j) => Number((i >> 1) % 3 > 0 && (j >> 2) % 2 > 0 && (i + j) % 3 > 0))
      const where = from(few)
      const spared = await downloaded(b, () => b.kernels.logistic(key, rows, columns, where))
      identical(
        'logistic noise where it is wanted',
        { shape, data: Float32Array.from(few.data, (wanted, i) => (wanted ? (spared.data[i] as number) : 0)) },
        { shape, data: logistic(key, rows, columns).map((noise, i) => (few.data[i] ? noise : 0)) }
      )
      if (!spared.data.every(noise => Number.isFinite(noise))) throw new Error('logistic noise is not finite')
      const ones = from(tabulate([m, n], () => 1))
      identical(
        'dropout',
        { shape, data: Float32Array.from((await downloaded(b, () => b.kernels.drop(ones, dropout))).data) },
        { shape, data: dropoutFactors(dropout) }
      )
      // a rate that one of the draws just reaches: that one is kept
      const drawn = randomBits(key, rows, columns)
      if (drawn.length > 0) {
        const exact = { ...dropout, rate: toUnit(drawn[drawn.length >>> 1] as number) }
        identical(
          'dropout at a rate that was drawn',
          { shape, data: Float32Array.from((await downloaded(b, () => b.kernels.drop(ones, exact))).data) },
          { shape, data: dropoutFactors(exact) }
        )
      }
      b.release(made)
    }
  )
