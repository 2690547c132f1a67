/** Runs whose digests are pinned: the same bits on any machine and engine, or a version says so. */
import { digest } from '../codecs/checkpoint.js'
import { initialState } from '../core/learning/initial-state.js'
import { restore, snapshot } from '../core/learning/state.js'
import { engine } from '../core/life/engine.js'
import { train } from '../core/life/train.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { uniform } from '../core/port/random.js'
import { paperRule } from '../rules/paper.js'

/** A run on made-up data. */
export interface PinnedRun {
  readonly name: string
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
  /** Names of the backends that it is for; all deterministic ones if left out. */
  readonly only?: readonly string[]
  readonly hyperparameters: Partial<Hyperparameters>
}

/** Births and deaths in a few epochs. */
const lively = { growthPatience: 1, maxHidden: 12, beta: 0.95, learningRate: 0.05, gamma1: 0.3, weightDecay: 1e-4 }

/** The runs: what each is there for is its name. */
export const pinnedRuns: readonly PinnedRun[] = [
  {
    name: 'rows go through in parts, without BatchNorm',
    rows: 2500,
    inputs: 180,
    outputs: 10,
    only: ['simd'], // which alone cuts
    hyperparameters: { ...lively, beta: 1, gamma1: 1, initialHidden: 64, maxHidden: 80, epochs: 12 }
  },
  {
    name: 'mini-batches, BatchNorm, gestated newborns, cosine',
    rows: 100,
    inputs: 12,
    outputs: 3,
    hyperparameters: { ...lively, batchSize: 16, batchNorm: true, newborn: 'gestated', schedule: 'cosine', epochs: 30 }
  },
  {
    name: 'dropout, unclamped inputs, clipping',
    rows: 80,
    inputs: 12,
    outputs: 3,
    hyperparameters: { ...lively, dropout: 0.4, clampedInputs: false, clipNorm: 0.5, activation: 'gelu', epochs: 60 }
  },
  {
    name: 'regression, own bias correction',
    rows: 80,
    inputs: 6,
    outputs: 2,
    hyperparameters: {
      ...lively,
      loss: 'squared',
      outputBias: true,
      biasCorrection: 'own',
      activation: 'tanh',
      epochs: 60
    }
  },
  {
    name: "regression under Huber's loss, output enhancement",
    rows: 80,
    inputs: 6,
    outputs: 2,
    hyperparameters: { ...lively, loss: 'huber', outputBias: true, outputEnhancement: true, epochs: 60 }
  }
]

/** What came of a pinned run. */
export interface PinnedResult {
  readonly digest: string
  readonly births: number
  readonly deaths: number
}

/** Lives a pinned run on a backend. */
export const pinnedResult = async <T>(b: Backend<T>, run: PinnedRun): Promise<PinnedResult> => {
  const { rows, inputs, outputs } = run
  const h = { ...defaults, ...run.hyperparameters }
  const e = engine(b, h, paperRule(h))
  const x = { shape: [rows, inputs] as const, data: uniform([1, 2], range(rows), range(inputs), 1.7) }
  const numbers = h.loss === 'squared' || h.loss === 'huber'
  const y = tabulate([rows, outputs], (i, j) => {
    const driven = (x.data[i * inputs + j] as number) - (x.data[i * inputs + inputs - 1] as number)
    return numbers ? driven : Math.floor(Math.abs(driven) * 5 + i) % outputs === j ? 1 : 0
  })
  const training = { x: b.constant(x), y: b.constant(y), weights: range(rows).map(i => 1 + (i % 3)) }
  const start = initialState(e, inputs, outputs, 7)
  let [last, births, deaths] = [start, 0, 0]
  for await (const frame of train(e, { training }, restore(b, start))) {
    births += frame.events.filter(event => event._tag === 'Born').length
    deaths += frame.events.filter(event => event._tag === 'Died').length
    if (frame.state.clock.epoch === h.epochs) last = await snapshot(b, frame.state)
  }
  b.release([training.x, training.y])
  return { digest: await digest(last), births, deaths }
}
