import { expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { simd } from '../../backends/simd.js'
import { none } from '../../rules/rule.js'
import { initialStateOn } from '../learning/initial-state.js'
import { snapshot } from '../learning/state.js'
import { engine } from '../life/engine.js'
import { train } from '../life/train.js'
import type { Backend } from '../port/backend.js'
import { range, tabulate } from '../port/ndarray.js'
import { defaults } from './hyperparameters.js'

const hiddenBiases = async <T>(b: Backend<T>, batchNorm: boolean): Promise<readonly number[]> => {
  const h = { ...defaults, batchNorm, outputBias: true, weightDecay: 0.1, initialHidden: 5, epochs: 4 }
  const training = {
    x: b.constant(tabulate([30, 3], (i, j) => Math.sin(i * 1.3 + j * 7.1))),
    y: b.constant(tabulate([30, 2], (i, j) => (i % 2 === j ? 1 : 0))),
    weights: range(30).map(() => 1)
  }
  const e = engine(b, h, none)
  let biases: readonly number[] = []
  for await (const frame of train(e, { training }, initialStateOn(e, 3, 2, 1)))
    biases = Array.from((await snapshot(b, frame.state)).model.parameters.biases.data).slice(2)
  return biases
}

test('hidden biases stay exactly 0 under BatchNorm, which takes them out again, and learn without it', async () => {
  const zeros = [0, 0, 0, 0, 0]
  expect([await hiddenBiases(await simd(), true), await hiddenBiases(reference(), true)]).toEqual([zeros, zeros])
  expect((await hiddenBiases(reference(), false)).some(bias => bias !== 0)).toBe(true)
})

test('gestated newborns count from the first update where each entry has its own correction; others from their birth', () => {
  const ages = (newborn: 'gestated' | 'fresh'): unknown => {
    const h = { ...defaults, biasCorrection: 'own', newborn, initialHidden: 1 } as const
    const { layer } = engine(reference(), h, none)
    const model = layer.initial(1, 1, 1)
    const born = { ...model, facts: { ...model.facts, bornAt: [4] } }
    const age = layer.age(born as never, 'neurons', 10)
    return typeof age === 'number' ? age : Array.from(age.data)
  }
  expect([ages('gestated'), ages('fresh')]).toEqual([10, [6]])
})
