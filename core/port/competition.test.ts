import { expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { normaliser } from './competition.js'
import { filled } from './ndarray.js'

test('the normaliser has its closed form', () => {
  expect(normaliser(1)).toBeCloseTo(4, 13)
  expect(normaliser(0.2)).toBeCloseTo(1.2 ** 1.2 / 0.2 ** 0.2, 13)
})

test('the penalty of a mask m is C m (1 - m)^alpha, its slope the derivative by the logit', async () => {
  const b = reference()
  for (const [alpha, tau, logit] of [
    [0.2, 1, 0.7],
    [1, 2, -1.5],
    [0.5, 0.5, 0.1]
  ] as const) {
    const at = (x: number) =>
      b.kernels.compete(b.kernels.mask(b.constant(filled([1, 1], x)), b.constant(filled([1, 1])), tau), alpha, tau)
    const value = async (x: number) => (await b.download(at(x).penalty)).data[0]!
    const m = 1 / (1 + Math.exp(-Math.fround(logit) / tau))
    expect(await value(logit)).toBeCloseTo(((1 + alpha) ** (1 + alpha) / alpha ** alpha) * m * (1 - m) ** alpha, 12)
    const h = 2 ** -10
    const numeric = ((await value(Math.fround(logit) + h)) - (await value(Math.fround(logit) - h))) / (2 * h)
    expect((await b.download(at(logit).slope)).data[0]).toBeCloseTo(numeric, 5)
  }
})
