import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cosine, exp, integerPower, log, power, sigmoid } from './elementary.js'

const relative = (a: number, b: number): number => Math.abs(a - b) / Math.max(Math.abs(b), 1e-300)

test('exp is within 1e-15 of the true value', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -700, max: 709, noNaN: true }),
      x => relative(exp(x), Math.exp(x)) < 1e-15 * Math.max(1, Math.abs(x) / 50)
    ),
    { numRuns: 5000 }
  )
  expect(exp(0)).toBe(1)
  expect(exp(-709)).toBe(0)
  expect(exp(-Infinity)).toBe(0)
  expect(exp(709.5)).toBe(Infinity)
  expect(exp(709)).toBeCloseTo(Math.exp(709), -294)
  expect(relative(exp(708.9), Math.exp(708.9))).toBeLessThan(1e-13)
  expect(exp(NaN)).toBe(NaN)
  expect(relative(exp(-707.9), Math.exp(-707.9))).toBeLessThan(1e-13)
})

test('log is within 1e-15 of the true value', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
      x => Math.abs(log(x) - Math.log(x)) <= 5e-16 * Math.max(1, Math.abs(Math.log(x)))
    ),
    { numRuns: 5000 }
  )
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), x => Math.abs(log(x) - Math.log(x)) <= 3e-16),
    { numRuns: 2000 }
  )
  expect(log(1)).toBe(0)
  expect(log(0)).toBe(-Infinity)
  expect(log(-1)).toBe(NaN)
  expect(log(NaN)).toBe(NaN)
  expect(log(Infinity)).toBe(Infinity)
  expect(log(4)).toBe(Math.log(4))
})

test('exp and log undo each other', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -300, max: 300, noNaN: true }),
      x => Math.abs(log(exp(x)) - x) <= 1e-14 * Math.max(1, Math.abs(x))
    )
  )
})

test('power, integerPower, sigmoid and cosine follow their definitions', () => {
  expect(power(0, 2)).toBe(0)
  expect(power(0, 0)).toBe(1)
  expect(power(2, 0.5)).toBeCloseTo(Math.SQRT2, 14)
  expect(power(1.2, 1.2)).toBeCloseTo(1.2 ** 1.2, 14)
  expect([0, 1, 2, 5, 10].map(n => integerPower(3, n))).toEqual([1, 3, 9, 243, 59049])
  expect(integerPower(0.999, 10_000)).toBeCloseTo(0.999 ** 10_000, 15)
  expect(sigmoid(0)).toBe(0.5)
  expect(sigmoid(2)).toBeCloseTo(1 / (1 + Math.exp(-2)), 15)
  for (const x of [0, 0.3, 1, 1.5707, 1.6, 2.5, 3, Math.PI]) expect(cosine(x)).toBeCloseTo(Math.cos(x), 14)
})
