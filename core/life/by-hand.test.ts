/** Numbers of a life that can be worked out by hand, with plain arithmetic beside the engine's. */
import { describe, expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { none, paperRule } from '../../rules/index.js'
import type { Samples } from '../learning/batches.js'
import { initialState } from '../learning/initial-state.js'
import type { Optimiser } from '../learning/optimiser.js'
import { sgd } from '../learning/sgd.js'
import type { State } from '../learning/state.js'
import { entries, restore, snapshot, tensors } from '../learning/state.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import { defaults } from '../network/hyperparameters.js'
import type { NdArray } from '../port/ndarray.js'
import { filled, range, tabulate } from '../port/ndarray.js'
import { near } from '../../properties/compare.js'
import type { Engine } from './engine.js'
import { engine } from './engine.js'
import type { Frame } from './frame.js'
import { train } from './train.js'

const b = reference()
type T = ReturnType<typeof b.constant>

const OPEN = 20 // noise is less than 17 in size: such a mask is always open

const live = async (
  e: Engine<T>,
  start: State<NdArray>,
  data: Parameters<typeof train<T>>[1],
  look: (frame: Frame<T>) => void | Promise<void> = () => undefined
): Promise<readonly Frame<T>[]> => {
  const seen: Frame<T>[] = []
  for await (const frame of train(e, data, restore(e.backend, start))) {
    await look(frame)
    seen.push(frame)
  }
  return seen
}

/** Under it nothing moves. */
const still: Optimiser = { ...sgd(0), name: 'still', update: (_, slot) => slot }

const x = tabulate([7, 2], (i, j) => 3 * Math.sin(1 + 5 * i + 2 * j))
const classes = [0, 1, 1, 0, 0, 1, 0]
const samples = (): Samples<T, T> => ({
  x: b.constant(x),
  y: b.constant(tabulate([7, 2], (i, j) => (classes[i] === j ? 1 : 0))),
  weights: range(7).map(() => 1)
})
const row = (i: number): readonly number[] => [x.data[2 * i]!, x.data[2 * i + 1]!]

/** Cross-entropy of outputs against a class. */
const crossEntropy = (z: readonly number[], y: number): number =>
  Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0)) - z[y]!

test('the loss of an epoch is the mean over its rows, however uneven the batches', async () => {
  const h = { ...defaults, batchSize: 3, epochs: 1, initialLogit: OPEN, competition: false }
  const e = engine(b, h, none, { optimiser: still })
  const start = initialState(e, 2, 2, 5)
  const w = start.model.parameters.weights.data
  const z = (i: number): readonly number[] => range(2).map(o => row(i)[0]! * w[o]! + row(i)[1]! * w[2 + o]!)
  const each = classes.map((y, i) => crossEntropy(z(i), y))
  const [frame] = await live(e, start, { training: samples() })
  expect(frame!.state.clock.updates).toBe(2) // three rows, and four
  expect(frame!.losses.task).toBeCloseTo(each.reduce((p, q) => p + q, 0) / 7, 12)
})

test('an epoch learns at its own place on the cosine: the first at the full rate', async () => {
  // one weight w, x = 1, y = 0: the loss is w^2, its slope 2 w, so that each update multiplies w by 1 - 2 rate
  const h = {
    ...defaults,
    ...({ loss: 'squared', schedule: 'cosine', learningRate: 0.1, epochs: 4, initialLogit: OPEN } as const),
    competition: false
  }
  const e = engine(b, h, none, { optimiser: sgd(0) })
  const start = initialState(e, 1, 1, 1)
  const training = { x: b.constant(filled([1, 1], 1)), y: b.constant(filled([1, 1], 0)), weights: [1] }
  const weights: number[] = []
  await live(e, start, { training }, async ({ state }) => {
    weights.push((await b.download(state.model.parameters.weights)).data[0]!)
  })
  let w = start.model.parameters.weights.data[0]!
  for (const epoch of range(4)) {
    w *= 1 - 2 * ((0.1 * (1 + Math.cos((Math.PI * epoch) / 4))) / 2)
    expect(weights[epoch]).toBeCloseTo(w, 12)
  }
})

describe('parameters that are not finite end a life', () => {
  // three hidden neurons, two outputs: of these parameters are the logits of neurons, and scale and shift, not in use
  const strange: Optimiser = {
    ...sgd(0),
    name: 'strange',
    update: (backend, slot) => {
      const { value } = slot
      if (backend.shape(value).join() !== '1,3') return slot
      const zero = backend.constant(filled([1, 1]))
      return { ...slot, value: backend.div(backend.affine(value, 0, 1), zero) }
    }
  }
  const h = { ...defaults, initialHidden: 3, maxHidden: 3, epochs: 5, initialLogit: OPEN }
  test.each([['without a validation set'], ['while the loss of the validation set is finite, too']])(
    '%s',
    async which => {
      const e = engine(b, h, none, { optimiser: strange })
      const start = initialState(e, 2, 2, 1)
      const training = samples()
      const data = which.startsWith('without') ? { training } : { training, validation: training }
      const arrays: NdArray[] = []
      const seen = await live(e, start, data, async ({ state }) => {
        for (const tensor of tensors(state)) arrays.push(await b.download(tensor))
      })
      expect(seen).toHaveLength(1)
      expect(Number.isFinite(seen[0]!.losses.task)).toBe(true)
      expect(Number.isFinite(seen[0]!.validation?.loss ?? 0)).toBe(true)
      expect(seen[0]!.events).toEqual([{ _tag: 'Diverged', epoch: 1 }])
      expect(seen[0]!.state.clock.epoch).toBe(0)
      expect(arrays.every(({ data: of }) => of.every(Number.isFinite))).toBe(true)
    }
  )
})

describe('what is watched is free of noise', () => {
  // logits that noise turns over almost half the time
  const [synapses, neurons] = [(i: number, j: number) => (i + j) % 2 === 0, (j: number) => j !== 1]
  const logit = (open: boolean): number => (open ? 0.1 : -0.1)
  const h = { ...defaults, epochs: 6, initialHidden: 3, maxHidden: 3 }
  const swish = (v: number): number => v / (1 + Math.exp(-v))

  test('the loss and the outputs are those of masks that are open where a logit is above 0', async () => {
    const e = engine(b, h, none, { optimiser: still })
    const { model, ...rest } = initialState(e, 2, 2, 3)
    const start = {
      ...rest,
      model: {
        ...model,
        parameters: {
          ...model.parameters,
          synapses: tabulate([5, 5], (i, j) => logit(synapses(i, j))),
          neurons: tabulate([1, 3], (_, j) => logit(neurons(j)))
        }
      }
    }
    const weight = (i: number, j: number): number =>
      synapses(i, j) && (i < 2 || neurons(i - 2)) ? model.parameters.weights.data[5 * i + j]! : 0
    const outputs = range(7).map(i => {
      let hidden: readonly number[] = [0, 0, 0]
      const received = (j: number): number =>
        [...row(i), ...hidden].reduce((sum, value, sender) => sum + value * weight(sender, j), 0)
      for (let step = 0; step < 2; step++) hidden = range(3).map(j => swish(received(2 + j)))
      return range(2).map(received)
    })
    const loss = outputs.reduce((sum, z, i) => sum + crossEntropy(z, classes[i]!), 0) / 7
    const training = samples()
    const seen = await live(e, start, { training, validation: training })
    expect(seen).toHaveLength(6)
    for (const { validation } of seen) {
      expect(validation!.loss).toBeCloseTo(loss, 12)
      Array.from(validation!.outputs.data).forEach((z, k) => expect(z).toBeCloseTo(outputs.flat()[k]!, 12))
    }
    // while training is noisy
    expect(new Set(seen.map(({ losses }) => losses.task)).size).toBe(6)
  })

  test('a logit of exactly 0 is closed in the counts of an epoch', async () => {
    const counts = async (initialLogit: number): Promise<readonly number[]> => {
      const e = engine(b, { ...h, initialLogit, epochs: 1 }, none, { optimiser: still })
      const [frame] = await live(e, initialState(e, 2, 2, 3), { training: samples() })
      return frame!.state.clock.progress.topology
    }
    expect(await counts(0)).toEqual([3, 0, 0])
    expect(await counts(1e-30)).toEqual([3, 3, 5 * 5 - 3]) // all but three loops
  })
})

test('a life whose batches go through in parts is the life of whole batches', async () => {
  const h: Hyperparameters = {
    ...defaults,
    ...{ batchSize: 3, epochs: 12, growthPatience: 2, maxHidden: 4, initialHidden: 2, dropout: 0.3, weightDecay: 0.01 }
  }
  const last = async (microBatchRows?: () => number): Promise<State<NdArray>> => {
    const e = engine({ ...b, ...(microBatchRows ? { microBatchRows } : {}) }, h, paperRule(h))
    let state = initialState(e, 2, 2, 7)
    await live(e, state, { training: samples() }, async frame => {
      state = await snapshot(b, frame.state)
    })
    return state
  }
  const [whole, parts] = [await last(), await last(() => 1)]
  expect(whole.model.facts.births).toBe(4)
  expect(parts.model.facts).toEqual(whole.model.facts)
  const expected = new Map(entries(whole))
  for (const [path, array] of entries(parts)) near(path, array, expected.get(path)!, 1e-9)
})
