import { expect, test } from 'vitest'
import { backendNames } from '../backends/open.js'
import { defaults } from '../core/network/hyperparameters.js'
import { candidates, fastest } from './backend-speed.js'

test('every backend is compared or says why it cannot be used, and the fastest is one that can', async () => {
  const hyperparameters = { ...defaults, maxHidden: 4 }
  const all = await candidates({ rows: 8, inputs: 3, outputs: 2, hyperparameters })
  expect(all.map(({ name }) => name)).toEqual(backendNames)
  for (const { name, why, gflops, update } of all) {
    expect(why !== undefined || gflops! > 0, name).toBe(true)
    if (why === undefined && name !== 'reference') expect(update, name).toBeGreaterThan(0)
  }
  const usable = all.filter(({ update }) => update !== undefined)
  expect(usable.map(({ name }) => name)).toContain('simd')
  expect(usable.map(({ name }) => name)).toContain(fastest(all))
})
