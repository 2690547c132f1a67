import * as fc from 'fast-check'
import { test } from 'vitest'
import { reference } from '../backends/reference.js'
import { gradientsAreDerivatives } from './gradients.js'

test('gradients are derivatives', async () => {
  await fc.assert(gradientsAreDerivatives(reference()), { numRuns: 3000 })
})
