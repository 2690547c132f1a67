/** Networks that are mostly dead, on the simd backend: threads change no bit, and what is learned is what the reference learns. */
import { expect, test } from 'vitest'
import type { Backend } from '../../core/port/backend.js'
import { engine } from '../../core/life/engine.js'
import { train } from '../../core/life/train.js'
import { initialState } from '../../core/learning/initial-state.js'
import type { State } from '../../core/learning/state.js'
import { entries, restore, snapshot, tensors } from '../../core/learning/state.js'
import type { Hyperparameters } from '../../core/network/hyperparameters.js'
import { defaults } from '../../core/network/hyperparameters.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { range, tabulate } from '../../core/port/ndarray.js'
import { none } from '../../rules/index.js'
import { near, sameState } from '../../properties/compare.js'
import { reference } from '../reference.js'
import type { Simd } from '../simd.js'
import { simd } from '../simd.js'

const [inputs, hidden, outputs, rows] = [37, 50, 3, 700]

const wave = (m: number, n: number): NdArray => tabulate([m, n], (i, j) => Math.sin(i * 1.3 + j * 7.1))

const settings = (masks: Hyperparameters['trainingMasks']): Hyperparameters => ({
  ...defaults,
  ...{ initialHidden: hidden, maxHidden: hidden, epochs: 1e6, dropout: 0.3, learningRate: 0.003, gamma2: 0.01 },
  batchNorm: false,
  initialLogit: 1,
  trainingMasks: masks
})

/** The first state of a network of which one synapse in eleven lives. */
const mostlyDead = (h: Hyperparameters): State<NdArray> => {
  const first = initialState(engine(reference(), h, none), inputs, outputs, 1)
  const { weights } = first.model.parameters
  const wiring = tabulate(weights.shape, (i, j) => ((3 * i + 5 * j) % 11 === 0 && i !== 4 && j !== 7 ? 1 : 0))
  const cleared = { shape: weights.shape, data: weights.data.map((w, i) => w * (wiring.data[i] as number)) }
  return {
    ...first,
    model: {
      ...first.model,
      parameters: { ...first.model.parameters, weights: cleared },
      buffers: { ...first.model.buffers, wiring }
    }
  }
}

const live = async <T>(b: Backend<T>, h: Hyperparameters, epochs: number): Promise<State<NdArray>> => {
  const e = engine(b, h, none)
  const training = {
    x: b.constant(wave(rows, inputs)),
    y: b.constant(tabulate([rows, outputs], (i, j) => (i % outputs === j ? 1 : 0))),
    weights: range(rows).map(() => 1)
  }
  let last = restore(b, mostlyDead(h))
  for await (const frame of train(e, { training }, last)) {
    if (frame.state.clock.epoch < epochs) continue
    last = frame.keep()
    break
  }
  const host = await snapshot(b, last)
  b.release([...tensors(last), training.x, training.y])
  expect(b.liveTensors()).toBe(0)
  expect('usage' in b ? (b as unknown as Simd).usage().live : 0).toBe(0)
  return host
}

/** With portions of 208 rows, of which the last is none of whole panels. */
const inPortions = <T>(b: Backend<T>): Backend<T> => ({ ...b, microBatchRows: () => 208 })

test.each(['noiseless', 'sampled'] as const)('threads change no bit of a mostly dead network (%s)', async masks => {
  const expected = await live(inPortions(await simd()), settings(masks), 4)
  for (const threads of [2, 3]) {
    const together = await simd({ threads })
    sameState(await live(inPortions(together), settings(masks), 4), expected)
    together.close()
  }
})

test.each(['noiseless', 'sampled'] as const)(
  'a mostly dead network learns what the reference learns (%s)',
  async masks => {
    const h = settings(masks)
    const expected = new Map(entries(await live(reference(), h, 3)))
    for (const b of [await simd(), inPortions(await simd())]) {
      for (const [path, made] of entries(await live(b, h, 3))) near(path, made, expected.get(path) as NdArray, 1e-4)
    }
  }
)

test('products by lists keep the smallest numbers', async () => {
  const b = await simd()
  const tiny = 2 ** -140
  const where = b.constant(tabulate([16, 16], (i, j) => (i === j ? 1 : 0)))
  const w = b.kernels.sparse(b.constant(tabulate([16, 16], (i, j) => (i === j ? tiny : 0))), where)
  const ones = b.constant(tabulate([17, 16], () => 1))
  const made = await b.download(b.kernels.linear(ones, w))
  expect(Array.from(made.data)).toEqual(range(17 * 16).map(() => tiny))
  const gradient = await b.download(b.kernels.linear(ones, b.kernels.linear(ones, w), { transposed: 'a', where }))
  expect(Array.from(gradient.data)).toEqual(range(256).map(i => (i % 17 === 0 ? 17 * tiny : 0)))
})
