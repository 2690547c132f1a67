import { expect, test } from 'vitest'
import { formulas } from '../../properties/theorem.js'
import type { Activation } from './activation.js'
import { tanh } from './elementary.js'
import { activated, normalised } from './scalars.js'

test('activations of a number are their formulas; 0 gives 0, but for sigmoid', () => {
  for (const [name, formula] of Object.entries(formulas))
    for (const x of [-30, -3.5, -1, -1e-3, 0, 1e-9, 0.3, 1, 2.5, 12, 40])
      expect(activated(name as Activation, x), `${name}(${x})`).toBeCloseTo(formula(x), 14)
  for (const name of ['swish', 'identity', 'relu', 'tanh', 'gelu'] as const) expect(activated(name, 0)).toBe(0)
  expect(activated('sigmoid', 0)).toBe(0.5)
})

test('tanh is odd, and 0 at 0 alone', () => {
  for (const x of [1e-300, 1e-20, 1e-9, 1e-7, 0.01, 0.5, 3, 20, 800]) {
    expect(tanh(x)).toBeCloseTo(Math.tanh(x), 15)
    expect(tanh(-x)).toBe(-tanh(x))
    expect(tanh(x)).toBeGreaterThan(0)
  }
  expect(tanh(NaN)).toBe(NaN)
})

test('a number is normalised by given statistics', () => {
  const norm = { mean: 0.5, variance: 4, scale: -3, shift: 0.25 }
  expect(normalised(2, norm)).toBeCloseTo(((2 - 0.5) / Math.sqrt(4 + 1e-5)) * -3 + 0.25, 14)
  expect(normalised(0.5, { ...norm, shift: 0 })).toBe(0)
})
