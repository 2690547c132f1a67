import { beforeEach, describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { simd } from '../backends/simd.js'
import { digest } from '../codecs/checkpoint.js'
import type { Census } from '../core/life/census.js'
import type { NeuronId } from '../core/network/anatomy.js'
import { FailureError } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { Stage } from '../core/life/stage.js'
import type { SomeStageChoice } from '../rules/stages.js'
import { stageNamed } from '../rules/stages.js'
import { fitClassifier, fitLabeller, fitRegressor } from './estimator.js'
import type { EpochReport } from './fit.js'
import { decodeModel, encodeModel } from './model-file.js'

const noise = (i: number, k: number): number => Math.sin(i * 12.9898 + k * 78.233)
const rows = range(60).map(i => [(i % 3) + 0.3 * noise(i, 1), noise(i, 2)])
const kinds = range(60).map(i => ['red', 'green', 'blue'][i % 3] as string)
// each test has a backend of its own: models left open by another are freed whenever the engine collects them
const fast = () => ({ backend: reference(), epochs: 80, learningRate: 0.05, dropout: 0 })
let quick = fast()
let { backend } = quick
beforeEach(() => {
  quick = fast()
  backend = quick.backend
})

describe('a classifier', () => {
  test('learns, predicts names, gives probabilities in the order of its classes, scores', async () => {
    const seen: number[] = []
    const model = await fitClassifier(rows, kinds, { ...quick, onEpoch: f => seen.push(f.epoch) })
    expect(seen).toEqual(range(80).map(i => i + 1))
    expect(await model.score(rows, kinds)).toBeGreaterThan(0.9)
    const [predicted, p] = [await model.predict(rows), await model.predictProba(rows)]
    expect(model.stored.task.outputs).toEqual(['blue', 'green', 'red'])
    p.forEach((row, i) => {
      expect(row.reduce((s, v) => s + v, 0)).toBeCloseTo(1, 10)
      expect(model.stored.task.outputs[row.indexOf(Math.max(...row))]).toBe(predicted[i])
    })
    expect(backend.liveTensors()).toBeGreaterThan(0) // ready to answer again
    model.close()
    expect(backend.liveTensors()).toBe(0)
  })
  test('is the same for the same seed, another for another', async () => {
    const p = async (seed: number) =>
      (await fitClassifier(rows, kinds, { ...quick, epochs: 10, seed })).predictProba(rows.slice(0, 3))
    expect(await p(1)).toEqual(await p(1))
    expect(await p(1)).not.toEqual(await p(2))
  })
  test('goes on from a model, with its preparation and classes', async () => {
    const first = await fitClassifier(rows, kinds, { ...quick, epochs: 5, use: 'last' })
    const more = await fitClassifier(
      rows.map(([a, b]) => [a! + 5, b!]),
      kinds,
      { backend, from: first.stored, epochs: 7, use: 'last' }
    )
    expect(more.stored.state.clock.epoch).toBe(12)
    expect(more.stored.preparation).toEqual(first.stored.preparation)
    await expect(
      fitClassifier(
        rows,
        kinds.map(() => 'pink'),
        { backend, from: first.stored }
      )
    ).rejects.toThrow('the model does not know the class pink')
    await expect(
      fitClassifier(
        rows.map(r => [...r, 1]),
        kinds,
        { backend, from: first.stored }
      )
    ).rejects.toThrow('the model has 2 inputs, x has 3 columns')
  })
  test('goes on from a model to a number of synapses, in the epochs that it is given', async () => {
    const first = await fitClassifier(rows, kinds, { ...quick, epochs: 20, stages: [], use: 'last' })
    const fewer = first.synapses - 2
    const on = { backend, from: first.stored, epochs: 12, use: 'last' } as const
    const small = await fitClassifier(rows, kinds, { ...on, targetSynapses: fewer })
    expect(fewer).toBeGreaterThan(0)
    expect(small.synapses).toBe(fewer)
    expect(small.stored.state.clock.epoch).toBe(32)
    const all = await fitClassifier(rows, kinds, { ...on, targetSynapses: 1000 })
    expect(all.warnings[0]).toContain(`${all.synapses} synapses are left, 1000 were asked for`)
  })
  test('lives stages as values as it lives those that have a name', async () => {
    const choice = { name: 'prune', epochs: 6, synapses: 4 } as const
    const fit = async (...stages: readonly (Stage | SomeStageChoice)[]): Promise<string> =>
      digest((await fitClassifier(rows, kinds, { ...quick, epochs: undefined, stages })).stored.state)
    expect(await fit({ epochs: 10 }, stageNamed(choice))).toBe(await fit({ name: 'life', epochs: 10 }, choice))
  })
  test('stops early, and then gives the network of the lowest validation loss', async () => {
    const model = await fitClassifier(rows, kinds, { ...quick, epochs: 2000, stopPatience: 15 })
    const { epoch, progress } = model.stored.state.clock
    expect(epoch).toBe(progress.bestEpoch)
    expect(epoch).toBeLessThan(2000)
  })
  test('weights decide between contradicting rows', async () => {
    const same = range(40).map(i => [i % 2, 1 - (i % 2)])
    const torn = range(40).map(i => (i < 20 ? 'a' : 'b'))
    const share = async (options: object): Promise<number> => {
      const model = await fitClassifier(same, torn, { ...quick, epochs: 150, validationShare: 0, ...options })
      return (await model.predictProba([[0, 1]]))[0]![0]!
    }
    expect(await share({})).toBeCloseTo(0.5, 1)
    expect(await share({ classWeights: { a: 9 } })).toBeGreaterThan(0.75)
    expect(await share({ sampleWeights: range(40).map(i => (i < 20 ? 1 : 9)) })).toBeLessThan(0.25)
    const uneven = range(44).map(i => (i < 4 ? 'a' : 'b'))
    const few = await fitClassifier(
      range(44).map(i => [i % 2, 1 - (i % 2)]),
      uneven,
      { ...quick, epochs: 150, validationShare: 0, classWeights: 'balanced' }
    )
    expect((await few.predictProba([[0, 1]]))[0]![0]!).toBeGreaterThan(0.3)
  })
})

test('a labeller decides each label by its threshold', async () => {
  const y = rows.map(([a, b]) => [a! > 1 ? 1 : 0, b! > 0 ? 1 : 0])
  const model = await fitLabeller(rows, y, quick)
  expect(await model.score(rows, y)).toBeGreaterThan(0.85)
  const p = await model.predictProba(rows)
  expect(await model.predict(rows)).toEqual(p.map(row => row.map(v => (v >= 0.5 ? 1 : 0))))
  const shy = await fitLabeller(rows, y, { ...quick, threshold: 0.999999 })
  expect((await shy.predict(rows)).flat().reduce((s, v) => s + v, 0)).toBeLessThan(y.flat().reduce((s, v) => s + v, 0))
})

test('a regressor answers in the units it learned, an output bias included', async () => {
  const y = rows.map(([a, b]) => [1000 + 50 * a!, 3 * b!])
  const model = await fitRegressor(rows, y, { ...quick, epochs: 300 })
  expect(model.stored.hyperparameters).toMatchObject({ outputBias: true, loss: 'squared' })
  expect(await model.score(rows, y)).toBeGreaterThan(0.85)
  const [first] = await model.predict(rows)
  expect(first![0]).toBeGreaterThan(950)
  expect(first![0]).toBeLessThan(1150)
})

describe('a model', () => {
  test('says what it is: classes, neurons, synapses, and which inputs matter', async () => {
    const model = await fitClassifier(rows, kinds, quick)
    expect(model.classes).toEqual(['blue', 'green', 'red'])
    const { model: network } = model.stored.state
    expect(model.neurons).toBeLessThanOrEqual(network.facts.hidden.length)
    expect(model.inputImportance).toHaveLength(2)
    expect(model.inputImportance[0]).toBeGreaterThan(0)
    expect(model.synapses).toBeGreaterThanOrEqual(model.inputImportance.reduce((p, q) => p + q, 0))
    model.close()
  })
  test('takes rows as lists, booleans, typed arrays or one flat matrix', async () => {
    const model = await fitClassifier(rows, kinds, { ...quick, epochs: 5 })
    const flat = { shape: [60, 2] as const, data: Float64Array.from(rows.flat()) }
    const typed = rows.map(row => Float64Array.from(row))
    const p = await model.predictProba(rows)
    expect(await model.predictProba(flat)).toEqual(p)
    expect(await model.predictProba(typed)).toEqual(p)
    expect(await (await fitClassifier(flat, kinds, { ...quick, epochs: 5 })).predictProba(rows)).toEqual(p)
    expect(await model.predictOne(typed[7]!)).toBe((await model.predict(rows))[7])
    const yes = rows.map(row => [row[0]! > 1, row[1]! > 0])
    const labels = await fitLabeller(rows, yes, { ...quick, epochs: 5 })
    expect(await labels.predict(yes)).toHaveLength(60)
    await expect(model.predict({ shape: [2, 2], data: [1, 2, 3] })).rejects.toThrow('3 numbers for 2 rows of 2 columns')
    await expect(model.predict([[1]])).rejects.toThrow('x: it has 1 columns, the model was trained on 2')
    await expect(model.predict([[1e300, 0]])).rejects.toThrow('too far from the rows that the model learned from')
    await expect(model.score(rows, ['red'])).rejects.toThrow('1 answers for 60 rows')
    for (const each of [model, labels]) each.close()
    model.close() // once more is nothing
    expect((await model.predict(rows)).length).toBe(60) // and the next question makes it ready again
    model.close()
  })
  test('is one array of bytes, of any kind, checked on the way in', async () => {
    const before = backend.liveTensors()
    const numbers = await fitRegressor(
      rows,
      rows.map(([a]) => [a! * 5]),
      { ...quick, epochs: 5 }
    )
    const labels = await fitLabeller(
      rows,
      rows.map(([a]) => [a! > 1]),
      { ...quick, epochs: 5, threshold: 0.3 }
    )
    const classes = await fitClassifier(rows, kinds, { ...quick, epochs: 5 })
    for (const model of [numbers, labels, classes]) {
      const bytes = await encodeModel(model)
      const again = await decodeModel(bytes, { backend })
      expect(await again.predict(rows)).toEqual(await model.predict(rows))
      expect(await digest(again.stored.state)).toBe(await digest(model.stored.state))
      for (const at of [0, 40, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const damaged = bytes.slice()
        damaged[at] = damaged[at]! ^ 1
        await expect(decodeModel(damaged, { backend }), `byte ${at}`).rejects.toBeInstanceOf(FailureError)
      }
      await expect(decodeModel(bytes.subarray(0, 100), { backend })).rejects.toThrow('it has no header line')
      for (const each of [again, model]) each.close()
    }
    expect(backend.liveTensors()).toBe(before)
  })
  test('a backend of its own is closed with it', async () => {
    const model = await fitClassifier(rows, kinds, { epochs: 3 })
    expect(await model.predict(rows)).toHaveLength(60)
    model.close()
    const simdToo = await fitClassifier(rows, kinds, { backend: await simd(), epochs: 3 })
    expect(await simdToo.predict(rows)).toHaveLength(60)
  })
})

describe('a fit', () => {
  test('tells every epoch in plain numbers', async () => {
    const seen: EpochReport[] = []
    await fitClassifier(rows, kinds, { ...quick, epochs: 3, stages: [], onEpoch: epoch => seen.push(epoch) })
    expect(seen[2]).toMatchObject({ epoch: 3, births: 1, deaths: 0, living: 3 })
    expect(seen[2]!.losses.validation).toBeGreaterThan(0)
    expect(seen[2]!.metrics['f1Micro']).toBeGreaterThan(0)
    expect(seen[2]!.seconds).toBeGreaterThan(0)
  })
  test('obeys a rule of the caller, and watches validation data of the caller', async () => {
    const censuses: number[] = []
    const rule = () => (census: Census) => {
      censuses.push(census.epoch)
      return { dying: new Set<NeuronId>(), newborns: census.epoch === 2 ? 3 : 0 }
    }
    const validation = { x: rows.slice(0, 10), y: kinds.slice(0, 10) }
    const losses: (number | undefined)[] = []
    const model = await fitClassifier(rows.slice(10), kinds.slice(10), {
      ...quick,
      epochs: 4,
      stages: [],
      rule,
      validation,
      onEpoch: ({ losses: { validation: loss } }) => losses.push(loss)
    })
    expect(censuses).toEqual([1, 2, 3, 4])
    expect(model.stored.state.model.facts.births).toBe(3)
    // the watched loss is that of the caller's rows
    const p = await model.predictProba(validation.x)
    const mean = p.reduce((sum, row, i) => sum - Math.log(row[model.classes.indexOf(validation.y[i]!)]!), 0) / p.length
    expect(losses[3]).toBeCloseTo(mean, 9)
    model.close()
    await expect(fitClassifier(rows, kinds, { ...quick, validation: { x: [[1, 2]], y: ['pink'] } })).rejects.toThrow(
      'validation.y: the model does not know the class pink'
    )
  })
  test('is cancelled by a signal, and gives what was learned until then', async () => {
    const before = backend.liveTensors()
    const controller = new AbortController()
    const model = await fitClassifier(rows, kinds, {
      ...quick,
      epochs: 100_000,
      stages: [],
      signal: controller.signal,
      onEpoch: ({ epoch }) => {
        if (epoch === 7) controller.abort()
      }
    })
    expect(model.stored.state.clock.epoch).toBe(7)
    expect(backend.liveTensors()).toBe(before)
    const same = await fitClassifier(rows, kinds, { ...quick, epochs: 7, stages: [] })
    expect(await digest(model.stored.state)).toBe(await digest(same.stored.state))
    const early = await fitClassifier(rows, kinds, { ...quick, signal: AbortSignal.abort() })
    expect(early.stored.state.clock.epoch).toBe(0)
  })
  test('lets other work have its turn between updates, and keeps its digest', async () => {
    const many = { ...quick, epochs: 2, batchSize: 2, initialHidden: 16 }
    const repeated = range(4000).map(i => rows[i % 60]!)
    const named = range(4000).map(i => kinds[i % 60]!)
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const first = await fitClassifier(repeated, named, many)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
    expect(await digest(first.stored.state)).toBe(
      await digest((await fitClassifier(repeated, named, many)).stored.state)
    )
  })
  test('without growth begins with all neurons, and undefined settings are left out', async () => {
    const model = await fitClassifier(rows, kinds, {
      ...quick,
      epochs: 2,
      growth: false,
      maxHidden: 5,
      alpha: undefined
    })
    expect(model.stored.state.model.facts.births).toBe(5)
  })
})

test.each<readonly [string, () => Promise<unknown>, string]>([
  [
    'a misspelt class',
    () => fitClassifier(rows, kinds, { ...quick, classWeights: { rde: 2 } }),
    'there is no class rde'
  ],
  ['a negative class', () => fitClassifier(rows, kinds, { ...quick, classWeights: { red: -2 } }), 'red weighs -2'],
  ['ragged rows', () => fitClassifier([[1, 2], [3]], ['a', 'b'], quick), 'x: row 1 has 1 columns, row 0 has 2'],
  ['zero rows', () => fitClassifier([], [], quick), 'x: zero rows'],
  [
    'NaN',
    () =>
      fitClassifier(
        [
          [1, NaN],
          [3, 4]
        ],
        ['a', 'b'],
        quick
      ),
    'x: row 0, column 1: NaN is not a finite number'
  ],
  ['too few targets', () => fitClassifier([[1], [2]], ['a'], quick), 'y: 1 targets for 2 rows of x'],
  ['one class', () => fitClassifier([[1], [2]], ['a', 'a'], quick), 'all rows are of one class, a'],
  [
    'a misspelt option',
    () => fitClassifier(rows, kinds, { ...quick, ...({ learningrate: 1 } as object) }),
    'learningrate is unknown. Did you mean learningRate'
  ],
  [
    'an option out of range',
    () => fitClassifier(rows, kinds, { ...quick, alpha: -1 }),
    'alpha must be a number above 0'
  ],
  [
    'a negative weight',
    () => fitClassifier(rows, kinds, { ...quick, sampleWeights: rows.map(() => -1) }),
    'sampleWeights: weight 0 is -1'
  ],
  ['too few weights', () => fitClassifier(rows, kinds, { ...quick, sampleWeights: [1] }), '1 weights for 60 rows'],
  [
    'a share of nothing',
    () => fitClassifier(rows, kinds, { ...quick, validationShare: 2 }),
    'validationShare: it must be a number from 0 to 0.5, not 2'
  ],
  [
    'a loss that does not suit numbers',
    () => fitRegressor(rows, rows, { ...quick, loss: 'softmax' }),
    'loss: softmax does not suit numbers. Leave it out, or say squared or huber.'
  ],
  [
    'a loss that does not suit labels',
    () =>
      fitLabeller(
        rows,
        rows.map(() => [1, 0]),
        { ...quick, loss: 'huber' }
      ),
    'loss: huber does not suit labels. Leave it out, or say sigmoid.'
  ],
  [
    'a loss that does not suit classes',
    () => fitClassifier(rows, kinds, { ...quick, loss: 'squared' }),
    'loss: squared does not suit classes. Leave it out, or say softmax.'
  ],
  [
    'an unknown loss',
    () => fitRegressor(rows, rows, { ...quick, loss: 'hubber' as 'huber' }),
    'options: loss must be one of softmax, sigmoid, squared, huber, not "hubber". Did you mean huber.'
  ],
  [
    'a misspelt preset',
    () => fitClassifier(rows, kinds, { ...quick, preset: 'swfit' as 'swift' }),
    'preset: it must be one of swift, paper, not "swfit". Did you mean swift.'
  ],
  [
    'a number beside stages',
    () => fitClassifier(rows, kinds, { backend, stages: [{ name: 'life', epochs: 5 }], targetSynapses: 7 }),
    "or end the stages with { name: 'prune', synapses: 7 }."
  ],
  [
    'epochs beside stages',
    () => fitClassifier(rows, kinds, { backend, stages: [{ name: 'life', epochs: 5 }, { name: 'thin' }], epochs: 9 }),
    'epochs: the stages that are given have 105 epochs, by themselves. Leave it out.'
  ],
  [
    'no stage',
    () => fitClassifier(rows, kinds, { backend, stages: [null as unknown as Stage] }),
    'stage: it must be a record with a name, not null'
  ],
  [
    'too few epochs for the way to a number',
    () => fitClassifier(rows, kinds, { backend, epochs: 1, targetSynapses: 5 }),
    'epochs: stages to a number of synapses need at least 2, not 1. Give as many.'
  ],
  [
    'more epochs than may be',
    () => fitClassifier(rows, kinds, { backend, stages: [{ name: 'life', epochs: 1e9 }, { epochs: 1e9 }] }),
    "stages: the sum of all stages' epochs must be a whole number from 1 to 1000000000, not 2000000000"
  ],
  [
    'a seed that is none',
    () => fitClassifier(rows, kinds, { ...quick, seed: -1.5 }),
    'seed: it must be a whole number from 0, not -1.5. Give one in that range.'
  ],
  [
    'more neurons than may be',
    () => fitClassifier(rows, kinds, { ...quick, initialHidden: 40 }),
    'initialHidden 40 is more than the 21 that may ever be born'
  ],
  ['labels that are none', () => fitLabeller([[1], [2]], [[1], [2]], quick), 'y: row 1, column 0: 2 is not 0 or 1'],
  [
    'watched labels that are none',
    () => fitLabeller([[1], [2]], [[1], [0]], { ...quick, validation: { x: [[1]], y: [[0.5]] } }),
    'validation.y: row 0, column 0: 0.5 is not 0 or 1'
  ],
  [
    'divergence',
    () =>
      fitRegressor(rows, rows, {
        ...quick,
        ...{
          learningRate: 1000,
          activation: 'identity',
          steps: 60,
          hiddenLoops: true,
          initialHidden: 8,
          initialLogit: 9
        },
        ...{ batchNorm: false, apoptosis: false, epochs: 60 }
      }),
    'the loss is no longer finite'
  ]
])('%s', async (_, f, message) => {
  const before = backend.liveTensors()
  await expect(f()).rejects.toThrow(message)
  expect(backend.liveTensors()).toBe(before)
})

test('new rows must fit the model', async () => {
  const model = await fitClassifier(rows, kinds, { ...quick, epochs: 2 })
  await expect(model.predict([[1, 2, 3]])).rejects.toThrow('it has 3 columns, the model was trained on 2')
  await expect(model.predict([])).rejects.toThrow('zero rows')
})
