import { test } from 'vitest'
import { reference } from '../backends/reference.js'
import { holds } from './laws.js'
import { effectiveIsEnough, effectiveIsNeeded } from './topology.js'

test('what topology calls effective is all that outputs depend on', () => holds(effectiveIsEnough(reference())))
test('outputs depend on all that topology calls effective', () => holds(effectiveIsNeeded(reference())))
