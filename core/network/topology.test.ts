/** What is of effect in networks small enough to be worked out by hand, and what the networks themselves say about it. */
import { describe, expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { restore } from '../learning/state.js'
import { evaluate, stateOf } from '../learning/trainable.js'
import { noChange } from '../life/census.js'
import { engine } from '../life/engine.js'
import type { NdArray } from '../port/ndarray.js'
import { tabulate } from '../port/ndarray.js'
import { anatomyOf, born } from './anatomy.js'
import type { Hyperparameters } from './hyperparameters.js'
import { defaults } from './hyperparameters.js'
import type { GraphPerceptron } from './parameters.js'
import { effectiveSynapses, openSynapses, outDegrees, topologyOf } from './topology.js'

type Edge = readonly [from: string, to: string, weight?: number]

interface Drawn {
  /** Names of neurons: x and y are inputs, p and q outputs, the digits hidden neurons. */
  readonly edges: readonly Edge[]
  readonly hidden: number
  readonly bias?: Readonly<Record<string, number>>
  readonly shift?: readonly number[]
  /** Running means by step. */
  readonly mean?: readonly (readonly number[])[]
}

const b = reference()

/** A network of two inputs and two outputs with these synapses alone. */
const network = (
  { edges, hidden, bias = {}, shift = [], mean = [] }: Drawn,
  steps: number
): GraphPerceptron<NdArray> => {
  const from = (name: string): number => ('xy'.includes(name) ? 'xy'.indexOf(name) : 2 + Number(name))
  const to = (name: string): number => ('pq'.includes(name) ? 'pq'.indexOf(name) : 2 + Number(name))
  const at = (i: number, j: number): Edge | undefined => edges.find(e => from(e[0]) === i && to(e[1]) === j)
  const shape = [2 + hidden, 2 + hidden] as const
  const row = (f: (j: number) => number): NdArray => tabulate([1, hidden], (_, j) => f(j))
  return {
    facts: born(anatomyOf(2, 2), hidden, 0),
    parameters: {
      weights: tabulate(shape, (i, j) => at(i, j)?.[2] ?? 0.5),
      synapses: tabulate(shape, (i, j) => (at(i, j) ? 1 : -1)),
      biases: tabulate([1, 2 + hidden], (_, j) => bias[String(j - 2)] ?? 0),
      neurons: row(() => 1),
      scale: row(() => 1),
      shift: row(j => shift[j] ?? 0)
    },
    buffers: {
      wiring: tabulate(shape, () => 1),
      mean: tabulate([steps - 1, hidden], (l, j) => mean[l]?.[j] ?? 0),
      variance: tabulate([steps - 1, hidden], () => 1)
    }
  }
}

const nameOf = (s: GraphPerceptron<NdArray>, e: { readonly from: number; readonly to: number }): string => {
  const name = (names: string, i: number): string => names[i] ?? String(i - names.length)
  return `${name('xy'.slice(0, s.facts.inputs), e.from)}${name('pq', e.to)}`
}

/** Outputs of a network for three rows. */
const outputs = async (s: GraphPerceptron<NdArray>, h: Hyperparameters): Promise<readonly number[]> => {
  const e = engine(b, h, () => noChange)
  const z = evaluate(e)(restore(b, stateOf(e, s, 1)), b.constant(tabulate([3, 2], (i, j) => [0.7, -1.3, 2.1][i]! - j)))
  return Array.from((await b.download(z)).data)
}

/** The synapses without which, one at a time, some output is another. */
const missed = async (s: GraphPerceptron<NdArray>, h: Hyperparameters): Promise<readonly string[]> => {
  const whole = await outputs(s, h)
  const found: string[] = []
  for (const e of openSynapses(s)) {
    const columns = s.parameters.synapses.shape[1]
    const synapses = tabulate(s.parameters.synapses.shape, (i, j) =>
      i === e.from && j === e.to ? -1 : s.parameters.synapses.data[i * columns + j]!
    )
    const without = await outputs({ ...s, parameters: { ...s.parameters, synapses } }, h)
    if (without.some((z, i) => z !== whole[i])) found.push(nameOf(s, e))
  }
  return found
}

/** Effective synapses by the names of their ends, and the numbers of effective neurons and of constants among them. */
const found = async (drawn: Drawn, h: Partial<Hyperparameters> = {}): Promise<readonly [string, number, number]> => {
  const settings = { ...defaults, activation: 'tanh' as const, ...h }
  const s = network(drawn, settings.steps)
  const names = effectiveSynapses(s, settings).map(e => nameOf(s, e))
  expect(await missed(s, settings)).toEqual(names)
  const { effectiveNeurons, effectiveSynapses: count, constantNeurons } = topologyOf(s, settings)
  expect(count).toBe(names.length)
  return [names.join(' '), effectiveNeurons, constantNeurons]
}

describe('a neuron that no input reaches', () => {
  const lonely: Drawn = {
    hidden: 1,
    edges: [
      ['x', 'p'],
      ['0', 'p']
    ]
  }
  test('is of no effect if all it ever sends is 0', async () => {
    for (const activation of ['tanh', 'identity', 'swish', 'gelu', 'relu'] as const)
      expect(await found(lonely, { activation })).toEqual(['xp', 0, 0])
    for (const activation of ['tanh', 'swish'] as const)
      expect(await found(lonely, { activation, batchNorm: true })).toEqual(['xp', 0, 0])
  })
  test('is a constant by its bias', async () => {
    expect(await found({ ...lonely, bias: { 0: 0.25 } })).toEqual(['xp 0p', 1, 1])
    // what a hidden neuron sends needs two steps to be read
    expect(await found({ ...lonely, bias: { 0: 0.25 } }, { steps: 2 })).toEqual(['xp 0p', 1, 1])
    expect(await found({ ...lonely, bias: { 0: 0.25 } }, { steps: 1 })).toEqual(['xp', 0, 0])
  })
  test('is a constant by its activation: sigmoid(0) = 1/2', async () => {
    expect(await found(lonely, { activation: 'sigmoid' })).toEqual(['xp 0p', 1, 1])
    expect(await found(lonely, { activation: 'sigmoid', batchNorm: true })).toEqual(['xp 0p', 1, 1])
    expect(await found(lonely, { activation: 'sigmoid', steps: 1 })).toEqual(['xp', 0, 0])
  })
  test('is a constant by its shift, under BatchNorm', async () => {
    expect(await found({ ...lonely, shift: [-0.5] }, { batchNorm: true })).toEqual(['xp 0p', 1, 1])
    expect(await found({ ...lonely, shift: [-0.5] })).toEqual(['xp', 0, 0])
  })
  test('is a constant by the running mean of a step that is read', async () => {
    const mean = [[0], [0.5]] // with three steps, outputs are read after hidden step 1
    expect(await found({ ...lonely, mean }, { batchNorm: true })).toEqual(['xp 0p', 1, 1])
    expect(await found({ ...lonely, mean })).toEqual(['xp', 0, 0])
    expect(await found({ ...lonely, mean: [[0.5], [0]] }, { batchNorm: true })).toEqual(['xp', 0, 0])
    expect(await found({ ...lonely, mean: [[0.5], [0]] }, { batchNorm: true, outputEnhancement: true })).toEqual([
      'xp 0p',
      1,
      1
    ])
  })
  test('is no constant where bias and running mean are equal', async () => {
    const level = { ...lonely, bias: { 0: 0.5 }, mean: [[0.5], [0.5]] }
    expect(await found(level, { batchNorm: true })).toEqual(['xp', 0, 0])
    expect(await found(level)).toEqual(['xp 0p', 1, 1])
  })
  test('is no constant where relu gives 0', async () => {
    expect(await found({ ...lonely, bias: { 0: -1 } }, { activation: 'relu' })).toEqual(['xp', 0, 0])
    expect(await found({ ...lonely, bias: { 0: 1 } }, { activation: 'relu' })).toEqual(['xp 0p', 1, 1])
  })
  test('is of no effect if it reaches no output', async () => {
    expect(
      await found({
        hidden: 2,
        bias: { 0: 1 },
        edges: [
          ['x', 'p'],
          ['0', '1']
        ]
      })
    ).toEqual(['xp', 0, 0])
  })
})

describe('two constants in a row', () => {
  const chain: Drawn = {
    hidden: 2,
    bias: { 0: 1 },
    edges: [
      ['0', '1', -2],
      ['1', 'q']
    ]
  }
  test('are of effect if there are steps enough', async () => {
    expect(await found(chain, { steps: 3 })).toEqual(['01 1q', 2, 2])
    expect(await found(chain, { steps: 2 })).toEqual(['', 0, 0])
  })
  test('cancel exactly: the second sends 0 when it is read', async () => {
    const level = { ...chain, bias: { 0: 1, 1: 2 } } // 2 - 2 * 1 after the second step, 2 after the first
    expect(await found(level, { activation: 'identity', steps: 3 })).toEqual(['01', 1, 1])
    // the outputs of the second step read the first
    expect(await found(level, { activation: 'identity', steps: 3, outputEnhancement: true })).toEqual(['01 1q', 2, 2])
  })
})

describe('an input', () => {
  const late: Drawn = {
    hidden: 2,
    edges: [
      ['x', '0'],
      ['0', '1'],
      ['1', 'p']
    ]
  }
  test('reaches an output by a path of as many synapses as there are steps', async () => {
    expect(await found(late, { steps: 3 })).toEqual(['x0 01 1p', 2, 0])
    expect(await found(late, { steps: 2 })).toEqual(['', 0, 0])
    expect(await found(late, { steps: 5, clampedInputs: false })).toEqual(['x0 01 1p', 2, 0])
  })
  test('that comes too late leaves a constant', async () => {
    const biased = { ...late, bias: { 1: 1 } }
    expect(await found(biased, { steps: 2 })).toEqual(['1p', 1, 1])
    expect(await found(biased, { steps: 3 })).toEqual(['x0 01 1p', 2, 0])
  })
  test('does not count where it reaches no output', async () => {
    expect(
      await found({
        hidden: 2,
        edges: [
          ['x', '0'],
          ['0', '1'],
          ['y', 'q']
        ]
      })
    ).toEqual(['yq', 0, 0])
  })
  test('may go round a loop', async () => {
    const looped = { ...late, edges: [...late.edges, ['1', '0'], ['1', '1']] as const }
    expect(await found(looped, { steps: 3 })).toEqual(['x0 01 1p', 2, 0])
    expect(await found(looped, { steps: 4 })).toEqual(['x0 01 1p 11', 2, 0])
    expect(await found(looped, { steps: 5 })).toEqual(['x0 01 1p 10 11', 2, 0])
  })
})

test('a logit of exactly 0 is closed, a synapse as well as a neuron', () => {
  const e = engine(b, { ...defaults, initialHidden: 2, maxHidden: 2 }, () => noChange)
  const s = e.initial(1, 2, 2).model // all logits are 0
  const nothing = { living: 2, synapses: 0, effectiveNeurons: 0, effectiveSynapses: 0, constantNeurons: 0 }
  expect(topologyOf(s, defaults)).toEqual({ ...nothing, open: 0 })
  expect(outDegrees(s)).toEqual([0, 0])
  const neurons = { ...s, parameters: { ...s.parameters, neurons: tabulate([1, 2], () => 1) } }
  expect(topologyOf(neurons, defaults)).toEqual({ ...nothing, open: 2 })
  const synapses = { ...s, parameters: { ...s.parameters, synapses: tabulate([4, 4], () => 1) } }
  expect(openSynapses(synapses).every(({ from }) => from < 2)).toBe(true)
  expect(topologyOf(synapses, defaults)).toEqual({ ...nothing, open: 0, synapses: 8, effectiveSynapses: 4 })
})
