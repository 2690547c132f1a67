import * as E from 'fp-ts/lib/Either.js'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { decodeCheckpoint, digest, encodeCheckpoint } from '../codecs/checkpoint.js'
import { perceptronCodec } from '../codecs/model-codec.js'
import { initialState } from '../core/learning/initial-state.js'
import { sgd } from '../core/learning/sgd.js'
import type { State } from '../core/learning/state.js'
import { restore, snapshot } from '../core/learning/state.js'
import { train } from '../core/life/train.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { NdArray } from '../core/port/ndarray.js'
import { tabulate } from '../core/port/ndarray.js'
import { none } from '../rules/rule.js'
import { softened } from './lasso.js'
import { modelNamed } from './rivals.js'
import type { SomeAnyStageChoice } from './stages.js'
import { anyStage } from './stages.js'

interface Values {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly number[]
  readonly path: readonly {
    readonly penalty: number
    readonly weights: readonly (readonly number[])[]
    readonly count: number
    readonly loss: number
    readonly right: number
  }[]
}

const values = JSON.parse(readFileSync('models/lasso_values.json', 'utf8')) as Values
const [ROWS, INPUTS, OUTPUTS] = [values.x.length, 8, 3]
const b = reference()
const x = tabulate([ROWS, INPUTS], (i, j) => values.x[i]?.[j] as number)
const y = tabulate([ROWS, OUTPUTS], (i, j) => (values.y[i] === j ? 1 : 0))
const momentum = 0.9

const made = (stages: readonly SomeAnyStageChoice[]) => {
  const { open, demands } = modelNamed({ name: 'softmax' })
  const epochs = stages.reduce((n, s) => n + (s.epochs ?? 0), 0)
  const h = { ...defaults, ...demands, epochs }
  return open(b, h, none, { optimiser: sgd(momentum), stages: stages.map(anyStage) })
}
const step = { learningRate: 0.05, schedule: 'constant', dropout: 0, weightDecay: 0 } as const

/** The states and losses after each epoch, of long trainings after the last alone. */
const lived = async (
  stages: readonly SomeAnyStageChoice[],
  from?: State<NdArray>,
  until: number = Infinity
): Promise<readonly { readonly state: State<NdArray>; readonly loss: number }[]> => {
  const e = made(stages)
  const training = { x: b.constant(x), y: b.constant(y), weights: values.y.map(() => 1) }
  const start = restore(b, from ?? initialState(e, INPUTS, OUTPUTS, 1))
  const found = []
  for await (const { state, losses } of train(e, { training }, start)) {
    const isSeen =
      state.clock.epoch >= until || e.hyperparameters.epochs < 100 || state.clock.epoch === e.hyperparameters.epochs
    if (isSeen) found.push({ state: await snapshot(b, state), loss: losses.task })
    if (state.clock.epoch >= until) break
  }
  b.release([training.x, training.y])
  return found
}

const nonzero = ({ data }: NdArray): readonly number[] => [...data].flatMap((v, k) => (v === 0 ? [] : [k]))

describe('against L1 softmax regression by scikit-learn (saga)', () => {
  test.each([7, 16])('at penalty %i of its path the weights come to rest where its own do', async at => {
    const { penalty, weights } = values.path[at] as Values['path'][number]
    const lambda = penalty / (1 - momentum)
    const path = { name: 'lasso', epochs: 900, synapses: 1, from: lambda, to: lambda, with: step } as const
    const { state } = (await lived([path], undefined, 899)).at(-1) as { readonly state: State<NdArray> }
    const expected = weights.flat()
    state.model.parameters.weights.data.forEach((w: number, k: number) => {
      expect(w).toBeCloseTo(expected[k] as number, 3)
    })
    expect(nonzero(state.model.parameters.weights)).toEqual(expected.flatMap((w, k) => (Math.abs(w) > 1e-7 ? [k] : [])))
  })

  test.each([5, 10])(
    'at %i weights they are its own, and trained on they lose less than under the penalty',
    async count => {
      const theirs = values.path.filter(p => p.count === count).at(-1) as Values['path'][number]
      const path = { name: 'lasso', epochs: 2000, synapses: count, with: step } as const
      const settled = { name: 'consolidate', epochs: 60, with: step } as const
      const all = await lived([path, settled])
      const { state, loss } = all.at(-1) as (typeof all)[number]
      expect(nonzero(state.model.buffers.wiring)).toEqual(
        theirs.weights.flat().flatMap((w, k) => (Math.abs(w) > 1e-7 ? [k] : []))
      )
      expect(loss).toBeLessThan(theirs.loss)
    }
  )
})

test('a proximal step is its formula', async () => {
  const w = tabulate([2, 3], (i, j) => (3 * i + j - 2) / 4)
  const soft = await b.download(softened(b, b.constant(w), b.constant({ shape: [1, 1], data: Float64Array.of(0.3) })))
  expect(Array.from(soft.data)).toEqual(
    Array.from(w.data, v => expect.closeTo(Math.sign(v) * Math.max(0, Math.abs(v) - 0.3), 12) as number)
  )
})

describe('a path', () => {
  const path = { name: 'lasso', epochs: 60, synapses: 7, from: 0.05, to: 20, with: step } as const
  const wiring = ({ state }: { readonly state: State<NdArray> }): readonly number[] =>
    nonzero(state.model.buffers.wiring)

  test('leaves exactly what is wanted, which never comes back; what is dead is 0', async () => {
    const all = await lived([path])
    const cut = all.findIndex(s => wiring(s).length < 24)
    expect(cut).toBeGreaterThan(10)
    expect(cut).toBeLessThan(59)
    all.forEach((s, i) => expect(wiring(s)).toEqual(wiring(all[i < cut ? 0 : cut] as (typeof all)[number])))
    expect(wiring(all[cut] as (typeof all)[number])).toHaveLength(7)
    for (const { state } of all)
      for (const m of [state.model.parameters.weights, ...state.moments.weights])
        m.data.forEach((v: number, k: number) => {
          if (state.model.buffers.wiring.data[k] === 0) expect(Math.abs(v)).toBe(0)
        })
    const [at, last] = [all[cut], all.at(-1)] as [(typeof all)[number], (typeof all)[number]]
    expect(last.state.model.parameters.weights).not.toEqual(at.state.model.parameters.weights)
  })

  test('ends at the last epoch at the latest', async () => {
    const all = await lived([{ ...path, to: 0.06 }])
    expect(all.map(s => wiring(s).length)).toEqual([...Array.from({ length: 59 }, () => 24), 7])
  })

  test('stands still after its end without debias', async () => {
    const all = await lived([{ ...path, debias: 0 }])
    const cut = all.findIndex(s => wiring(s).length === 7)
    for (const { state } of all.slice(cut)) expect(state.model.parameters).toEqual(all.at(-1)?.state.model.parameters)
    expect(all[cut - 1]?.state.model.parameters).not.toEqual(all[cut]?.state.model.parameters)
  })

  test('of more weights than there are is a plain training', async () => {
    const all = await lived([{ ...path, synapses: 24, debias: 0 }])
    const plain = await lived([{ name: 'consolidate', epochs: 60, with: step }])
    expect(all.at(-1)?.state.model.parameters).toEqual(plain.at(-1)?.state.model.parameters)
  })

  test('resumed or not, the bits are the same', async () => {
    const whole = await lived([path])
    for (const at of [5, 40]) {
      const stored = await encodeCheckpoint(perceptronCodec, (whole[at - 1] as (typeof whole)[number]).state)
      const again = await decodeCheckpoint(perceptronCodec, stored, 'memory')
      if (E.isLeft(again)) throw new Error(again.left.what)
      const rest = await lived([path], again.right)
      expect(await digest((rest.at(-1) as (typeof rest)[number]).state)).toBe(
        await digest((whole.at(-1) as (typeof whole)[number]).state)
      )
    }
  })
})
