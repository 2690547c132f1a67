/** Tables of a seed, held against their formulas by other means. */
import { expect, test } from 'vitest'
import { range } from '../core/port/ndarray.js'
import { productPlusSine, signOfProduct } from './synthetic.js'

const rowsOf = (csv: string): readonly (readonly string[])[] =>
  csv
    .trim()
    .split('\n')
    .map(line => line.split(','))

test('the sign of a product is that of its inputs, in two classes of about equal size', () => {
  for (const seed of range(5)) {
    const [head, ...rows] = rowsOf(signOfProduct(seed))
    expect([head, rows.length]).toEqual([['a', 'b', 'noise1', 'noise2', 'sign'], 400])
    for (const [a, b, , , sign] of rows)
      expect(sign).toBe(Math.sign(Number(a)) === Math.sign(Number(b)) ? 'plus' : 'minus')
    const plus = rows.filter(row => row[4] === 'plus').length
    expect(Math.abs(plus - 200)).toBeLessThan(50) // five standard deviations
    for (const j of range(4)) expect(Math.max(...rows.map(row => Math.abs(Number(row[j]))))).toBeLessThanOrEqual(1)
  }
})

test('a product plus a sine is that, and its sine has nearly a whole turn', () => {
  const [head, ...rows] = rowsOf(productPlusSine(1))
  expect([head, rows.length]).toEqual([['a', 'b', 'c', 'y'], 600])
  for (const row of rows) {
    const [a = 0, b = 0, c = 0, y] = row.map(Number)
    expect(y).toBeCloseTo(a * b + Math.sin(c), 5)
  }
  const c = rows.map(row => Number(row[2]))
  expect([Math.min(...c), Math.max(...c)]).toEqual([expect.closeTo(-3, 1), expect.closeTo(3, 1)])
})

test('a seed is a table, and another seed another one', () => {
  expect(signOfProduct(3)).toBe(signOfProduct(3))
  expect(signOfProduct(3)).not.toBe(signOfProduct(4))
  expect(productPlusSine(3)).not.toBe(productPlusSine(4))
})
