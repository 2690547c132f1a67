import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cubic } from '../../core/life/pruning.js'
import { anatomyOf, born } from '../../core/network/anatomy.js'
import { allowed, withoutLoops } from '../../core/network/wiring.js'
import { holds } from '../../properties/laws.js'
import { layered } from '../layered.js'
import type { MatrixSize } from './densities.js'
import { countsOf, erdosRenyi, uniformly } from './densities.js'
import { placesOf } from './places.js'
import { changed, dropShare, smallest } from './rewiring.js'

/** The matrices of an MLP of some widths. */
const mlpOf = (...widths: readonly number[]): readonly MatrixSize[] =>
  widths.slice(1).map((columns, l) => {
    const rows = widths[l] as number
    return { rows, columns, places: rows * columns }
  })

test.each<readonly [string, readonly MatrixSize[], number, readonly number[]]>([
  ['784-300-100-10, a tenth left', mlpOf(784, 300, 100, 10), 26_620, [0.0795678, 0.2301887, 1]],
  ['784-300-100-10, a fiftieth left', mlpOf(784, 300, 100, 10), 5324, [0.0153937, 0.0445337, 0.3674028]],
  [
    '180-512x4-10, one in 200 left',
    mlpOf(180, 512, 512, 512, 512, 10),
    4420,
    [0.0077434, 0.0040284, 0.0040284, 0.0040284, 0.1051406]
  ]
])('densities of the Erdos-Renyi kernel: %s', (_, matrices, count, expected) => {
  const densities = erdosRenyi(matrices, count)
  densities.forEach((density, l) => expect(density).toBeCloseTo(expected[l] as number, 6))
  expect(countsOf(matrices, densities, count).reduce((p, q) => p + q, 0)).toBe(count)
})

test('every number of weights is met, none beyond what a matrix has', () =>
  holds(
    fc.property(
      fc.array(fc.record({ rows: fc.integer({ min: 1, max: 20 }), columns: fc.integer({ min: 1, max: 20 }) }), {
        minLength: 1,
        maxLength: 5
      }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      (sides, share, kernel) => {
        const matrices = sides.map(side => ({ ...side, places: side.rows * side.columns }))
        const count = Math.round(share * matrices.reduce((n, { places }) => n + places, 0))
        const counts = countsOf(matrices, (kernel ? erdosRenyi : uniformly)(matrices, count), count)
        expect(counts.reduce((p, q) => p + q, 0)).toBe(count)
        counts.forEach((n, l) => {
          expect(n).toBeGreaterThanOrEqual(0)
          expect(n).toBeLessThanOrEqual((matrices[l] as MatrixSize).places)
        })
      }
    )
  ))

test('places by matrix: those of a wiring, each once, and the sides of each matrix', () => {
  const facts = born(anatomyOf(3, 2), 8, 0)
  const shape = { layers: 2, width: 4 }
  const mlp = placesOf({ facts }, layered(shape), shape.width)
  const graph = placesOf({ facts }, withoutLoops, 0)
  const sides = (found: typeof mlp): unknown => found.map(({ rows, columns, places }) => [rows, columns, places])
  // in the order of their first places: row by row, outputs before hidden neurons
  expect(sides(mlp)).toEqual([
    ...[
      [3, 4, 12],
      [4, 4, 16],
      [4, 2, 8]
    ] // to the first layer, to the second, to the outputs
  ])
  expect(sides(graph)).toEqual([
    [3, 2, 6],
    [3, 8, 24],
    [8, 2, 16],
    [8, 8, 56]
  ])
  for (const [found, wiring] of [
    [mlp, layered(shape)],
    [graph, withoutLoops]
  ] as const) {
    const may = allowed(wiring, facts).data
    const all = found.flatMap(({ at }) => at)
    expect([...all].sort((p, q) => p - q)).toEqual([...may.keys()].filter(k => may[k] === 1))
    for (const { at } of found) expect(at).toEqual([...at].sort((p, q) => p - q))
  }
})

/** Places with a size each, many of them equal. */
const sizedPlaces = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 }).chain(places =>
  fc.record({
    places: fc.constant(places),
    sizes: fc.array(fc.constantFrom(0, -0, 0.5, 1, 2, 3), { minLength: 61, maxLength: 61 })
  })
)

test('the smallest of places are the first of them in order, of equals the earlier', () =>
  holds(
    fc.property(sizedPlaces, fc.integer({ min: -1, max: 45 }), ({ places, sizes }, count) => {
      const size = (place: number): number => sizes[place] as number
      const inOrder = [...places].sort((p, q) => size(p) - size(q) || p - q)
      expect(smallest(places, size, count)).toEqual(inOrder.slice(0, Math.max(0, count)))
    })
  ))

test('a change drops what it says, and adds as many of the highest score of what is then empty', () =>
  holds(
    fc.property(sizedPlaces, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), ({ places, sizes }, share, turn) => {
      const allowed = [...Array(61).keys()].filter(place => (place * 7 + turn) % 5 > 0 || places.includes(place))
      const here = [...places].sort((p, q) => p - q)
      const drop = here.filter((_, i) => (i * 13 + turn) % 3 === 0).slice(0, Math.floor(share * here.length))
      const score = (place: number): number => sizes[place] as number
      const kept = here.filter(place => !drop.includes(place))
      const empty = allowed.filter(place => !kept.includes(place)).sort((p, q) => score(q) - score(p) || p - q)
      const wanted = [...kept, ...empty.slice(0, drop.length)].sort((p, q) => p - q)
      expect(changed({ places: here, allowed }, { drop, score })).toEqual(wanted)
    })
  ))

test("RigL's share falls along a cosine", () => {
  expect([0, 25, 50, 75, 90].map(t => Number(dropShare(0.3, t, 75).toFixed(12)))).toEqual([0.3, 0.225, 0.075, 0, 0])
})

test('gradual pruning follows the cubic: of 100,000, to a tenth, at quarters of its span', () => {
  expect([0, 0.25, 0.5, 0.75, 1, 2].map(share => 1 - cubic(100_000, 10_000, share) / 100_000)).toEqual(
    [0, 0.52031, 0.7875, 0.88594, 0.9, 0.9].map(sparsity => expect.closeTo(sparsity, 5) as number)
  )
})
