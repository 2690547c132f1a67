/** Slopes and gradients, against differences of what is computed. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { activationNames } from '../../core/port/activation.js'
import { activated } from '../../core/port/scalars.js'
import { programCases } from '../../properties/program-cases.js'
import { computeRow } from '../compute.js'
import { gradientRow } from './gradient.js'
import { activatedWithSlope } from '../../core/port/scalars.js'

const STEP = 1e-5

test.each(activationNames)('%s and its slope are what it is elsewhere, and what it changes by', name => {
  for (const x of [-7, -1.3, -0.2, 0.1, 0.9, 3, 30]) {
    const { value, slope } = activatedWithSlope(name, x)
    expect(value).toBe(activated(name, x))
    expect(slope).toBeCloseTo((activated(name, x + STEP) - activated(name, x - STEP)) / (2 * STEP), 7)
  }
})

test('the slope of relu at its kink is 0', () => {
  expect(activatedWithSlope('relu', 0)).toEqual({ value: 0, slope: 0 })
})

// at a kink of relu within a difference's reach there is no one slope: then the two sides differ
test('gradients are the central differences of what programs compute, in the units of the inputs', () => {
  let compared = 0
  fc.assert(
    fc.property(programCases(), ({ program, rows: [row] }) => {
      const [gradient, z] = [gradientRow(program), computeRow(program)]
      program.outputs.forEach((_, output) => {
        const found = gradient(row, output)
        const here = z(row)[output]!
        expect(found.z).toBe(here)
        program.inputs.forEach(({ factor }, i) => {
          const moved = (by: number): number => z(row.map((v, k) => (k === i ? v + by : v)))[output]!
          const [up, down] = [(moved(STEP) - here) / STEP, (here - moved(-STEP)) / STEP]
          const size = Math.max(1, Math.abs(up))
          if (Math.abs(up - down) > 1e-2 * size) return
          compared += Number(factor !== 0 && up !== 0)
          expect(Math.abs(found.slopes[i]! - (up + down) / 2)).toBeLessThan(1e-5 * size)
        })
      })
    }),
    { numRuns: 1000 }
  )
  expect(compared).toBeGreaterThan(1500)
})
