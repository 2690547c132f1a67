import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { wasm } from '../backends/wasm.js'
import { engine } from '../core/life/engine.js'
import { defaults } from '../core/network/hyperparameters.js'
import { initialState } from '../core/learning/initial-state.js'
import { readCsv } from '../data/formats/csv.js'
import type { Sheet } from '../data/sheet.js'
import { plainReading } from '../data/reading.js'
import { tabular } from '../data/tabular.js'
import { ExperimentCodec } from '../experiments/experiment.js'
import { DataCardCodec } from '../estimators/data-card.js'
import { ChoicesCodec } from '../experiments/plan.js'
import { TrajectoryCodec } from '../estimators/trajectory-codec.js'
import { decoderAnswers } from '../properties/codecs.js'
import { amount } from '../properties/fixed-seed.js'
import { none } from '../rules/index.js'
import { fromLittleEndian, littleEndian, sha256, utf8 } from './bytes.js'
import { filled } from '../core/port/ndarray.js'
import type { NdArray } from '../core/port/ndarray.js'
import { perceptronCodec } from './model-codec.js'
import { decodeCheckpoint, digest, encodeCheckpoint } from './checkpoint.js'
import { HyperparametersCodec } from './hyperparameters.js'
import { nearest } from './nearest.js'
import { decode, list, number, parse, record, whole } from './strict.js'

const FUZZ = amount('FUZZ_RUNS')
const said = (made: E.Either<{ readonly what: string; readonly cure: string }, unknown>): string =>
  E.isLeft(made) ? `${made.left.what}. ${made.left.cure}` : 'fine'

describe('records', () => {
  test('take what is left out from their defaults, refuse what they do not know with the nearest name', () => {
    expect(decode(HyperparametersCodec, 'x')({})).toEqual(E.right(defaults))
    expect(said(decode(HyperparametersCodec, 'x')({ learningrate: 1 }))).toBe(
      'learningrate is unknown. Did you mean learningRate'
    )
    expect(said(decode(HyperparametersCodec, 'x')({ qqq: 1 }))).toMatch(
      /^qqq is unknown. Known are steps, activation, /
    )
    expect(said(decode(HyperparametersCodec, 'x')({ alpha: 'a' }))).toBe(
      'alpha must be a number above 0 to 100, not "a". Give one in that range'
    )
    expect(said(decode(HyperparametersCodec, 'x')({ alpha: NaN, beta: -1 }))).toContain(
      'alpha must be a number above 0 to 100, not NaN (and 1 more)'
    )
    expect(said(decode(HyperparametersCodec, 'x')([]))).toContain('it must be hyperparameters, a record')
    expect(said(decode(record<{ a: number }>('r', { a: whole(0) }), 'x')({}))).toBe('a is missing. Give it')
    expect(said(decode(list(number(0, 1)), 'x')([0, 2]))).toContain('1 must be a number from 0 to 1, not 2')
  })
  test('are no way to a prototype', () => {
    expect(said(parse(HyperparametersCodec, 'x')('{"__proto__":{"alpha":1}}'))).toContain('__proto__ is unknown')
    expect(said(decode(record<{ constructor: number }>('r', { constructor: whole(0) }), 'x')({}))).toBe(
      'constructor is missing. Give it'
    )
  })
  test('ends of ranges', () => {
    const fine = (h: object) => E.isRight(decode(HyperparametersCodec, 'x')(h))
    expect(
      [
        { dropout: 0 },
        { dropout: 1 },
        { alpha: 0 },
        { alpha: 100 },
        { alpha: 100.1 },
        { steps: 0 },
        { steps: 1 },
        { steps: 64 },
        { steps: 65 }
      ].map(fine)
    ).toEqual([true, false, false, true, false, false, true, true, false])
  })
})

test('the nearest name: a slip is forgiven, another word is not', () => {
  expect(nearest('gama1', ['gamma1', 'gamma2'])).toBe('gamma1')
  expect(nearest('setps', ['steps', 'setup'])).toBe('steps')
  expect(nearest('BETA', ['alpha', 'beta'])).toBe('beta')
  expect(nearest('zzzzzz', ['alpha', 'beta'])).toBeUndefined()
  expect(nearest('z', ['a', 'b'])).toBeUndefined()
  expect(nearest('A', ['a', 'b'])).toBe('a')
  expect(nearest('x'.repeat(100_000), ['alpha'])).toBeUndefined()
})

test('a list in which everything is wrong is refused, however long it is', () => {
  const made = decode(
    record('rows', { rows: list(whole(0)) }),
    'data.json'
  )({ rows: Array.from({ length: 200_000 }, () => -1) })
  expect(E.isLeft(made) && made.left.what).toContain('rows')
})

describe('bytes', () => {
  test('SHA-256 of the published message', async () => {
    expect(await sha256(utf8('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
  test('numbers are little-endian', () => {
    expect(Array.from(littleEndian(Float32Array.of(1)))).toEqual([0, 0, 128, 63])
    fc.assert(
      fc.property(fc.float32Array(), fc.float64Array(), (f, d) => {
        expect(fromLittleEndian(littleEndian(f), f.length, 4)).toEqual(f)
        expect(fromLittleEndian(littleEndian(d), d.length, 8)).toEqual(d)
      })
    )
  })
})

describe('checkpoints', () => {
  const state = initialState(engine(reference(), { ...defaults, initialHidden: 2 }, none), 3, 2, 1)
  test('have a readable first line with format, version, digest, shapes and offsets', async () => {
    const bytes = await encodeCheckpoint(perceptronCodec, state)
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(10)))) as Record<string, unknown>
    expect(header).toMatchObject({
      format: 'sagp-checkpoint',
      version: 2,
      precision: 'float32',
      digest: await digest(state),
      kind: 'graph-perceptron',
      clock: { seed: 1, progress: { bestLoss: null }, stage: null },
      facts: { hidden: [0, 1] },
      memory: 2
    })
    // ordered by name: mean [2, 2], variance [2, 2], wiring, then the optimiser's memory
    expect(header['matrices']).toContainEqual({ path: 'buffers.mean', shape: [2, 2], offset: 0 })
    expect(header['matrices']).toContainEqual({ path: 'buffers.wiring', shape: [5, 4], offset: 32 })
    expect(header['matrices']).toContainEqual({ path: 'moments.biases.0', shape: [1, 4], offset: 112 })
  })
  test('differ in digest when anything differs', async () => {
    const { clock, model, moments } = state
    const nudged = ({ shape, data }: NdArray): NdArray => ({
      shape,
      data: Float32Array.from(data, (v, i) => (i === 3 ? v + 1e-7 : v))
    })
    const digests = await Promise.all(
      [
        state,
        {
          ...state,
          model: { ...model, parameters: { ...model.parameters, weights: nudged(model.parameters.weights) } }
        },
        { ...state, moments: { ...moments, weights: [moments.weights[0]!, nudged(moments.weights[1]!)] } },
        { ...state, clock: { ...clock, epoch: 1 } },
        { ...state, model: { ...model, facts: { ...model.facts, quiet: 1 } } },
        { ...state, clock: { ...clock, progress: { ...clock.progress, stable: 1 } } }
      ].map(s => digest(s))
    )
    expect(new Set(digests).size).toBe(6)
    // the order of a record's keys is nothing
    const reversed = Object.fromEntries(Object.entries(model.parameters).reverse()) as typeof model.parameters
    expect(await digest({ ...state, model: { ...model, parameters: reversed } })).toBe(digests[0])
  })
  test('of another version or precision are told apart', async () => {
    const bytes = await encodeCheckpoint(perceptronCodec, state)
    const edit = (from: string, to: string) =>
      Uint8Array.from(Buffer.from(Buffer.from(bytes).toString('latin1').replace(from, to), 'latin1'))
    expect(said(await decodeCheckpoint(perceptronCodec, edit('"version":2', '"version":4'), 'f'))).toContain(
      'format version 4, but this sagp reads versions 2 and 3'
    )
    expect(said(await decodeCheckpoint(perceptronCodec, edit('"hidden":[0,1]', '"hidden":[1,0]'), 'f'))).toContain(
      'hidden ids are not ascending'
    )
    expect(said(await decodeCheckpoint(perceptronCodec, edit('"births":2', '"births":1'), 'f'))).toContain(
      'hidden ids are not ascending birth numbers'
    )
    expect(said(await decodeCheckpoint(perceptronCodec, edit('"quiet":0', '"quiet":7'), 'f'))).toContain(
      'damaged or edited: its digest is'
    )
    expect(
      said(await decodeCheckpoint(perceptronCodec, edit('"precision":"float32"', '"precision":"float64"'), 'f'))
    ).toContain('does not fit the facts')
    expect(said(await decodeCheckpoint(perceptronCodec, edit('"inputs":3', '"inputs":9999999'), 'f'))).toContain(
      'does not fit the facts'
    )
    expect(said(await decodeCheckpoint(perceptronCodec, bytes.subarray(0, bytes.length - 1), 'f'))).toContain(
      'cut short'
    )
    expect(said(await decodeCheckpoint(perceptronCodec, Uint8Array.from([...bytes, 0]), 'f'))).toContain(
      'more matrices or bytes than announced'
    )
  })
  test('of version 1 are refused in one sentence with a cure', async () => {
    const old = utf8(
      '{"format":"sagp-checkpoint","version":1,"digest":"","precision":"float32","state":{},"arrays":[]}\n'
    )
    const refused = await decodeCheckpoint(perceptronCodec, old, 'f')
    expect(refused).toMatchObject({
      _tag: 'Left',
      left: { what: 'a checkpoint of sagp 0.3.0 or older, which this sagp does not read' }
    })
    expect(JSON.stringify(refused)).toContain('npx sagp@0.3.0')
  })
  test('hold finite numbers, variances from 0 and weights where synapses may be', async () => {
    const { model } = state
    const damaged = async (changed: Partial<typeof model.parameters>, buffers: Partial<typeof model.buffers> = {}) =>
      said(
        await decodeCheckpoint(
          perceptronCodec,
          await encodeCheckpoint(perceptronCodec, {
            ...state,
            model: {
              ...model,
              parameters: { ...model.parameters, ...changed },
              buffers: { ...model.buffers, ...buffers }
            }
          }),
          'f'
        )
      )
    const all = (like: NdArray, value: number): NdArray => filled(like.shape, value)
    expect(await damaged({ biases: all(model.parameters.biases, NaN) })).toContain('not finite')
    expect(await damaged({}, { variance: all(model.buffers.variance, -1) })).toContain('a running variance is below 0')
    expect(await damaged({}, { wiring: all(model.buffers.wiring, 0.5) })).toContain('other numbers than 0 and 1')
    expect(await damaged({ weights: all(model.parameters.weights, 1) })).toContain('weights are not 0 where no synapse')
    // a wiring that has lost synapses is a wiring
    const none = all(model.buffers.wiring, 0)
    expect(await damaged({ weights: none, synapses: none }, { wiring: none })).toBe('fine')
  })
  test(`answer whatever is done to their bytes, ${FUZZ} times, and notice all of it`, async () => {
    const sound = await encodeCheckpoint(perceptronCodec, state)
    const whole = await digest(state)
    const digestOf = async (bytes: Uint8Array) => {
      const made = await decodeCheckpoint(perceptronCodec, bytes, 'f')
      return E.isLeft(made) ? made : E.right(await digest(made.right))
    }
    expect(await digestOf(sound)).toEqual(E.right(whole))
    await fc.assert(
      decoderAnswers(sound, digestOf, found => found === whole),
      { numRuns: FUZZ }
    )
  })
})

describe(`decoders answer to ${FUZZ} mutations`, () => {
  const text = (json: unknown): Uint8Array => utf8(JSON.stringify(json))
  const experiment = {
    data: 'digits',
    target: [],
    task: 'auto',
    preset: 'swift',
    seed: 1,
    backend: 'wasm',
    rule: { name: 'stalled', epochs: 5 },
    optimiser: { name: 'sgd', momentum: 0.9 },
    hyperparameters: defaults
  }
  const scaling = { offset: [0, 1], factor: [1, 1] }
  const card = {
    name: 'd',
    fingerprint: 'f',
    features: ['a', 'b'],
    task: { kind: 'classes', outputs: ['x', 'y'] },
    targets: ['k'],
    split: { training: [0, 1], validation: [2], test: [3] },
    preparation: { features: scaling }
  }
  const line = {
    epoch: 1,
    living: 0,
    open: 0,
    synapses: 4,
    births: 0,
    deaths: 0,
    losses: { task: 1, auxiliary: 0.1, validation: 0.5 },
    metrics: { f1Micro: 0.5 },
    ms: 1.5
  }
  const csv = utf8('a,b,kind\n1,2,x\n3,4.5,y\n"5",-6e2,"x"\n7,8,"y, or ""z"""\n')
  const decoders: readonly (readonly [
    string,
    Uint8Array,
    (text: string) => E.Either<{ what: string; where: string; cure: string }, unknown>
  ])[] = [
    ['config', text(experiment), parse(ExperimentCodec, 'f')],
    ['choices', text({ data: 'digits', seed: 2, hyperparameters: { alpha: 0.1 } }), parse(ChoicesCodec, 'f')],
    ['hyperparameters', text(defaults), parse(HyperparametersCodec, 'f')],
    ['data card', text(card), parse(DataCardCodec, 'f')],
    ['trajectory', text(line), parse(TrajectoryCodec, 'f')],
    [
      'CSV',
      csv,
      csvText =>
        E.chain((sheet: Sheet) => tabular(sheet, { ...plainReading, target: ['kind'] }, 1))(readCsv(csvText, 'f'))
    ]
  ]
  test.each(decoders)('%s', async (_, sound, decoder) => {
    expect(said(decoder(new TextDecoder().decode(sound)))).toBe('fine')
    await fc.assert(
      decoderAnswers(sound, bytes => Promise.resolve(decoder(new TextDecoder().decode(bytes)))),
      { numRuns: FUZZ }
    )
  })
})

test('a state saved on one backend goes on another', async () => {
  const w = await wasm()
  const e = engine(w, { ...defaults, initialHidden: 2 }, none)
  const stored = await decodeCheckpoint(
    perceptronCodec,
    await encodeCheckpoint(perceptronCodec, initialState(e, 3, 2, 1)),
    'f'
  )
  expect(E.isRight(stored)).toBe(true)
})
