import { test } from 'vitest'
import { reference } from '../backends/reference.js'
import { holds } from './laws.js'
import { pruningIsSilent } from './program.js'

test('what a program leaves out was of no effect, to the last bit', () => holds(pruningIsSilent(reference())))
