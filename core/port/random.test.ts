import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { range } from './ndarray.js'
import { address, dropoutFactors, key, logistic, permutation, uniform, threefry, toUnit, randomBits } from './random.js'

test('threefry gives the published vectors of Random123 (kat_vectors, threefry2x32, 20 rounds)', () => {
  const all = 0xffffffff
  expect(threefry([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe])
  expect(threefry([all, all], [all, all])).toEqual([0x1cb996fc, 0xbb002be7])
  expect(threefry([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([0xc4923a9c, 0x483df7a0])
})

test('a seed of any size has its own key', () => {
  expect(key(5)).toEqual([5, 0])
  expect(key(2 ** 32 + 7)).toEqual([7, 1])
})

test('an address depends on every part of it', () => {
  const base = address(1, 2, 3, 4, 5)
  const others = [
    address(2, 2, 3, 4, 5),
    address(1, 3, 3, 4, 5),
    address(1, 2, 4, 4, 5),
    address(1, 2, 3, 5, 5),
    address(1, 2, 3, 4, 6)
  ]
  for (const other of others) expect(other).not.toEqual(base)
  expect(address(1, 2, 3)).toEqual(address(1, 2, 3, 0, 0))
})

test('a word depends on its own row and column alone', () => {
  const numbers = fc.uniqueArray(fc.nat({ max: 500 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(numbers, numbers, (rows, columns) => {
      const many = randomBits([3, 9], rows, columns)
      rows.forEach((r, i) =>
        columns.forEach((c, j) => expect(many[i * columns.length + j]).toBe(randomBits([3, 9], [r], [c])[0]))
      )
    }),
    { numRuns: 200 }
  )
  expect(randomBits([3, 9], [7], [4, 5])).toEqual(Uint32Array.from(threefry([3, 9], [7, 2])))
})

test('unit numbers are the odd multiples of 2^-24, exact in Float32, never 0 or 1', () => {
  expect(toUnit(0)).toBe(2 ** -24)
  expect(toUnit(511)).toBe(2 ** -24)
  expect(toUnit(512)).toBe(3 * 2 ** -24)
  expect(toUnit(0xffffffff)).toBe(1 - 2 ** -24)
  fc.assert(
    fc.property(
      fc.nat({ max: 0xffffffff }),
      w => Math.fround(toUnit(w)) === toUnit(w) && toUnit(w) > 0 && toUnit(w) < 1
    )
  )
})

test('logistic noise is log u - log(1 - u) in Float32 and has the distribution of its name', () => {
  const [rows, columns] = [range(200), range(200)]
  const u = Array.from(randomBits([1, 2], rows, columns), toUnit)
  const g = logistic([1, 2], rows, columns)
  u.slice(0, 2000).forEach((v, i) => expect(g[i]).toBeCloseTo(Math.log(v) - Math.log1p(-v), 5))
  const mean = g.reduce((s, v) => s + v, 0) / g.length
  const variance = g.reduce((s, v) => s + v * v, 0) / g.length
  expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(Math.PI ** 2 / 3 / g.length))
  expect(variance).toBeCloseTo(Math.PI ** 2 / 3, 0)
  // Kolmogorov and Smirnov: 1.95 / sqrt(n) is exceeded once in a thousand seeds
  const sorted = Array.from(g).sort((a, b) => a - b)
  const gap = Math.max(...sorted.map((v, i) => Math.abs(1 / (1 + Math.exp(-v)) - (i + 0.5) / sorted.length)))
  expect(gap).toBeLessThan(1.95 / Math.sqrt(g.length))
})

test('dropout keeps its share, scaled so that the mean stays', () => {
  const kept = dropoutFactors({ key: [4, 4], rows: range(100), columns: range(100), rate: 0.3 })
  expect(new Set(kept)).toEqual(new Set([0, Math.fround(1 / 0.7)]))
  expect(kept.reduce((s, v) => s + v, 0) / kept.length).toBeCloseTo(1, 1)
})

test('symmetric numbers fill (-bound, bound)', () => {
  const drawn = uniform([5, 5], range(100), range(100), 0.25)
  expect(Math.max(...drawn)).toBeLessThan(0.25)
  expect(Math.min(...drawn)).toBeGreaterThan(-0.25)
  expect(Math.max(...drawn)).toBeGreaterThan(0.249)
  expect(Math.min(...drawn)).toBeLessThan(-0.249)
  expect(drawn[0]).toBe(Math.fround((2 * toUnit(randomBits([5, 5], [0], [0])[0]!) - 1) * 0.25))
})

test('a permutation holds every number once, differs by key, and is fair to the first place', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 60 }), (seed, n) => {
      expect([...permutation(key(seed), n)].sort((a, b) => a - b)).toEqual(range(n))
    })
  )
  expect(permutation(key(1), 20)).not.toEqual(permutation(key(2), 20))
  const firsts = range(6000).map(seed => permutation(key(seed), 6)[0]!)
  for (const value of range(6)) expect(firsts.filter(f => f === value).length).toBeGreaterThan(860)
})
