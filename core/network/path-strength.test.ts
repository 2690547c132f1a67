/** Path strength, against all paths one by one. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { buildCase, networkCases } from '../../properties/network-case.js'
import { snapshot } from '../learning/state.js'
import { filled, range, tabulate } from '../port/ndarray.js'
import { anatomyOf, born } from './anatomy.js'
import { defaults } from './hyperparameters.js'
import { pathStrengths } from './path-strength.js'
import type { Synapse } from './topology.js'
import { effectiveSynapses, openSynapses } from './topology.js'

/** A hidden neuron's factor where a path arrives with so many synapses to go. */
type Gain = (hidden: number, left: number) => number

/** The products of |weights| and gains of all paths from a sender to an output of at most so many synapses, walked one by one. */
const walked = (
  open: readonly Synapse[],
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
  gain: Gain,
  from: number,
  most: number
): readonly { readonly length: number; readonly product: number }[] =>
  most === 0
    ? []
    : open
        .filter(e => e.from === from)
        .flatMap(e => {
          const weight = Math.abs(e.weight)
          if (e.to < outputs) return [{ length: 1, product: weight }]
          const rest = walked(open, { inputs, outputs }, gain, inputs + e.to - outputs, most - 1)
          return rest.map(({ length, product }) => ({
            length: length + 1,
            product: weight * gain(e.to - outputs, length) * product
          }))
        })

test('is the sum over all paths of at most L synapses, loops included, of the products of their |weights|', async () => {
  await fc.assert(
    fc.asyncProperty(
      networkCases({ initialHidden: 3, maxHidden: 4, hiddenLoops: true }),
      fc.integer({ min: 1, max: 4 }),
      async (networkCase, steps) => {
        const living = await buildCase(reference(), networkCase)
        const { model } = await snapshot(living.engine.backend, living.state)
        living.release()
        const { hyperparameters: h } = networkCase
        const { inputs } = model.facts
        const { mean, variance } = model.buffers
        // running statistics are there for as many steps as the network has
        const settings = h.batchNorm ? h : { ...h, steps }
        const found = pathStrengths(model, settings)
        const open = openSynapses(model)
        // a path with `left` synapses to go arrived after step L - left
        const gain: Gain = (j, left) => {
          if (!h.batchNorm) return 1
          const at = (h.steps - left - 1) * mean.shape[1] + j
          return Math.abs(model.parameters.scale.data[j]!) / Math.sqrt(variance.data[at]! + 1e-5)
        }
        range(inputs).forEach(i => {
          const paths = walked(open, model.facts, gain, i, settings.steps)
          const expected = paths.reduce((sum, { product }) => sum + product, 0)
          expect(Math.abs((found[i] as number) - expected)).toBeLessThanOrEqual(1e-12 * expected)
        })
      }
    ),
    { numRuns: 100 }
  )
})

test('counts no synapse into a dead end, and none on a path that takes too many steps', () => {
  // x -> h0 -> z; x -> h1, which nobody hears; y -> h2 -> h0, so three synapses to z; w -> h1 alone
  const weights: Readonly<Record<string, number>> = { '0 1': -2, '3 0': 3, '0 2': 100, '1 3': 0.5, '5 1': -4, '2 2': 7 }
  const shape = [6, 4] as const
  const facts = born(anatomyOf(3, 1), 3, 0)
  const model = {
    facts,
    parameters: {
      weights: tabulate(shape, (i, j) => weights[`${i} ${j}`] ?? 0),
      synapses: tabulate(shape, (i, j) => (weights[`${i} ${j}`] === undefined ? -1 : 1)),
      biases: filled([1, 4]),
      neurons: filled([1, 3], 1),
      scale: filled([1, 3], 1),
      shift: filled([1, 3])
    },
    buffers: { wiring: filled(shape, 1), mean: filled([2, 3]), variance: filled([2, 3], 1) }
  }
  expect(effectiveSynapses(model, { ...defaults, steps: 3 })).toHaveLength(4)
  expect(pathStrengths(model, { ...defaults, steps: 3 })).toEqual([2 * 3, 0.5 * 4 * 3, 0])
  expect(pathStrengths(model, { ...defaults, steps: 2 })).toEqual([2 * 3, 0, 0])
  expect(pathStrengths(model, { ...defaults, steps: 1 })).toEqual([0, 0, 0])
})
