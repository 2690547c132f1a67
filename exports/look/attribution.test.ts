/** What inputs contributed: the law, linear networks by hand, and integrals that are known. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { range } from '../../core/port/ndarray.js'
import { programCases } from '../../properties/program-cases.js'
import type { Attribution } from './attribution.js'
import { attributionOf, isLinear } from './attribution.js'
import { computeRow } from '../compute.js'
import { gradientRow } from './gradient.js'
import type { Program } from '../program.js'

const sumOf = (a: Attribution): number => a.contributions.reduce((s, v) => s + v, 0)

test('contributions add up to what the output differs by, for programs of any kind, to 1e-3 of max(1, the difference)', () => {
  let curved = 0
  fc.assert(
    fc.property(programCases(), ({ program, rows: [row, baseline] }) => {
      const z = computeRow(program)
      const attributed = attributionOf(program)
      program.outputs.forEach((_, output) => {
        const found = attributed(row, baseline, output)
        const difference = z(row)[output]! - z(baseline)[output]!
        expect(found.z - found.from).toBeCloseTo(difference, 10)
        expect(Math.abs(sumOf(found) - difference)).toBeLessThanOrEqual(1e-3 * Math.max(1, Math.abs(difference)))
        expect(found.reached).toBe(true)
        expect(found.gap).toBeCloseTo(sumOf(found) - difference, 10)
        curved += Number(found.gradients > 48)
      })
    }),
    { numRuns: 500 }
  )
  expect(curved).toBeGreaterThan(50)
})

test('each contribution is that of ten thousand steps, not only their sum', () => {
  fc.assert(
    fc.property(programCases({ hidden: 4, steps: 3 }), ({ program, rows: [row, baseline] }) => {
      const [gradient, many] = [gradientRow(program), 10_000]
      const found = attributionOf(program)(row, baseline, 0)
      const sums = program.inputs.map(() => 0)
      for (const k of range(many)) {
        const t = (k + 0.5) / many
        const { slopes } = gradient(
          row.map((v, i) => baseline[i]! + t * (v - baseline[i]!)),
          0
        )
        slopes.forEach((slope, i) => (sums[i]! += (slope * (row[i]! - baseline[i]!)) / many))
      }
      const size = Math.max(1, Math.abs(found.z - found.from))
      sums.forEach((sum, i) => expect(Math.abs(sum - found.contributions[i]!)).toBeLessThan(5e-3 * size))
    }),
    { numRuns: 20 }
  )
})

test('without hidden neurons they are weight times distance, in one step and with no gap but rounding', () => {
  fc.assert(
    fc.property(
      programCases({ hidden: 0, clampedInputs: true, outputLoops: false }),
      ({ program, rows: [row, baseline] }) => {
        const { contributions, gap, gradients } = attributionOf(program)(row, baseline, 0)
        expect(gradients).toBe(1)
        expect(Math.abs(gap)).toBeLessThan(1e-12)
        program.inputs.forEach(({ factor }, i) => {
          const weight = program.synapses.find(s => s.from === i && s.to === program.inputs.length)?.weight ?? 0
          expect(contributions[i]).toBeCloseTo(weight * factor * (row[i]! - baseline[i]!), 12)
        })
      }
    )
  )
})

/** z = w act(a + b) of two inputs and one hidden neuron. */
const sum = (activation: Program['activation'], weight: number = 1): Program => ({
  ...{ steps: 2, activation, clampedInputs: true, outputLoops: false, kind: 'numbers', targets: ['y'] },
  inputs: ['a', 'b'].map(name => ({ name, offset: 0, factor: 1 })),
  hidden: [{ id: 0, bias: 0 }],
  outputs: [{ name: 'y', bias: 0, offset: 0, factor: 1 }],
  synapses: [
    { from: 0, to: 2, weight: 1 },
    { from: 1, to: 2, weight: 1 },
    { from: 2, to: 3, weight }
  ]
})

describe('integrals that are known', () => {
  // of act(a + b) each input has its share of the distance of a + b, times what act changes by
  test('two inputs of one neuron share by their distances', () => {
    const { contributions, z } = attributionOf(sum('tanh'))([1, 0.5], [0, 0], 0)
    expect(z).toBeCloseTo(Math.tanh(1.5), 12)
    expect(contributions[0]).toBeCloseTo((2 / 3) * Math.tanh(1.5), 3)
    expect(contributions[1]).toBeCloseTo(Math.tanh(1.5) / 3, 3)
  })
  test('a kink in the path is found, however steep', () => {
    const { contributions, reached, gradients } = attributionOf(sum('relu', 1000))([0.0371, 0.0001], [-1, 0], 0)
    const z = 37.2
    expect(reached).toBe(true)
    expect(gradients).toBeLessThan(300)
    expect(Math.abs(contributions[0]! - (z * 1.0371) / 1.0372)).toBeLessThan(1e-3 * z)
  })
  // sum and difference hide it: y = tanh(20 a) - tanh(20 b) from (-1, -1) to (1, 1) is 0 all the way
  test('what cancels in the sum is exact all the same', () => {
    const program: Program = {
      ...sum('tanh'),
      hidden: [
        { id: 0, bias: 0 },
        { id: 1, bias: 0 }
      ],
      synapses: [
        { from: 0, to: 2, weight: 200 },
        { from: 1, to: 3, weight: 200 },
        { from: 2, to: 4, weight: 1 },
        { from: 3, to: 4, weight: -1 }
      ]
    }
    const { contributions } = attributionOf(program)([1, 1], [-0.9, -0.9], 0)
    expect(contributions[0]).toBeCloseTo(2, 2)
    expect(contributions[1]).toBeCloseTo(-2, 2)
  })
})

test('a bound on the work is kept, and what is not reached is said', () => {
  // all of the change lies between two neighbours among the numbers
  const steep = attributionOf(sum('tanh', 1e9))([1e300, 1e300], [-1e300, -0.9e300], 0)
  expect(steep.reached).toBe(false)
  expect(Math.abs(steep.gap)).toBeGreaterThan(1e6)
  expect(steep.gradients).toBeLessThan(3 * 4 * 2048)
  const infinite = attributionOf(sum('identity', 1e300))([1e300, 0], [0, 0], 0)
  expect(infinite).toMatchObject({ reached: false, gap: NaN, gradients: 48 })
})

test('only sums of the inputs are linear', () => {
  const { hidden: _, synapses: __, ...rest } = sum('tanh')
  const plain: Program = { ...rest, hidden: [], synapses: [{ from: 0, to: 2, weight: 1 }] }
  expect(isLinear(plain)).toBe(true)
  expect(isLinear({ ...plain, clampedInputs: false })).toBe(false)
  expect(isLinear({ ...plain, outputLoops: true })).toBe(false)
  expect(isLinear({ ...plain, steps: 1, clampedInputs: false, outputLoops: true })).toBe(true)
  expect(isLinear(sum('tanh'))).toBe(false)
})
