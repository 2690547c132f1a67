import * as fc from 'fast-check'
import { test } from 'vitest'
import { reference } from '../backends/reference.js'
import { effectiveIsEnough, effectiveIsNeeded } from './topology.js'

const RUNS = Number(process.env['LAW_RUNS'] ?? 300)
const SEED = Number(process.env['LAW_SEED'] ?? 1)

test('what topology calls effective is all that outputs depend on', () =>
  fc.assert(effectiveIsEnough(reference()), { numRuns: RUNS, seed: SEED }))

test('outputs depend on all that topology calls effective', () =>
  fc.assert(effectiveIsNeeded(reference()), { numRuns: RUNS, seed: SEED }))
