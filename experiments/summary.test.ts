/** What a summary says of a run whose networks, and so their metrics, are known. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import type { Tensor } from '../backends/open.js'
import { reference } from '../backends/reference.js'
import type { State } from '../core/learning/state.js'
import { engine } from '../core/life/engine.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import type { NdArray } from '../core/port/ndarray.js'
import { tabulate } from '../core/port/ndarray.js'
import { prepare } from '../data/dataset.js'
import { none } from '../rules/index.js'
import { plan } from './plan.js'
import { targetInWords } from './report/stages.js'
import { begin } from './run.js'
import { summarise } from './summary.js'
import { trainRun } from './train-run.js'

const right = <A>(made: E.Either<unknown, A>): A => {
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
  return made.right
}

test('the last and the best network are each judged, on the validation rows and on the test rows', async () => {
  // rows 4 to 7: the sign of x tells the class of three; rows 8 to 10: of one
  const [x, classes] = [
    [-1, 1, -2, 2, 1, 2, -3, -1, 1, 2, -2],
    [0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1]
  ]
  const dataset = right(
    prepare(
      {
        name: 'signs',
        features: ['x'],
        x: { shape: [11, 1], data: Float32Array.from(x) },
        target: { kind: 'classes', names: ['below', 'above'], values: classes },
        targets: ['sign'],
        scale: { kind: 'none' }
      },
      { training: [0, 1, 2, 3], validation: [4, 5, 6, 7], test: [8, 9, 10] }
    )
  )
  const alive = engine(reference() as unknown as Backend<Tensor>, defaults, none)
  const start = alive.initial(1, 1, 2)
  /** The network that says "above" where x times its sign is above 0. */
  const network = (epoch: number, sign: number): State<NdArray> => ({
    ...start,
    clock: { ...start.clock, epoch },
    model: {
      ...start.model,
      parameters: {
        ...start.model.parameters,
        weights: tabulate([1, 2], (_, j) => (j === 0 ? -sign : sign)),
        synapses: tabulate([1, 2], () => 1)
      }
    }
  })
  const [state, best] = [network(9, 1), network(4, -1)]
  const run = {
    folder: 'somewhere',
    experiment: {
      data: 'signs',
      model: { name: 'sagp' },
      preset: 'swift',
      seed: 1,
      backend: 'reference',
      hyperparameters: defaults
    },
    ...{ engine: alive, dataset, state, best, past: [], remarks: [] }
  } as unknown as Parameters<typeof summarise>[0]
  const result = { why: 'epochs', state, best, trajectory: [], seconds: 1 } as const
  const made = right(await summarise(run, result)())
  const { summary } = made
  expect(summary.epochs).toBe(9)
  expect(summary.last.epoch).toBe(9)
  expect(summary.last.validation['f1Micro']).toBeCloseTo(3 / 4, 12)
  expect(summary.last.test['f1Micro']).toBeCloseTo(1 / 3, 12)
  expect(summary.best.epoch).toBe(4)
  expect(summary.best.validation['f1Micro']).toBeCloseTo(1 / 4, 12)
  expect(summary.best.test['f1Micro']).toBeCloseTo(2 / 3, 12)
  // on the test rows; rows are the true classes
  expect(made.last.test?.evaluation.confusion).toEqual([
    [0, 1],
    [1, 1]
  ])
  // the best is used, unless the last is asked for
  expect(summary.used).toBe('best')
  expect(made.used).toBe(made.best)
  expect(made.used.test?.evaluation.confusion).toEqual([
    [1, 0],
    [1, 1]
  ])
  const asked = right(await summarise(run, result, 'last')())
  expect(asked.summary.used).toBe('last')
  expect(asked.used).toBe(asked.last)
  // the training rows are half "below", half "above": the first of equals is what who learns nothing says
  expect(summary.baseline.what).toBe('the most frequent class, below')
  expect(summary.baseline.validation['f1Micro']).toBe(1 / 4)
  expect(summary.baseline.test['f1Micro']).toBe(1 / 3)
  expect(summary).toMatchObject({ model: 'sagp', target: ['sign'] })
  expect(summary.last.topology).toMatchObject({ living: 0, synapses: 2, effectiveSynapses: 2, constantNeurons: 0 })
})

test('the best network of a run is that of the epoch whose validation loss was lowest', async () => {
  const home = mkdtempSync(join(tmpdir(), 'sagp-best-'))
  try {
    // so fast a learner does not stay where it was best
    const noisy = { growthPatience: 2, initialLogit: 0, gamma2: 0.02, dropout: 0.1 }
    const hyperparameters = { epochs: 8, learningRate: 0.7, ...noisy }
    const chosen = right(await plan({ data: 'digits', stages: [], hyperparameters })())
    const run = right(await begin(chosen, join(home, 'run'))())
    const ending = right(await trainRun(run)())
    const losses = ending.trajectory.map(line => line.losses.validation!)
    const lowest = 1 + losses.indexOf(Math.min(...losses))
    expect(lowest).toBeLessThan(8)
    expect(ending.best.clock.epoch).toBe(lowest)
    expect(ending.state.clock.epoch).toBe(8)
    expect(ending.best.model.parameters.weights.data).not.toEqual(ending.state.model.parameters.weights.data)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

test('what came of a score that was to be kept is a sentence', () => {
  const found = { f1: 0.9, validation: 0.95, kept: true }
  expect(targetInWords({ ...found, synapses: 1 })).toMatch(/^1 synapse keeps F1-micro 0.9 /)
  expect(targetInWords({ ...found, synapses: 2 })).toMatch(/^2 synapses keep F1-micro 0.9 /)
})
