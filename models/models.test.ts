import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { simd } from '../backends/simd.js'
import { decodeCheckpoint, digest, encodeCheckpoint } from '../codecs/checkpoint.js'
import { perceptronCodec } from '../codecs/model-codec.js'
import { adam } from '../core/learning/adam.js'
import { initialState, initialStateOn } from '../core/learning/initial-state.js'
import { sgd } from '../core/learning/sgd.js'
import { entries, restore, snapshot, tensors } from '../core/learning/state.js'
import { evaluate, trainable } from '../core/learning/trainable.js'
import { selfAssembling } from '../core/life/engine.js'
import type { Life } from '../core/life/life.js'
import { train } from '../core/life/train.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import { mapNamed } from '../core/network/model.js'
import { withoutLoops } from '../core/network/wiring.js'
import type { Backend } from '../core/port/backend.js'
import { FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { uniform } from '../core/port/random.js'
import { layerIsDerivative } from '../properties/layers.js'
import { amplification, buildCase, networkCases } from '../properties/network-case.js'
import { paperRule } from '../rules/paper.js'
import { chain, chainCodec, modelOf } from './chain.js'
import type { DenseLayer } from './dense.js'
import { dense, denseCodec } from './dense.js'

type Tensor = ReturnType<typeof b.constant>

const RUNS = Number(process.env['LAW_RUNS'] ?? 300)
const b = reference()
const masks = ['neurons', 'synapses']
const smooth = ['swish', 'identity', 'tanh', 'gelu', 'sigmoid'] as const

const noise = (seed: number, kind: number, shape: readonly [number, number], size: number): NdArray => ({
  shape,
  data: Float64Array.from(uniform([seed, kind], range(shape[0]), range(shape[1]), size))
})

const lifeOf = <T>(backend: Backend<T>, h: Partial<Hyperparameters>): Life<T> => {
  const hyperparameters = { ...defaults, ...h }
  return {
    backend,
    hyperparameters,
    optimiser: adam(),
    rule: paperRule(hyperparameters),
    wiring: withoutLoops
  }
}

describe('layers are derivatives', () => {
  const side = fc.integer({ min: 1, max: 5 })
  const seed = fc.nat({ max: 1e6 })
  const at = { seed: 3, epoch: 2, updates: 5 }

  test('dense', () =>
    fc.assert(
      layerIsDerivative(
        b,
        fc
          .tuple(side, side, side, seed, fc.constantFrom(...smooth))
          .map(([rows, inputs, outputs, s, activation]) => () => {
            const layer = dense(lifeOf(b, {}), 'd', activation)
            const drawn = layer.initial(s, inputs, outputs)
            const biases = noise(s, 1, [1, outputs], 1)
            const model = { ...drawn, parameters: { ...drawn.parameters, biases } }
            return Promise.resolve({ layer, model, x: noise(s, 2, [rows, inputs], 2), at })
          })
      ),
      { numRuns: RUNS }
    ))

  test('the graph perceptron: clamped and unclamped inputs, dropout, BatchNorm, output enhancement', () =>
    fc.assert(
      layerIsDerivative(
        b,
        networkCases().map(drawn => async () => {
          const relu = drawn.hyperparameters.activation === 'relu'
          const hyperparameters = { ...drawn.hyperparameters, ...(relu ? { activation: 'swish' as const } : {}) }
          const built = await buildCase(b, { ...drawn, hyperparameters })
          const steep = (await amplification(built.engine, built.batch, built.state)) > 1e4
          if (steep) {
            built.release()
            return undefined // no width of differences would tell
          }
          const { model, clock } = await snapshot(b, built.state)
          const fixed = hyperparameters.outputBias && !hyperparameters.batchNorm ? [] : ['biases']
          return {
            layer: built.engine.layer,
            model,
            x: await b.download(built.batch.x),
            at: clock,
            straightThrough: [...masks, ...fixed],
            release: built.release
          }
        })
      ),
      { numRuns: RUNS }
    ))

  test('a chain of a dense layer and a graph perceptron', () =>
    fc.assert(
      layerIsDerivative(
        b,
        fc
          .tuple(side, side, side, side, seed, fc.constantFrom(...smooth), fc.boolean())
          .map(([rows, inputs, width, outputs, s, activation, clampedInputs]) => () => {
            const h = { initialHidden: 3, initialLogit: 1, clampedInputs, dropout: 0.2, gamma2: 0.1, outputBias: true }
            const life = lifeOf(b, h)
            const layer = chain(life, dense(life, 'body', activation), width, selfAssembling(life, 'head'))
            const straightThrough = masks.map(name => `head.${name}`)
            const x = noise(s, 2, [rows, inputs], 2)
            return Promise.resolve({ layer, model: layer.initial(s, inputs, outputs), x, at, straightThrough })
          })
      ),
      { numRuns: RUNS }
    ))
})

test('two heads of one training draw different noise, and each that of a head of its name alone', () => {
  const life = lifeOf(b, { initialHidden: 4, dropout: 0.3 })
  const [one, two] = [selfAssembling(life, 'one'), selfAssembling(life, 'two')]
  const both = chain(life, one, 3, two)
  const models = { one: one.initial(7, 3, 3), two: two.initial(7, 3, 3), both: both.initial(7, 3, 3) }
  expect(modelOf(models.both, 'two')).toEqual(models.two)
  expect(models.one.parameters.weights.data).not.toEqual(models.two.parameters.weights.data)
  const at = { seed: 7, epoch: 1, updates: 1 }
  const hard = (layer: typeof one): readonly number[] => {
    const { facts, parameters, buffers } = models.one
    const held = { facts, parameters: mapNamed(parameters, b.constant), buffers: mapNamed(buffers, b.constant) }
    return Array.from(layer.sample(held, at).masks?.synapses.hard.data ?? [])
  }
  expect(hard(one)).not.toEqual(hard(two))
  expect(hard(one)).not.toEqual(hard(selfAssembling(life)))
})

test.each<readonly [string, (d: (name: string) => DenseLayer<Tensor>, life: Life<Tensor>) => unknown, string]>([
  ['equal', (d, life) => chain(life, d('a'), 2, d('a')), "named 'a', 'a'. Give each layer a name of its own"],
  ['empty', (d, life) => chain(life, d('a'), 2, d('')), "named 'a', ''"],
  ['dotted', (d, life) => chain(life, d('a.b'), 2, d('c')), "named 'a.b', 'c'"],
  [
    'equal in two chains',
    (d, life) => chain(life, chain(life, d('a'), 2, d('b')), 2, chain(life, d('z'), 2, d('b'))),
    "named 'a', 'b', 'z', 'b'"
  ],
  ['equal to one within', (d, life) => chain(life, chain(life, d('a'), 2, d('b')), 2, d('a')), "named 'a', 'b', 'a'"],
  ['of no width', (d, life) => chain(life, d('a'), 0, d('b')), 'width must be a whole number from 1, not 0'],
  ['of half a width', (d, life) => chain(life, d('a'), 1.5, d('b')), 'width must be a whole number from 1, not 1.5']
])('a chain of layers %s is refused', (_, made, said) => {
  const life = lifeOf(b, {})
  const refused = (): unknown => made(name => dense(life, name), life)
  expect(refused).toThrow(FailureError)
  expect(refused).toThrow(said)
})

/** 20 inputs; the class is the XOR of the signs of two hidden directions. */
const hiddenDirections = (rows: number, seed: number) => {
  const x = noise(seed, 1, [rows, 20], Math.sqrt(3))
  const directions = noise(99, 2, [2, 20], 1).data
  const along = (i: number, d: number): number =>
    range(20).reduce((sum, j) => sum + (x.data[20 * i + j] as number) * (directions[20 * d + j] as number), 0)
  const kinds = range(rows).map(i => (along(i, 0) > 0 !== along(i, 1) > 0 ? 1 : 0))
  return { x, kinds, y: tabulate([rows, 2], (i, j) => (kinds[i] === j ? 1 : 0)) }
}

describe('a self-assembling head behind a dense layer', () => {
  // grown from nothing, a neuron an epoch; open synapses at birth, so that signals reach the host from the start
  const settings = {
    epochs: 60,
    learningRate: 0.003,
    batchSize: 100,
    growthPatience: 1,
    maxHidden: 32,
    initialLogit: 5
  } as const
  const [learned, tested] = [hiddenDirections(2000, 1), hiddenDirections(1000, 2)]

  /** Accuracy on new rows after training a head behind dense 20 -> 2. */
  const accuracy = async (frozen: boolean): Promise<number> => {
    const backend = await simd()
    const life = lifeOf(backend, settings)
    const plain = dense(life, 'dense')
    const still: DenseLayer<Parameters<typeof backend.relu>[0]> = {
      ...plain,
      gradient: (sampled, sums) => {
        const given = plain.gradient(sampled, sums)
        return { ...given, gradient: mapNamed(given.gradient, g => backend.affine(g, 0, 0)) }
      },
      decay: () => 0
    }
    const hosted = trainable(life, chain(life, frozen ? still : plain, 2, selfAssembling(life, 'head')))
    const training = {
      x: backend.constant(learned.x),
      y: backend.constant(learned.y),
      weights: learned.kinds.map(() => 1)
    }
    let last = initialStateOn(hosted, 20, 2, 1)
    for await (const frame of train(hosted, { training }, last)) {
      if (frame.events.some(event => event._tag === 'Stopped')) last = frame.keep()
    }
    const z = await backend.download(evaluate(hosted)(last, backend.constant(tested.x)))
    backend.close()
    const right = tested.kinds.filter((kind, i) => (z.data[2 * i + 1]! > z.data[2 * i]! ? 1 : 0) === kind)
    return right.length / tested.kinds.length
  }

  test('learns the XOR of two hidden directions through its host, and not when the host stands still', async () => {
    expect(await accuracy(false)).toBeGreaterThanOrEqual(0.95)
    expect(await accuracy(true)).toBeLessThan(0.75)
  })

  test('is born into, dies in, is stored and goes on like any other: same digest, split or not', async () => {
    const codec = chainCodec('dense', denseCodec, 'head', perceptronCodec)
    const life = lifeOf(b, {
      ...settings,
      growthPatience: 2,
      maxHidden: 6,
      beta: 0.9,
      batchSize: 20,
      initialLogit: 0,
      learningRate: 0.02
    })
    const run = async (from: ReturnType<typeof hosted.initial>, epochs: number) => {
      let [host, births, deaths] = [from, 0, 0]
      const training = { x: b.constant(data.x), y: b.constant(data.y), weights: data.kinds.map(() => 1) }
      for await (const frame of train(hosted, { training }, restore(b, from))) {
        births += frame.events.filter(event => event._tag === 'Born').length
        deaths += frame.events.filter(event => event._tag === 'Died').length
        host = await snapshot(b, frame.state)
        if (frame.state.clock.epoch === from.clock.epoch + epochs) break
      }
      b.release([training.x, training.y])
      return { host, births, deaths }
    }
    const data = hiddenDirections(60, 3)
    const hosted = trainable(life, chain(life, dense(life, 'dense'), 2, selfAssembling(life, 'head')))
    const before = b.liveTensors()
    const whole = await run(hosted.initial(1, 20, 2), 60)
    expect(b.liveTensors()).toBe(before)
    expect(whole.births).toBeGreaterThan(2)
    expect(whole.deaths).toBeGreaterThan(0)
    const half = await run(hosted.initial(1, 20, 2), 33)
    const bytes = await encodeCheckpoint(codec, half.host)
    const stored = await decodeCheckpoint(codec, bytes, 'memory')
    if (E.isLeft(stored)) throw new Error(stored.left.what)
    expect(await digest((await run(stored.right, 27)).host)).toBe(await digest(whole.host))
    const other = await decodeCheckpoint(perceptronCodec, bytes, 'memory')
    expect(other).toMatchObject({ left: { what: expect.stringContaining('it holds a model of kind') as string } })
  })
})

test('another optimiser remembers what it wants: a state under SGD has one matrix a parameter', async () => {
  const life = { ...lifeOf(b, { epochs: 40, growthPatience: 2, maxHidden: 4, learningRate: 0.05 }), optimiser: sgd() }
  const alone = trainable(life, selfAssembling(life))
  const start = initialState(alone, 3, 2, 1)
  expect(entries(start).filter(([path]) => path.startsWith('moments.'))).toHaveLength(6)
  const x = b.constant(noise(1, 1, [20, 3], 1))
  const y = b.constant(tabulate([20, 2], (i, j) => (i % 2 === j ? 1 : 0)))
  let last = restore(b, start)
  for await (const frame of train(alone, { training: { x, y, weights: range(20).map(() => 1) } }, last)) {
    if (frame.state.clock.epoch === 40) last = frame.keep()
  }
  expect(last.model.facts.hidden.length).toBeGreaterThan(0)
  const host = await snapshot(b, last)
  const again = await decodeCheckpoint(perceptronCodec, await encodeCheckpoint(perceptronCodec, host), 'memory')
  expect(E.isRight(again) && (await digest(again.right))).toBe(await digest(host))
  b.release([x, y, ...tensors(last)])
})
