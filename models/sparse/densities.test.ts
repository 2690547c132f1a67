import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cubic } from '../../core/life/pruning.js'
import { holds } from '../../properties/laws.js'
import type { MatrixSize } from './densities.js'
import { countsOf, erdosRenyi, uniformly } from './densities.js'
import { dropShare } from './rewiring.js'

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

test("RigL's share falls along a cosine", () => {
  expect([0, 25, 50, 75, 90].map(t => Number(dropShare(0.3, t, 75).toFixed(12)))).toEqual([0.3, 0.225, 0.075, 0, 0])
})

test('gradual pruning follows the cubic: of 100,000, to a tenth, at quarters of its span', () => {
  expect([0, 0.25, 0.5, 0.75, 1, 2].map(share => 1 - cubic(100_000, 10_000, share) / 100_000)).toEqual(
    [0, 0.52031, 0.7875, 0.88594, 0.9, 0.9].map(sparsity => expect.closeTo(sparsity, 5) as number)
  )
})
