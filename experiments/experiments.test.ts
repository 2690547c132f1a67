/** What an experiment writes down comes back; the paper's tables stand in its preset. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as E from 'fp-ts/lib/Either.js'
import { backendNames } from '../backends/open.js'
import type { SimdTensor } from '../backends/simd.js'
import { simd } from '../backends/simd.js'
import { settle } from '../codecs/attempt.js'
import { digest } from '../codecs/checkpoint.js'
import type { Codec } from '../codecs/strict.js'
import { decode } from '../codecs/strict.js'
import type { Stream } from '../core/learning/batches.js'
import { stream } from '../core/learning/batches.js'
import { engine } from '../core/life/engine.js'
import { defaults } from '../core/network/hyperparameters.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { initialState } from '../core/learning/initial-state.js'
import { restore, snapshot } from '../core/learning/state.js'
import { train } from '../core/life/train.js'
import { digits } from '../data/digits.js'
import type { Table } from '../data/table.js'
import { take } from '../data/matrix.js'
import { paperRule } from '../rules/paper.js'
import { hyperparameters } from '../properties/hyperparameters.js'
import { cycles } from '../data/dates.js'
import type { Reading } from '../data/reading.js'
import { scaleNames } from '../data/reading.js'
import type { Encoding } from '../data/codes.js'
import { codecRoundTrips } from '../properties/codecs.js'
import { optimisers } from '../core/learning/optimisers.js'
import type { SettingRow } from '../core/port/recipes.js'
import { rules } from '../rules/named.js'
import { models } from '../models/rivals.js'
import { allStages as stages } from '../models/stages.js'
import type { Experiment } from './experiment.js'
import { configHash, ExperimentCodec, runName } from './experiment.js'
import { checkedParts, partFields } from './named.js'
import type { Choices } from './plan.js'
import { plan } from './plan.js'
import type { DataCard } from '../estimators/data-card.js'
import { DataCardCodec } from '../estimators/data-card.js'
import { presetNames, presets } from '../estimators/presets.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'
import { lineOf } from '../estimators/trajectory.js'
import { TrajectoryCodec } from '../estimators/trajectory-codec.js'

const real = fc.double({ noNaN: true, noDefaultInfinity: true }).map(v => v + 0) // JSON has no -0
const texts = fc.array(fc.string(), { maxLength: 4 })
const rows = fc.array(fc.nat(), { maxLength: 5 })
/** Any of a table by name, each setting in its range. */
const choices = (table: Readonly<Record<string, { readonly settings: Readonly<Record<string, SettingRow>> }>>) =>
  fc.oneof(
    ...Object.entries(table).map(([name, { settings }]) =>
      fc.record({
        name: fc.constant(name),
        ...Object.fromEntries(
          Object.entries(settings).map(([setting, row]) => [
            setting,
            'whole' in row
              ? fc.integer({ min: row.whole[0], max: row.whole[1] ?? 2 ** 31 - 1 })
              : fc
                  .double({ min: row.number[0], max: row.number[1], noNaN: true, minExcluded: true, maxExcluded: true })
                  .map(v => v + 0)
          ])
        )
      })
    )
  )
const parts = {
  model: choices(models) as fc.Arbitrary<Experiment['model']>,
  rule: choices(rules) as fc.Arbitrary<Experiment['rule']>,
  optimiser: choices(optimisers) as fc.Arbitrary<Experiment['optimiser']>,
  stages: fc.array(choices(stages), { maxLength: 3 }) as unknown as fc.Arbitrary<Experiment['stages']>
}
const kinds = fc.constantFrom('auto' as const, 'classes' as const, 'labels' as const, 'numbers' as const)
const reading: { readonly [K in keyof Reading]: fc.Arbitrary<Reading[K]> } = {
  target: texts,
  task: kinds,
  split: fc.string(),
  categorical: texts,
  numeric: texts,
  ignore: texts,
  delimiter: fc.constantFrom('', ';'),
  encoding: fc.constantFrom('', 'latin1'),
  decimal: fc.constantFrom('' as const, '.' as const, ',' as const),
  missing: texts,
  dates: fc.array(fc.record({ column: fc.string(), format: fc.string() })),
  scale: fc.constantFrom('' as const, ...scaleNames),
  dropBadTargets: fc.boolean(),
  weights: fc.string(),
  splitSeed: fc.option(fc.nat()),
  time: fc.string(),
  group: fc.string(),
  folds: fc.nat(1000),
  fold: fc.nat(999)
}
const experiments: fc.Arbitrary<Experiment> = fc.record({
  data: fc.string(),
  files: texts,
  ...reading,
  preset: fc.constantFrom(...presetNames),
  seed: fc.nat(),
  backend: fc.constantFrom(...backendNames),
  ...parts,
  classWeights: fc.oneof(
    fc.constantFrom('none' as const, 'balanced' as const),
    fc.array(fc.record({ class: fc.string(), weight: fc.double({ min: 0, max: 1e9, noNaN: true }).map(v => v + 0) }))
  ),
  weighValidation: fc.boolean(),
  from: fc.string(),
  input: fc.string({ maxLength: 64 }),
  hyperparameters
})
const scalings = fc.record({ offset: fc.array(real), factor: fc.array(real) })
const formats = fc.record({
  decimal: fc.constantFrom('.' as const, ',' as const),
  group: fc.constantFrom('', ','),
  unit: fc.constantFrom('', '%')
})
const encodings: fc.Arbitrary<Encoding> = fc.array(
  fc.oneof(
    fc.record({
      as: fc.constant('number' as const),
      column: fc.string(),
      fill: real,
      marked: fc.boolean(),
      format: fc.option(formats, { nil: undefined })
    }),
    fc.record({
      as: fc.constant('date' as const),
      column: fc.string(),
      format: fc.string(),
      cycles: fc.subarray([...cycles]),
      fill: real,
      marked: fc.boolean()
    }),
    fc.record({
      as: fc.constant('yes/no' as const),
      column: fc.string(),
      yes: fc.string(),
      fill: real,
      marked: fc.boolean()
    }),
    fc.record({ as: fc.constant('words' as const), column: fc.string(), words: texts, marked: fc.boolean() })
  )
)
const cards: fc.Arbitrary<DataCard> = fc.record({
  name: fc.string(),
  fingerprint: fc.string({ maxLength: 64 }),
  features: texts,
  task: fc.record({ kind: fc.constantFrom('classes' as const, 'numbers' as const), outputs: texts }),
  targets: texts,
  image: fc.option(fc.constant({ width: 8, height: 8, channels: 1 }), { nil: undefined }),
  split: fc.record({ training: rows, validation: rows, test: rows }),
  preparation: fc.record({
    features: scalings,
    targets: fc.option(scalings, { nil: undefined }),
    encoding: fc.option(encodings, { nil: undefined }),
    targetFormats: fc.option(fc.array(formats), { nil: undefined }),
    missing: fc.option(texts, { nil: undefined })
  })
})
const lines: fc.Arbitrary<TrajectoryLine> = fc.record({
  epoch: fc.integer({ min: 1 }),
  living: fc.nat(),
  open: fc.nat(),
  synapses: fc.nat(),
  births: fc.nat(),
  deaths: fc.nat(),
  losses: fc.record({ task: real, auxiliary: real, validation: fc.option(real, { nil: undefined }) }),
  metrics: fc.dictionary(fc.constantFrom('f1Micro', 'aucMacro', 'r2'), real),
  ms: real
})

describe('decode after encode is identity', () => {
  const holds = (law: fc.IProperty<unknown>): void => fc.assert(law, { numRuns: 1000 })
  test('for settings', () => holds(codecRoundTrips(ExperimentCodec, experiments)))
  test('for data cards', () => holds(codecRoundTrips(DataCardCodec, cards)))
  test('for lines of a trajectory', () => holds(codecRoundTrips(TrajectoryCodec, lines)))
})

test("a run's name tells data, preset, seed and settings apart", async () => {
  const [one] = fc.sample(experiments, { numRuns: 1, seed: 1 })
  const e: Experiment = { ...one!, data: 'some/where/My data.v2.csv', preset: 'paper', seed: 7 }
  expect(await runName(e)).toBe(`My-data-v2-paper-s7-${await configHash(e)}`)
  expect(await configHash({ ...e, seed: 8 })).not.toBe(await configHash(e))
})

test("a run's hash tells rules, optimisers and their settings apart", async () => {
  const [e] = fc.sample(experiments, { numRuns: 1, seed: 1 })
  const named = [
    {},
    { rule: { name: 'none' } },
    { rule: { name: 'stalled' } },
    { rule: { name: 'stalled', epochs: 5 } },
    { optimiser: { name: 'sgd' } },
    { optimiser: { name: 'sgd', momentum: 0.8 } },
    { optimiser: { name: 'adam', b2: 0.99 } }
  ] as const
  const hashes = await Promise.all(named.map(some => configHash({ ...e!, ...checkedParts(some) })))
  expect(new Set(hashes).size).toBe(named.length)
})

test('defaults written out are the same experiment as defaults left out, in any order', async () => {
  const [e] = fc.sample(experiments, { numRuns: 1, seed: 1 })
  const stored = (optimiser: object): Promise<string> => {
    const made = decode(ExperimentCodec, 'config.json')({ ...e, optimiser })
    return configHash(settle(made))
  }
  expect(await stored({ epsilon: 1e-8, name: 'adam', b2: 0.999, b1: 0.9 })).toBe(await stored({ name: 'adam' }))
  const { model, rule, optimiser, stages: scheduled, ...older } = e!
  const decoded = settle(decode(ExperimentCodec, 'config.json')(older))
  expect(decoded).toEqual({ ...older, ...checkedParts({}) })
})

describe('a wrong name or setting is refused, the right one named', () => {
  test.each([
    ['rule', { name: 'stald' }, 'name must be one of paper, stalled, none, not "stald"', 'Did you mean stalled'],
    ['rule', { name: 'stalled', epoch: 3 }, 'epoch is unknown', 'Did you mean epochs'],
    ['rule', { name: 'stalled', epochs: 0 }, 'epochs must be a whole number from 1', 'Give one in that range'],
    ['rule', { name: 'paper', beta: 0.5 }, 'beta is unknown', 'Known are name'],
    ['rule', {}, 'name is missing', 'Give it'],
    ['rule', 'paper', 'it must be a rule, a record', ''],
    ['rule', { name: 'constructor' }, 'name must be one of', 'Choose one of them'],
    ['optimiser', { name: 'adm' }, 'name must be one of adam, sgd', 'Did you mean adam'],
    ['optimiser', { name: 'sgd', momentun: 0.9 }, 'momentun is unknown', 'Did you mean momentum'],
    ['optimiser', { name: 'sgd', momentum: 1 }, 'momentum must be a number from 0 to below 1', ''],
    ['optimiser', { name: 'sgd', b1: 0.9 }, 'b1 is unknown', 'Known are name, momentum'],
    ['model', { name: 'spag' }, 'name must be one of sagp', 'Did you mean sagp']
  ] as const)('%s %j', (part, u, what, cure) => {
    const made = decode(partFields[part] as Codec<unknown>, 'f')(u)
    expect(made).toMatchObject({ left: { what: expect.stringContaining(what) as string } })
    expect(E.isLeft(made) && made.left.cure).toContain(cure)
    if (typeof u === 'object' && 'name' in u) expect(() => checkedParts({ [part]: u })).toThrow()
  })
})

test('a line drops metrics that are not numbers, which JSON could not hold', () => {
  const frame = {
    losses: { task: 1, auxiliary: 2 },
    events: [{ _tag: 'Born', neuron: 1 }],
    state: { clock: { epoch: 3, progress: { topology: [1, 1, 4] } } }
  }
  const line = lineOf(frame as never, { f1Micro: 0.5, aucMicro: NaN }, 1.23456)
  expect(line).toEqual({
    epoch: 3,
    living: 1,
    open: 1,
    synapses: 4,
    births: 1,
    deaths: 0,
    losses: { task: 1, auxiliary: 2 },
    metrics: { f1Micro: 0.5 },
    ms: 1.235
  })
})

test('the preset paper holds Tables 2 and 4 of the supplement', () => {
  const tabled = (name: string) => {
    const h = presets.paper({ name, features: [], task: { kind: 'classes', outputs: [] } })
    return [h.learningRate, h.weightDecay, h.batchNorm, h.dropout, h.epochs]
  }
  expect(tabled('photo')).toEqual([0.01, 0.01, true, 0.5, 50_000])
  expect(tabled('computers')).toEqual([0.01, 0.005, true, 0.8, 50_000])
  expect(tabled('esc-50')).toEqual([0.002, 0.001, true, 0.8, 50_000])
  expect(tabled('fsdd')).toEqual([0.002, 0.0001, false, 0.4, 50_000])
  expect(tabled('fashion-mnist')).toEqual([0.001, 0.0002, true, 0, 50_000])
  expect(tabled('cifar-10')).toEqual([0.001, 0.001, true, 0, 50_000])
  expect(tabled('anything')).toEqual([0.01, 0.0001, true, 0, 50_000])
  const h = presets.paper({ name: 'x', features: [], task: { kind: 'numbers', outputs: [] } })
  expect(h).toMatchObject({
    steps: 3,
    alpha: 0.2,
    gamma1: 0.05,
    gamma2: 0.001,
    beta: 0.5,
    growthPatience: 10,
    maxHidden: 128,
    newborn: 'gestated',
    initialHidden: 0
  })
  expect(h).toMatchObject({ loss: 'squared', outputBias: true })
})

describe('inputs that come batch by batch', () => {
  test('give the very state that those give which lie on the backend', async () => {
    const b = await simd()
    const { x } = digits()
    const h = { ...defaults, batchSize: 100, epochs: 3, initialHidden: 4, maxHidden: 8, growthPatience: 1 }
    const e = engine(b, h, paperRule(h))
    const y = tabulate([1797, 10], (i, j) => (i % 10 === j ? 1 : 0))
    const live = async (inputs: SimdTensor | Stream): Promise<string> => {
      let last = ''
      const training = { x: inputs, y: b.constant(y), weights: range(1797).map(() => 1) }
      for await (const frame of train(e, { training }, restore(b, initialState(e, 64, 10, 1))))
        last = await digest(await snapshot(b, frame.state))
      b.release([training.y])
      return last
    }
    const resident = b.constant(x)
    const before = b.liveTensors()
    const streamed = await live(stream(rows => take(x, rows)))
    expect(b.liveTensors()).toBe(before)
    expect(streamed).toBe(await live(resident))
  })
})

test('stages as they are checked are written as they are read, in whatever order they were given', () => {
  const { stages } = checkedParts({
    stages: [
      { name: 'life', with: { learningRate: 0.1, gamma2: 0.5, dropout: 0.2 } },
      { with: { dropout: 0.1 }, synapses: 9, name: 'prune' }
    ]
  })
  const read = settle(decode(partFields.stages, 'config.json')(JSON.parse(JSON.stringify(stages))))
  expect(JSON.stringify(read)).toBe(JSON.stringify(stages))
})

test('public data sets are read once by who keeps them', async () => {
  const tables = new Map<string, Table>()
  const first = settle(await plan({ data: 'digits', seed: 1 }, { tables })())
  const kept = tables.get('digits')
  expect(kept?.x.shape).toEqual([1797, 64])
  const again = settle(await plan({ data: 'digits', seed: 1 }, { tables })())
  expect(tables.get('digits')).toBe(kept)
  expect(again.loaded.fingerprint).toBe(first.loaded.fingerprint)
  expect(again.loaded.fingerprint).toBe(settle(await plan({ data: 'digits', seed: 1 })()).loaded.fingerprint)
  const renamed = { ...digits(), features: digits().features.map(name => `${name}!`) }
  const other = settle(await plan({ data: 'digits', seed: 1 }, { tables: new Map([['digits', renamed]]) })())
  expect(other.loaded.dataset.features[0]).toBe(renamed.features[0])
  expect(other.loaded.fingerprint).not.toBe(first.loaded.fingerprint)
})

test('others than its stages begin as usual, however few their epochs', async () => {
  const begun = async (more: Choices): Promise<number> =>
    settle(await plan({ data: 'digits', hyperparameters: { epochs: 9 }, ...more })()).experiment.hyperparameters
      .newbornScale
  expect(await begun({})).toBe(0.01)
  expect(await begun({ stages: [] })).toBe(1)
  expect(await begun({ model: { name: 'mlp' } })).toBe(1)
  expect(await begun({ hyperparameters: { epochs: 9, stopPatience: 5 } })).toBe(1)
  expect(await begun({ hyperparameters: { epochs: 9, stopStable: 5 } })).toBe(1)
  expect(await begun({ hyperparameters: { epochs: 1 } })).toBe(1)
})
