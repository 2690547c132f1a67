import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { binade, cosine, exp, integerPower, log, log10, log2, power, sigmoid, sine } from './elementary.js'

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

test('sine and cosine are within 1e-15 of the true values, which were computed with 80 digits', () => {
  for (const [x, sin, cos] of [
    [1e-9, 1e-9, 1],
    [0.5, 0.479425538604203, 0.8775825618903728],
    [1, 0.8414709848078965, 0.5403023058681398],
    [1.5707963267948966, 1, 6.123233995736766e-17],
    [3.141592653589793, 1.2246467991473532e-16, -1],
    [4, -0.7568024953079282, -0.6536436208636119],
    [-7.25, -0.8230808790115055, 0.5679241732886948],
    [100, -0.5063656411097588, 0.8623188722876839],
    [321.75, 0.965550146558195, 0.2602170526338503],
    [10000, -0.30561438888825215, -0.9521553682590148],
    [123456.789, -0.9986640823432246, 0.05167253271870138],
    [6400000, -0.7533766542032835, -0.6575892463395872]
  ] as const) {
    expect(Math.abs(sine(x) - sin)).toBeLessThan(1e-15)
    expect(Math.abs(cosine(x) - cos)).toBeLessThan(1e-15)
  }
  fc.assert(
    fc.property(
      fc.double({ min: -6.5e6, max: 6.5e6, noNaN: true }),
      x => Math.abs(sine(x) - Math.sin(x)) < 1e-15 && Math.abs(cosine(x) - Math.cos(x)) < 1e-15
    ),
    { numRuns: 5000 }
  )
  fc.assert(fc.property(fc.double({ min: -1, max: 1, noNaN: true }), x => relative(sine(x), Math.sin(x)) < 1e-15))
  expect(sine(1e-300)).toBe(1e-300)
  expect([sine(0), cosine(0)]).toEqual([0, 1])
  for (const x of [7e6, -7e6, Infinity, NaN]) expect([sine(x), cosine(x)]).toEqual([NaN, NaN])
})

test('logarithms to other bases, and the power of two below', () => {
  for (const [x, two, ten] of [
    [3, 1.584962500721156, 0.47712125471966244],
    [0.1, -3.321928094887362, -1],
    [16.16, 4.01435529297707, 1.2084413564385674],
    [1e-10, -33.219280948873624, -10],
    [1e300, 996.5784284662087, 300]
  ] as const) {
    expect(relative(log2(x), two)).toBeLessThan(1e-15)
    expect(relative(log10(x), ten)).toBeLessThan(1e-15)
  }
  for (const k of [-1022, -37, -1, 0, 1, 9, 1023]) expect([log2(2 ** k), binade(2 ** k)]).toEqual([k, 2 ** k])
  expect([0, -1, Infinity].map(log2)).toEqual([-Infinity, NaN, Infinity])
  expect([5, -5, 7.999, 8, 1.7e308, 0, 5e-324].map(binade)).toEqual([4, 4, 4, 8, 2 ** 1023, 2 ** -1022, 2 ** -1022])
})
