/** Every how-to of this folder runs, and gives what it says; the published laws judge what one may write oneself. */
import * as fc from 'fast-check'
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { range, uniform } from '../core/index.js'
import type { NdArray } from '../core/index.js'
import {
  decayOnlyIsUpdates,
  layerIsDerivative,
  optimiserIsEntrywise,
  populationIsBounded,
  ruleIsFunction
} from '../properties/index.js'
import { holds } from '../properties/laws.js'
import * as ownData from './own-data.js'
import * as ownLayer from './own-layer.js'
import * as ownOptimiser from './own-optimiser.js'
import * as ownRule from './own-rule.js'
import { examples, run } from './run.js'

const b = reference()

test('each file is an example that can be run by its name, or helps one', async () => {
  const helpers = ['run.ts', 'ring.ts', 'counting.ts'] // counting has a test of its own
  const files = readdirSync('examples').filter(name => /(?<!\.test)\.ts$/.test(name) && !helpers.includes(name))
  expect(files.sort()).toEqual(
    Object.keys(examples)
      .map(name => `${name}.ts`)
      .sort()
  )
  for (const load of Object.values(examples)) expect((await load()).example).toBeTypeOf('function')
  await expect(run('own-rul')).rejects.toThrow("There is no example 'own-rul'. Name one of own-rule")
})

describe('a rule of life of your own', () => {
  test('is a function, under which the population is bounded', async () => {
    await holds(ruleIsFunction(ownRule.replaceWeakest(4, 3)))
    await holds(
      populationIsBounded(b, () => ownRule.replaceWeakest(3, 2)),
      20
    )
  })
  test('replaces neurons without exceeding its size, until as many were born as may be', async () => {
    const { born, died, most } = await ownRule.example()
    expect({ born, most }).toEqual({ born: 20, most: 6 })
    expect(died).toBeGreaterThanOrEqual(14)
  })
})

describe('a layer of your own', () => {
  const drawn = (seed: number, kind: number, shape: readonly [number, number]): NdArray => ({
    shape,
    data: Float64Array.from(uniform([seed, kind], range(shape[0]), range(shape[1]), 2))
  })
  test('is the derivative of its forward pass', () =>
    holds(
      layerIsDerivative(
        b,
        fc
          .record({ rows: fc.integer({ min: 1, max: 5 }), width: fc.integer({ min: 1, max: 5 }), seed: fc.nat(1e6) })
          .map(({ rows, width, seed }) => () => {
            const layer = ownLayer.squares({ backend: b }, 'squares')
            const model = { ...layer.initial(seed, width, width), parameters: { centres: drawn(seed, 1, [1, width]) } }
            return Promise.resolve({
              layer,
              model,
              x: drawn(seed, 2, [rows, width]),
              at: { seed, epoch: 0, updates: 0 }
            })
          })
      )
    ))
  test('spares the network behind it every hidden neuron', async () => {
    const { accuracy, living } = await ownLayer.example()
    expect(living).toBe(0)
    expect(accuracy).toBeGreaterThan(0.9)
  })
})

describe('an optimiser of your own', () => {
  test('treats each entry alone, and decays as many updates would', async () => {
    await holds(optimiserIsEntrywise(b, ownOptimiser.lion()))
    await holds(decayOnlyIsUpdates(b, ownOptimiser.lion()))
  })
  test('trains a network that grows', async () => {
    const { accuracy, living } = await ownOptimiser.example()
    expect(living).toBeGreaterThan(0)
    expect(accuracy).toBeGreaterThan(0.85)
  })
})

test('rows from anywhere become features; a stream is asked batch by batch', async () => {
  const { features, asked, losses } = await ownData.example()
  expect(features).toEqual(['colour=green', 'colour=red', 'colour=yellow', 'weight', 'weight is missing'])
  expect(asked).toEqual([64, 64, 64, 48])
  for (const each of losses) expect(each.at(-1)).toBeLessThan(0.9 * each[0]!)
  expect(Array.from(ownData.pointsOf([3, 0]).data)).toHaveLength(4)
})
