import { expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { none, paperRule } from '../../rules/index.js'
import type { NeuronId } from '../network/anatomy.js'
import { applyVerdict, clampVerdict, takeCensus } from './assembly.js'
import { batches, batchOf, stream } from '../learning/batches.js'
import type { Census, Rule, Verdict } from './census.js'
import type { Engine } from './engine.js'
import { engine } from './engine.js'
import type { Frame } from './frame.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import { defaults } from '../network/hyperparameters.js'
import { range, tabulate } from '../port/ndarray.js'
import { FailureError } from '../port/failure.js'
import { endingOf } from '../learning/trainable.js'
import { advance } from './progress.js'
import { address, logistic, Purpose } from '../port/random.js'
import { initialState } from '../learning/initial-state.js'
import { sgd } from '../learning/sgd.js'
import { compile, evaluate, step } from '../learning/trainable.js'
import { grow } from './birth-and-death.js'
import type { Progress } from '../index.js'
import { restore, initialStateOn, snapshot, tensors, unstarted } from '../index.js'
import type { State } from '../learning/state.js'
import { train } from './train.js'

type T = ReturnType<ReturnType<typeof reference>['constant']>

const xor = (h: Partial<Hyperparameters>, rule?: Rule) => {
  const b = reference()
  const settings = { ...defaults, learningRate: 0.05, growthPatience: 2, maxHidden: 6, gamma2: 0.01, epochs: 20, ...h }
  const e = engine(b, settings, rule ?? paperRule(settings))
  const samples = {
    x: b.constant({ shape: [4, 2], data: Float32Array.of(-1, -1, -1, 1, 1, -1, 1, 1) }),
    y: b.constant({ shape: [4, 2], data: Float32Array.of(1, 0, 0, 1, 0, 1, 1, 0) }),
    weights: [1, 1, 1, 1]
  }
  return { b, e, samples }
}

const atEpoch = <S extends { readonly clock: object }>(s: S, epoch: number): S => ({
  ...s,
  clock: { ...s.clock, epoch }
})

const frames = async (
  e: Engine<T>,
  data: Parameters<typeof train<T>>[1],
  start: State<T>
): Promise<readonly Frame<T>[]> => {
  const seen: Frame<T>[] = []
  for await (const frame of train(e, data, start)) seen.push(frame)
  return seen
}

test('a life ends after its epochs; a finished one has no more frames', async () => {
  const { b, e, samples } = xor({ epochs: 5 })
  const seen = await frames(e, { training: samples }, initialStateOn(e, 2, 2, 1))
  expect(seen.map(f => f.state.clock.epoch)).toEqual([1, 2, 3, 4, 5])
  expect(seen.map(f => f.events.filter(x => x._tag === 'Stopped'))).toEqual([
    [],
    [],
    [],
    [],
    [{ _tag: 'Stopped', why: 'epochs' }]
  ])
  const done = atEpoch(initialState(e, 2, 2, 1), 5)
  expect(await frames(e, { training: samples }, restore(b, done))).toEqual([])
  expect(b.liveTensors()).toBe(2)
})

test('undisturbed births come in the N-th, 2N-th, ... epoch until Hmax were born', async () => {
  const { e, samples } = xor({ growthPatience: 3, maxHidden: 3, apoptosis: false, epochs: 14 })
  const seen = await frames(e, { training: samples }, initialStateOn(e, 2, 2, 1))
  const births = seen.flatMap(f => f.events.flatMap(x => (x._tag === 'Born' ? [[f.state.clock.epoch, x.neuron]] : [])))
  expect(births).toEqual([
    [3, 0],
    [6, 1],
    [9, 2]
  ])
})

test('where births do not reset it, the count of quiet epochs runs on and births come every epoch', async () => {
  const { e, samples } = xor({ growthPatience: 3, maxHidden: 3, apoptosis: false, birthResetsQuiet: false, epochs: 7 })
  const seen = await frames(e, { training: samples }, initialStateOn(e, 2, 2, 1))
  expect(seen.flatMap(f => f.events.flatMap(x => (x._tag === 'Born' ? [f.state.clock.epoch] : [])))).toEqual([3, 4, 5])
})

test('a death is told, and sets quiet to 0', async () => {
  const kill: Rule = census => ({
    dying: new Set(census.epoch === 3 ? [1 as NeuronId, 77 as NeuronId] : []),
    newborns: 0
  })
  const { e, samples } = xor({ initialHidden: 3, epochs: 4 }, kill)
  const seen = await frames(e, { training: samples }, initialStateOn(e, 2, 2, 1))
  expect(seen.map(f => f.events.filter(x => x._tag === 'Died'))).toEqual([
    [],
    [],
    [{ _tag: 'Died', neuron: 1, layer: '' }],
    []
  ])
  expect(seen.map(f => f.state.model.facts.quiet)).toEqual([1, 2, 0, 1])
  expect(seen[3]!.state.model.facts.hidden).toEqual([0, 2])
})

test('a rule may ask for too much: no more than Hmax are born, none dies who does not live', () => {
  const census: Census = {
    epoch: 1,
    births: 4,
    epochsSinceChange: 1,
    epochsSinceBest: 0,
    hidden: [{ id: 3 as NeuronId, mask: 1 }]
  }
  const made = clampVerdict({ maxHidden: 6 }, census, { dying: new Set([3, 9] as NeuronId[]), newborns: 5 })
  expect(made).toEqual({ dying: new Set([3]), newborns: 2 })
  expect(clampVerdict({ maxHidden: 4 }, census, { dying: new Set(), newborns: -1 }).newborns).toBe(0)
})

test('a census counts from 1 and sees masks at their temperature', async () => {
  const { b, e } = xor({ initialHidden: 2, initialLogit: 0.5, tau: 2 })
  const s = initialStateOn(e, 2, 2, 1)
  const at = { seed: 1, epoch: 7, updates: 0, bestEpoch: 4 }
  const census = await takeCensus(e, s.model, at)
  expect(census).toMatchObject({ epoch: 8, births: 2, epochsSinceChange: 1, epochsSinceBest: 3 })
  expect(census.hidden.map(c => c.id)).toEqual([0, 1])
  for (const { mask } of census.hidden) expect(mask).toBeCloseTo(1 / (1 + Math.exp(-0.25)), 12)
  const noisy = await takeCensus({ ...e, hyperparameters: { ...e.hyperparameters, apoptosisNoise: true } }, s.model, at)
  const noise = logistic(address(1, 7, Purpose.neuron, 0), [0], [0, 1])
  noisy.hidden.forEach((c, i) => expect(c.mask).toBeCloseTo(1 / (1 + Math.exp(-(0.5 + noise[i]!) / 2)), 12))
  b.release(tensors(s))
})

test('executing an empty verdict only ages', async () => {
  const { b, e } = xor({ initialHidden: 2 })
  const s = initialStateOn(e, 2, 2, 1)
  const aged = { ...s, ...applyVerdict(e)(s, { dying: new Set(), newborns: 0 }, s.clock) }
  expect(tensors(aged)).toEqual(tensors(s))
  expect(aged.model.facts.quiet).toBe(1)
  const quiet = { ...s, model: { ...s.model, facts: { ...s.model.facts, quiet: 5 } } }
  const verdict = { dying: new Set([0 as NeuronId]), newborns: 2 }
  const grown = { ...s, ...applyVerdict(e)(quiet, verdict, s.clock) }
  expect(grown.model.facts).toMatchObject({ hidden: [1, 2, 3], births: 4, quiet: 0 })
  expect((await snapshot(b, grown)).model.parameters.weights.shape).toEqual([5, 5])
})

test('mini-batches: a permutation by epoch, in order, a last row of its own joining the batch before', () => {
  const sizes = (rows: number, batchSize: number): readonly number[] =>
    batches({ batchSize }, 1, 0, rows).map(r => r.length)
  expect(sizes(10, 3)).toEqual([3, 3, 4])
  expect(sizes(11, 3)).toEqual([3, 3, 3, 2])
  expect(sizes(9, 3)).toEqual([3, 3, 3])
  expect(sizes(9, 0)).toEqual([9])
  expect(sizes(9, 9)).toEqual([9])
  expect(sizes(9, 20)).toEqual([9])
  expect(batches({ batchSize: 0 }, 1, 0, 4)).toEqual([[0, 1, 2, 3]])
  const all = (seed: number, epoch: number): readonly number[] => batches({ batchSize: 4 }, seed, epoch, 30).flat()
  expect([...all(1, 0)].sort((a, b) => a - b)).toEqual(range(30))
  expect(all(1, 0)).toEqual(all(1, 0))
  expect(all(1, 0)).not.toEqual(all(1, 1))
  expect(all(1, 0)).not.toEqual(all(2, 0))
})

test('a batch holds its rows, its weights divided by their sum', async () => {
  const { b, samples } = xor({})
  const batch = batchOf(b, { ...samples, weights: [1, 2, 3, 4] }, [3, 1])
  expect(Array.from((await b.download(batch.x)).data)).toEqual([1, 1, -1, 1])
  expect(Array.from((await b.download(batch.y)).data)).toEqual([1, 0, 0, 1])
  expect(Array.from((await b.download(batch.weights)).data)).toEqual([4 / 6, 2 / 6])
  const nothing = batchOf(b, { ...samples, weights: [0, 0, 0, 0] }, range(4))
  expect(Array.from((await b.download(nothing.weights)).data)).toEqual([0, 0, 0, 0])
  expect(nothing.x).toBe(samples.x)
})

test('an update for each batch', async () => {
  const { b, e, samples } = xor({ batchSize: 2, epochs: 3 })
  const seen = await frames(e, { training: samples }, initialStateOn(e, 2, 2, 1))
  expect(seen.map(f => f.state.clock.updates)).toEqual([2, 4, 6])
  expect(b.liveTensors()).toBe(2)
})

test('losses are averaged over the rows, whatever the batches', async () => {
  const inputs = [
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
    [0.5, 2]
  ] as const
  const classes = [0, 1, 1, 0, 1]
  // logits that no noise closes, and steps too small to see: each batch is judged by the first weights
  const still = { epochs: 1, learningRate: 1e-12, initialLogit: 40 }
  const lossesOf = async (h: Partial<Hyperparameters>) => {
    const { b, e } = xor({ ...still, ...h })
    const data = {
      x: b.constant({ shape: [5, 2], data: Float64Array.from(inputs.flat()) }),
      y: b.constant(tabulate([5, 2], (i, j) => (classes[i] === j ? 1 : 0))),
      weights: range(5).map(() => 1)
    }
    const [frame] = await frames(e, { training: data }, initialStateOn(e, 2, 2, 1))
    return frame!.losses
  }
  const weights = initialState(xor(still).e, 2, 2, 1).model.parameters.weights.data
  const rows = inputs.map(([p, q], i) => {
    const z = [0, 1].map(j => p * weights[j]! + q * weights[2 + j]!)
    return Math.log(Math.exp(z[0]!) + Math.exp(z[1]!)) - z[classes[i]!]!
  })
  const expected = rows.reduce((sum, loss) => sum + loss, 0) / 5
  const whole = await lossesOf({})
  const uneven = await lossesOf({ batchSize: 3 }) // three rows and two
  expect(whole.task).toBeCloseTo(expected, 9)
  expect(uneven.task).toBeCloseTo(expected, 9)
  expect(whole.auxiliary).toBeGreaterThan(0)
  expect((await lossesOf({ batchSize: 3, competition: false })).auxiliary).toBe(0)
})

test('patience: stops when the validation loss has not been lower for so many epochs', () => {
  const h = { epochs: 100, stopPatience: 3, stopStable: 0 }
  const end = (epoch: number, progress: Partial<Progress>, hyperparameters: Partial<typeof h> = {}) =>
    endingOf({ ...h, ...hyperparameters }, { epoch, stage: null, progress: { ...unstarted, ...progress } })
  expect(end(9, { bestEpoch: 7 })).toBeUndefined()
  expect(end(10, { bestEpoch: 7 })).toBe('patience')
  expect(end(99, {}, { stopPatience: 0 })).toBeUndefined()
  expect(end(9, { stable: 3 }, { stopPatience: 0, stopStable: 4 })).toBeUndefined()
  expect(end(9, { stable: 4 }, { stopPatience: 0, stopStable: 4 })).toBe('stable')
  expect(end(100, {}, { stopPatience: 0 })).toBe('epochs')
})

test('progress: the earliest of the lowest losses; stable while nothing changes', () => {
  const first = advance(unstarted, 1, 0.5, [1, 1, 4], false)
  expect(first).toEqual({ bestEpoch: 1, bestLoss: 0.5, topology: [1, 1, 4], stable: 0 })
  const equal = advance(first, 2, 0.5, [1, 1, 4], false)
  expect(equal).toEqual({ bestEpoch: 1, bestLoss: 0.5, topology: [1, 1, 4], stable: 1 })
  expect(advance(equal, 3, 0.4, [1, 1, 5], false)).toMatchObject({ bestEpoch: 3, bestLoss: 0.4, stable: 0 })
  expect(advance(equal, 3, 0.6, [1, 1, 4], true).stable).toBe(0)
})

test('stopping early happens in a life, on the loss that is watched', async () => {
  const { b, e, samples } = xor({ epochs: 500, stopPatience: 5 }, none)
  const seen = await frames(e, { training: samples, validation: samples }, initialStateOn(e, 2, 2, 1))
  const last = seen.at(-1)!
  expect(last.events).toEqual([{ _tag: 'Stopped', why: 'patience' }])
  expect(last.state.clock.epoch - last.state.clock.progress.bestEpoch).toBe(5)
  expect(Math.min(...seen.map(f => f.validation!.loss))).toBe(last.state.clock.progress.bestLoss)
  expect(last.validation!.outputs.shape).toEqual([4, 2])
  expect(b.liveTensors()).toBe(2)
  const still = xor({ epochs: 500, stopStable: 6, learningRate: 1e-9, initialLogit: 1 }, none)
  const calm = await frames(still.e, { training: still.samples }, initialStateOn(still.e, 2, 2, 1))
  expect(calm.at(-1)!.events).toEqual([{ _tag: 'Stopped', why: 'stable' }])
  expect(calm).toHaveLength(7)
})

test('a loss that is not finite ends the life with the last sound state', async () => {
  const { b, e, samples: tame } = xor({ epochs: 50, initialHidden: 2, initialLogit: 9, loss: 'squared' }, none)
  const samples = { ...tame, y: b.constant({ shape: [4, 2], data: Float64Array.from({ length: 8 }, () => 1e200) }) }
  b.release([tame.y])
  let state: State<T> | undefined
  let events: Frame<T>['events'] = []
  for await (const frame of train(e, { training: samples }, initialStateOn(e, 2, 2, 1))) {
    events = frame.events
    if (events.some(x => x._tag === 'Diverged')) state = frame.keep()
  }
  expect(events).toEqual([{ _tag: 'Diverged', epoch: state!.clock.epoch + 1 }])
  for (const tensor of tensors<T>(state!)) expect((await b.download(tensor)).data.every(Number.isFinite)).toBe(true)
  b.release(tensors(state!))
  expect(b.liveTensors()).toBe(2)
})

test('leaving the loop frees the last state, but not what was kept', async () => {
  const { b, e, samples } = xor({})
  let kept: State<T> | undefined
  for await (const frame of train(e, { training: samples }, initialStateOn(e, 2, 2, 1))) {
    if (frame.state.clock.epoch === 2) kept = frame.keep()
    if (frame.state.clock.epoch === 4) break
  }
  expect(b.liveTensors()).toBe(2 + tensors(kept!).length)
  await snapshot(b, kept!)
  b.release(tensors(kept!))
  expect(b.liveTensors()).toBe(2)
})

test('XOR is learned by a network that started without hidden neurons', async () => {
  const { e, samples } = xor({ epochs: 400, learningRate: 0.03, maxHidden: 8, gamma1: 0.01, gamma2: 0.001 })
  const seen = await frames(e, { training: samples, validation: samples }, initialStateOn(e, 2, 2, 3))
  const outputs = seen.at(-1)!.validation!.outputs.data
  expect([0, 1, 2, 3].map(i => (outputs[2 * i]! > outputs[2 * i + 1]! ? 0 : 1))).toEqual([0, 1, 1, 0])
  expect(seen.at(-1)!.state.model.facts.hidden.length).toBeGreaterThan(0)
})

test('sample weights of 0 take a row out of the loss', async () => {
  const { b, e, samples } = xor({ epochs: 1 })
  const [some] = await frames(e, { training: { ...samples, weights: [1, 1, 1, 0] } }, initialStateOn(e, 2, 2, 1))
  const three = { x: b.gather(samples.x, [0, 1, 2], 0), y: b.gather(samples.y, [0, 1, 2], 0), weights: [5, 5, 5] }
  const [fewer] = await frames(e, { training: three }, initialStateOn(e, 2, 2, 1))
  expect(some!.losses.task).toBeCloseTo(fewer!.losses.task, 12)
})

test('samples that do not fit are refused in the words of whoever made them', async () => {
  const { b, e, samples } = xor({ epochs: 1 })
  const tensor = (rows: number, columns: number) => b.constant(tabulate([rows, columns], () => 1))
  const wrong = (changed: object, validation?: object) => () =>
    frames(
      e,
      {
        training: { ...samples, ...changed },
        ...(validation ? { validation: { ...samples, ...validation } } : {})
      },
      initialStateOn(e, 2, 2, 1)
    )
  await expect(wrong({ x: tensor(4, 3) })()).rejects.toThrow('training: x has 3 columns, the network has 2 inputs')
  await expect(wrong({ x: tensor(3, 2) })()).rejects.toThrow('training: x has 3 rows, y 4')
  await expect(wrong({ y: tensor(4, 1) })()).rejects.toThrow('training: y has 1 columns, the network has 2 outputs')
  await expect(wrong({ weights: [1, 1] })()).rejects.toThrow('training: 2 weights for 4 rows of y')
  await expect(wrong({ weights: [1, -1, 1, 1] })()).rejects.toThrow('training: weight 1 is -1')
  await expect(wrong({}, { x: tensor(4, 5) })()).rejects.toThrow('validation: x has 5 columns')
  for (const name of ['x', 'y', 'weights'])
    await expect(wrong({ [name]: undefined })()).rejects.toThrow(`training: ${name} is missing`)
  const none = (data: unknown) => frames(e, data as never, initialStateOn(e, 2, 2, 1))
  await expect(none(undefined)).rejects.toThrow('data: there are none')
  await expect(none({})).rejects.toThrow('training: x is missing')
  const narrow = stream(rows => tabulate([rows.length, 3], () => 1))
  await expect(wrong({ x: narrow })()).rejects.toThrow('batch: x has 3 columns, the network has 2 inputs')
})

test('a batch or inputs that do not fit are refused by shape, whoever steps or evaluates by hand', () => {
  const { b, e, samples } = xor({})
  const s = initialStateOn(e, 2, 2, 1)
  const wide = b.constant(tabulate([4, 3], () => 1))
  const batch = batchOf(b, samples, range(4))
  const before = b.liveTensors()
  expect(() => evaluate(e)(s, wide)).toThrow(
    /^evaluate: x has 3 columns, the network has 2 inputs\. Give one for each\.$/
  )
  expect(() => step(e)(s, { ...batch, x: wide })).toThrow('batch: x has 3 columns')
  expect(() => step(e)(s, { ...batch, y: wide })).toThrow('batch: y has 3 columns, the network has 2 outputs')
  expect(() => evaluate(e)(s, wide)).toThrow(FailureError)
  expect(b.liveTensors()).toBe(before)
  expect(() => compile(e)(s).outputs(wide)).toThrow('outputs: x has 3 columns, the network has 2 inputs')
})

test('a state that another optimiser remembers is refused wherever its memory counts', async () => {
  const { b, e, samples } = xor({ initialHidden: 2 })
  const plain = engine(b, e.hyperparameters, none, { optimiser: sgd() })
  const batch = batchOf(b, samples, range(4))
  const before = b.liveTensors()
  for (const [mine, other, said] of [
    [
      e,
      plain,
      'state: its optimiser kept 1 matrices for weights, adam keeps 2. Begin with initialState of this engine'
    ],
    [plain, e, 'state: its optimiser kept 2 matrices for weights, sgd keeps 1. Begin with initialState of this engine']
  ] as const) {
    const s = initialStateOn(other, 2, 2, 1)
    expect(() => step(mine)(s, batch)).toThrow(said)
    expect(() => grow(mine)(s, 1)).toThrow(said)
    await expect(frames(mine, { training: samples }, s)).rejects.toThrow(said)
    expect(b.liveTensors()).toBe(before)
  }
})

test('a failing start or a state that somebody else released leaves nothing of the training behind', async () => {
  const { b, e, samples } = xor({ epochs: 3 })
  const before = b.liveTensors()
  const broken = stream(() => {
    throw new Error('no such file')
  })
  const failing = { training: { ...samples, x: broken }, validation: samples }
  await expect(frames(e, failing, initialStateOn(e, 2, 2, 1))).rejects.toThrow('no such file')
  expect(b.liveTensors()).toBe(before)
  const other = reference()
  await expect(frames(e, { training: samples }, initialStateOn({ ...e, backend: other }, 2, 2, 1))).rejects.toThrow(
    'it is of another backend'
  )
  expect(b.liveTensors()).toBe(before)
})

test.each<readonly [unknown, string]>([
  [undefined, 'it is undefined. Return { dying: new Set(), newborns: 0 } for no change.'],
  [7, 'it is 7. Return'],
  [{ dying: [1], newborns: 0 }, 'dying must be a Set of neurons, not [1]. Give new Set([...]).'],
  [{ newborns: 0 }, 'dying must be a Set of neurons, not undefined'],
  ...[NaN, 1.5, -1, Infinity].map(
    n => [{ dying: new Set(), newborns: n }, `newborns must be a whole number from 0, not ${n}`] as const
  )
])("a verdict that is none is refused as the rule's: %o", async (verdict, said) => {
  const { b, e, samples } = xor({ initialHidden: 1 }, () => verdict as Verdict)
  const before = b.liveTensors()
  const lived = frames(e, { training: samples }, initialStateOn(e, 2, 2, 1))
  await expect(lived).rejects.toThrow(FailureError)
  await expect(lived).rejects.toThrow(`the rule's verdict: ${said}`)
  expect(b.liveTensors()).toBe(before)
})
