import { describe, expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { none } from '../../rules/index.js'
import { anatomyOf, born, receiverNumbers, senderNumbers, surviving } from '../network/anatomy.js'
import { engine } from './engine.js'
import { openMasks } from '../network/evaluate.js'
import { evaluate, step } from '../learning/trainable.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import { defaults } from '../network/hyperparameters.js'
import { filled, tabulate } from '../port/ndarray.js'
import { glorot, initialWeights } from '../network/initial-perceptron.js'
import { addNewborns } from './birth-and-death.js'
import { newborns } from './newborn.js'
import { address, Purpose, uniform } from '../port/random.js'
import { auxiliary, sample } from '../network/sampling.js'
import { initialState } from '../learning/initial-state.js'
import type { State } from '../learning/state.js'
import { entries, restore, snapshot, tensors } from '../learning/state.js'
import { apoptose, grow } from './birth-and-death.js'
import { allowed, receiverAt, senderAt, withLoops, withoutLoops } from '../network/wiring.js'

const b = reference()
const after = <A>(s: State<A>, updates: number, epoch: number): State<A> => ({
  ...s,
  clock: { ...s.clock, updates, epoch }
})
const made = (h: Partial<Hyperparameters> = {}) => engine(b, { ...defaults, maxHidden: 5, ...h }, none)

test('anatomy: ids are birth numbers, senders and receivers are numbered by them', () => {
  const a = surviving(born(born(anatomyOf(2, 3), 3, 0), 1, 9), [0, 2, 3])
  expect(a).toEqual({ inputs: 2, outputs: 3, hidden: [0, 2, 3], bornAt: [0, 0, 9], births: 4, quiet: 0 })
  expect(senderNumbers(a)).toEqual([0, 1, 2, 4, 5])
  expect(receiverNumbers(a)).toEqual([0, 1, 2, 3, 5, 6])
})

test('the tensors of a state come in the order of its entries, which names them', () => {
  const s = initialState(made(), 2, 3, 1)
  const [inOrder, named] = [tensors(s), entries(s)]
  expect(named.map(([path]) => path).slice(0, 2)).toEqual(['parameters.weights', 'parameters.synapses'])
  expect(named.map(([path]) => path).slice(-2)).toEqual(['moments.shift.0', 'moments.shift.1'])
  expect(inOrder.length).toBe(named.length)
  named.forEach(([, tensor], i) => expect(inOrder[i]).toBe(tensor))
})

test('wiring: everything but self-loops of hidden neurons', () => {
  const a = born(anatomyOf(2, 1), 2, 0)
  expect(Array.from(allowed(withoutLoops, a).data)).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0])
  expect(Array.from(allowed(withLoops, a).data).every(v => v === 1)).toBe(true)
  expect(senderAt(a, 1)).toEqual({ layer: 'input', id: 1 })
  expect(senderAt(a, 2)).toEqual({ layer: 'hidden', id: 0 })
  expect(receiverAt(a, 0)).toEqual({ layer: 'output', id: 0 })
  expect(receiverAt(a, 2)).toEqual({ layer: 'hidden', id: 1 })
  expect(made().wiring).toBe(withoutLoops)
  expect(made({ hiddenLoops: true }).wiring).toBe(withLoops)
})

test('a seedling has Glorot weights by seed and number, open logits, nothing else', () => {
  const e = made({ initialHidden: 2, initialLogit: 0.25, steps: 4, newbornMean: 0.5, newbornVariance: 2 })
  const s = initialState(e, 3, 2, 7)
  const bound = Math.sqrt(6 / (3 + 5 + 2))
  expect(glorot(e.hyperparameters, s.model.facts)).toBe(bound)
  const drawn = uniform(address(7, 0, Purpose.weight), [0, 1, 2, 3, 4], [0, 1, 2, 3], bound)
  const may = Array.from(s.model.buffers.wiring.data)
  expect(Array.from(s.model.parameters.weights.data)).toEqual(may.map((m, i) => (m === 1 ? drawn[i]! : 0)))
  expect(Array.from(s.model.parameters.synapses.data)).toEqual(may.map(m => m * 0.25))
  expect(Array.from(s.model.parameters.neurons.data)).toEqual([0.25, 0.25])
  expect(Array.from(s.model.parameters.scale.data)).toEqual([1, 1])
  expect(Array.from(s.model.parameters.shift.data)).toEqual([0, 0])
  expect(Array.from(s.model.parameters.biases.data)).toEqual([0, 0, 0, 0])
  expect(s.model.buffers.mean).toEqual(filled([3, 2], 0.5))
  expect(s.model.buffers.variance).toEqual(filled([3, 2], 2))
  expect(s.moments.weights[0]).toEqual(filled([5, 4]))
  expect(s.clock).toMatchObject({ seed: 7, epoch: 0, updates: 0, stage: null })
  expect(s.model.facts).toMatchObject({ births: 2, quiet: 0 })
  expect(initialState(e, 3, 2, 8).model.parameters.weights.data).not.toEqual(s.model.parameters.weights.data)
})

test('newborns bring the weights that a larger seedling would have had, scaled as those are', async () => {
  const e = made({ newbornScale: 0.5, newbornMean: 0.5, newbornVariance: 2, initialLogit: 0.25 })
  const s = restore(b, initialState(e, 2, 1, 3))
  const grown = await snapshot(b, grow(e)(after(s, 6, 0), 2))
  const full = initialWeights(e.hyperparameters, 3, grown.model.facts)
  grown.model.parameters.weights.data.forEach((w: number, i: number) => {
    expect(w).toBeCloseTo((grown.model.buffers.wiring.data[i] as number) * (full.data[i] as number) * 0.5, 7)
  })
  expect(grown.model.facts).toEqual({ inputs: 2, outputs: 1, hidden: [0, 1], bornAt: [6, 6], births: 2, quiet: 0 })
  expect(grown.model.buffers.wiring).toEqual({
    shape: [4, 3],
    data: Float64Array.from(allowed(withoutLoops, grown.model.facts).data)
  })
  expect(Array.from(grown.model.buffers.mean.data)).toEqual([0.5, 0.5, 0.5, 0.5])
  expect(Array.from(grown.model.buffers.variance.data)).toEqual([2, 2, 2, 2])
  expect(Array.from(grown.model.parameters.neurons.data)).toEqual([0.25, 0.25])
  expect(Array.from(grown.model.parameters.scale.data)).toEqual([1, 1])
  expect(Array.from(grown.model.parameters.synapses.data)).toEqual(
    Array.from(grown.model.buffers.wiring.data, v => v * 0.25)
  )
  expect(grow(e)(s, 0)).toBe(s)
  // by hand, unlike by a rule, also more than maxHidden
  expect(grow(e)(s, 9).model.facts.births).toBe(9)
  for (const count of [-1, 1.5, NaN])
    expect(() => grow(e)(s, count)).toThrow(`grow: count must be a whole number from 0, not ${count}`)
  expect(() => apoptose(e)(s, [0] as never)).toThrow('apoptose: dying must be a Set of neurons, not [0]')
  expect(addNewborns(e)(s, newborns(e)(s.model.facts, 0, s.clock), 0)).toBe(s)
})

test('the auxiliary loss is its formula; without competition it is 0', async () => {
  const e = made({ initialHidden: 2, gamma1: 0.3, gamma2: 0.07, alpha: 0.5 })
  const s = restore(b, initialState(e, 2, 1, 3))
  const h = e.hyperparameters
  const masks = sample(b, h, s.model, s.clock)
  const comp = (m: number): number => (1.5 ** 1.5 / 0.5 ** 0.5) * m * (1 - m) ** 0.5
  const soft = async (t: (typeof masks)['neurons']): Promise<readonly number[]> =>
    Array.from((await b.download(t.soft)).data)
  const may = (await b.download(s.model.buffers.wiring)).data
  const neurons = (await soft(masks.neurons)).reduce((sum, m) => sum + comp(m), 0)
  const synapses = (await soft(masks.synapses)).reduce((sum, m, i) => sum + comp(m) * (may[i] as number), 0)
  const cost = auxiliary(b, h, s.model, masks)
  expect((await b.download(cost.loss)).data[0]).toBeCloseTo((0.3 / 2) * neurons + (0.07 / 4) * synapses, 12)
  const off = auxiliary(b, { ...h, competition: false }, s.model, masks)
  for (const t of [off.loss, off.neurons, off.synapses])
    expect((await b.download(t)).data.every((v: number) => v === 0)).toBe(true)
  const alone = restore(b, initialState(made({ gamma2: 0 }), 2, 1, 3))
  const lonely = auxiliary(b, { ...h, gamma2: 0 }, alone.model, sample(b, h, alone.model, alone.clock))
  expect((await b.download(lonely.loss)).data[0]).toBe(0)
})

const withParameters = <A>(s: State<A>, changed: Partial<State<A>['model']['parameters']>): State<A> => ({
  ...s,
  model: { ...s.model, parameters: { ...s.model.parameters, ...changed } }
})

test('a network worked out by hand', async () => {
  // x = 2, one hidden neuron with identity activation: h = 3 x + 1 = 7, z = 0.5 x - 2 h = -13
  const h = { initialHidden: 1, activation: 'identity', initialLogit: 1 } as const
  const e = made(h)
  const weights = tabulate(
    [2, 2],
    (i, j) =>
      [
        [0.5, 3],
        [-2, 0]
      ][i]![j]!
  )
  const s = restore(b, withParameters(initialState(e, 1, 1, 1), { weights, biases: tabulate([1, 2], (_, j) => j) }))
  type Changed = Parameters<typeof withParameters<ReturnType<typeof b.constant>>>[1]
  const x = b.constant(filled([1, 1], 2))
  const z = async (steps: number, changed: Changed = {}) =>
    (await b.download(evaluate(made({ ...h, steps }))(withParameters(s, changed), x))).data[0]
  expect(await z(3)).toBe(-13)
  expect(await z(1)).toBe(1)
  expect(await z(3, { neurons: b.constant(filled([1, 1], -1)) })).toBe(1)
  expect(await z(3, { neurons: b.constant(filled([1, 1], 0)) })).toBe(1) // open means above 0
  const half = b.constant(tabulate([2, 2], (i, j) => (i === 0 && j === 1 ? -1 : 1)))
  expect(await z(3, { synapses: half })).toBe(-1) // h = 1
  const counted = async (changed: Changed) =>
    (await b.download(b.kernels.total(openMasks(e, withParameters(s, changed).model).gate))).data[0]
  expect(await counted({})).toBe(3)
  expect(await counted({ synapses: half })).toBe(2)
  expect(await counted({ neurons: b.constant(filled([1, 1], -1)) })).toBe(2)
})

test('output enhancement adds what the output was, activated (S 11)', async () => {
  // z_1 = 2, z_2 = 2 + act(2), z_3 = 2 + act(z_2), act the identity
  const e = made({ activation: 'identity', outputEnhancement: true, initialLogit: 1 })
  const s = restore(b, withParameters(initialState(e, 1, 1, 1), { weights: filled([1, 1], 1) }))
  const z = (await b.download(evaluate(e)(s, b.constant(filled([1, 1], 2))))).data[0]
  expect(z).toBe(6)
})

test('unclamped inputs are activated once more at each step (S 3)', async () => {
  const e = made({ activation: 'sigmoid', clampedInputs: false, initialLogit: 1, steps: 3 })
  const s = restore(b, withParameters(initialState(e, 1, 1, 1), { weights: filled([1, 1], 1) }))
  const logistic = (v: number): number => 1 / (1 + Math.exp(-v))
  const z = (await b.download(evaluate(e)(s, b.constant(filled([1, 1], 2))))).data[0]
  expect(z).toBeCloseTo(logistic(logistic(2)), 13)
})

test('sampled evaluation masks are others than those of training, and differ by update', async () => {
  const e = made({ evaluationMasks: 'sampled', initialHidden: 3 })
  const s = restore(b, initialState(e, 4, 3, 1))
  const x = b.constant(filled([1, 4], 1))
  const z = async (state: typeof s) => Array.from((await b.download(evaluate(e)(state, x))).data)
  expect(await z(s)).toEqual(await z(s))
  expect(await z(s)).not.toEqual(await z(after(s, 1, 0)))
  const hard = async (purpose: 'training' | 'evaluation') =>
    Array.from((await b.download(sample(b, e.hyperparameters, s.model, s.clock, purpose).synapses.hard)).data)
  expect(await hard('training')).not.toEqual(await hard('evaluation'))
})

describe('newborns have been where their kind says', () => {
  /** Adam by its paper on decay alone: value, first and second moment after n updates. */
  const decayed = (start: number, lambda: number, rate: number, n: number): readonly [number, number, number] => {
    let [x, m, v] = [start, 0, 0]
    for (let t = 1; t <= n; t++) {
      const g = lambda * x
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      x -= (rate * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8)
    }
    return [x, m, v]
  }
  const settings = { weightDecay: 0.01, learningRate: 0.02, batchNorm: true, newbornScale: 0.5, initialLogit: 0.25 }
  const grown = async (h: Partial<Hyperparameters>) => {
    const e = made({ ...settings, ...h })
    const s = after(restore(b, initialState(e, 2, 1, 3)), 100, 100)
    return { e, host: await snapshot(b, grow(e)(s, 1)) }
  }

  test('gestated: weights and norm parameters have decayed since epoch 0, their moments with them; logits have not', async () => {
    const { e, host } = await grown({ newborn: 'gestated' })
    const full = initialWeights(e.hyperparameters, 3, host.model.facts).data
    // columns: output, newborn; the newborn's entries are all but input -> output
    for (const i of [1, 3, 4]) {
      const [x, m, v] = decayed(full[i] as number, 0.01, 0.02, 100)
      expect(host.model.parameters.weights.data[i]).toBeCloseTo(x, 6)
      expect(host.moments.weights[0]!.data[i]).toBeCloseTo(m, 8)
      expect(host.moments.weights[1]!.data[i]).toBeCloseTo(v, 10)
      expect(Math.abs(x)).toBeLessThan(Math.abs(full[i] as number) / 5)
    }
    const [scale, m, v] = decayed(1, 0.01, 0.02, 100)
    expect(host.model.parameters.scale.data[0]).toBeCloseTo(scale, 6)
    expect(host.moments.scale[0]!.data[0]).toBeCloseTo(m, 8)
    expect(host.moments.scale[1]!.data[0]).toBeCloseTo(v, 10)
    expect(Array.from(host.model.parameters.neurons.data)).toEqual([0.25])
    expect(host.model.parameters.synapses.data[1]).toBe(0.25)
    expect(host.moments.synapses[0]!.data.every((u: number) => u === 0)).toBe(true)
  })

  test('gestated with decaying masks: logits have decayed too', async () => {
    const { host } = await grown({ newborn: 'gestated', decayMasks: true })
    const [logit, m] = decayed(0.25, 0.01, 0.02, 100)
    expect(host.model.parameters.neurons.data[0]).toBeCloseTo(logit, 6)
    expect(host.model.parameters.synapses.data[1]).toBeCloseTo(logit, 6)
    expect(host.moments.neurons[0]!.data[0]).toBeCloseTo(m, 8)
  })

  test('fresh: Glorot times its scale, no moments', async () => {
    const { e, host } = await grown({ newborn: 'fresh' })
    const full = initialWeights(e.hyperparameters, 3, host.model.facts).data
    for (const i of [1, 3, 4]) expect(host.model.parameters.weights.data[i]).toBeCloseTo((full[i] as number) / 2, 6)
    expect(host.model.parameters.scale.data[0]).toBe(1)
    for (const memory of host.moments.weights) expect(memory.data.every((u: number) => u === 0)).toBe(true)
  })
})

test("Adam's correction changes an update only where a neuron is younger than the network", async () => {
  const updated = async (biasCorrection: 'global' | 'own', newborn: 'fresh' | 'gestated' = 'fresh') => {
    const e = made({ biasCorrection, initialLogit: 9, activation: 'tanh', loss: 'squared', newborn })
    const s = after(restore(b, initialState(e, 2, 1, 3)), 50, 50)
    const grown = grow(e)(s, 1)
    const x = b.constant(tabulate([3, 2], (i, j) => i - j))
    const y = b.constant(tabulate([3, 1], i => i))
    const weights = b.constant(filled([3, 1], 1 / 3))
    const next = step(e)(grown, { x, y, weights, rows: [0, 1, 2], own: [] }).state
    return (await snapshot(b, next)).model.parameters.weights.data
  }
  const [global, own] = [await updated('global'), await updated('own')]
  for (const i of [0, 2]) expect(own[i]).toBeCloseTo(global[i] as number, 9) // input -> output
  for (const i of [1, 3, 4]) expect(Math.abs((own[i] as number) - (global[i] as number))).toBeGreaterThan(1e-4)
  // gestated newborns have been in the optimiser since the first update
  expect(await updated('own', 'gestated')).toEqual(await updated('global', 'gestated'))
})
