/** The example holds the published laws, and counts as the closed form says. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { simd } from '../backends/simd.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { defaults } from '../core/network/hyperparameters.js'
import { engine } from '../core/life/engine.js'
import { initialState } from '../core/learning/initial-state.js'
import { restore, tensors } from '../core/learning/state.js'
import { evaluate } from '../core/learning/trainable.js'
import { contract, tolerances } from '../properties/contract.js'
import { none } from '../rules/index.js'
import { counting } from './counting.js'

const b = counting(await simd())

describe('a backend of one own', () => {
  for (const { name, law } of contract(b, tolerances.simd)) {
    test(name, () => fc.assert(law, { numRuns: 20, seed: 1 }))
  }
})

test('an answer takes two operations for each synapse and row, the hidden ones once for each later step', () => {
  const [rows, inputs, outputs, hidden, steps] = [7, 5, 3, 4, 3]
  const h = { ...defaults, steps, initialHidden: hidden, maxHidden: hidden, initialLogit: 1 }
  const e = engine(b, h, none)
  const state = restore(b, initialState(e, inputs, outputs, 1))
  const x = b.constant(tabulate([rows, inputs], (i, j) => i - j))
  const before = b.flops()
  const z = evaluate(e)(state, x)
  const passes = range(steps - 2).length
  expect(b.flops() - before).toBe(
    2 * rows * (inputs * (hidden + outputs) + passes * hidden * hidden + hidden * outputs)
  )
  b.release([z, x, ...tensors(state)])
})
