import { expect, test } from 'vitest'
import type { Tensor } from '../backends/open.js'
import { reference } from '../backends/reference.js'
import { initialState } from '../core/learning/initial-state.js'
import { engine } from '../core/life/engine.js'
import type { Backend } from '../core/port/backend.js'
import { range } from '../core/port/ndarray.js'
import { stratifiedSplit } from '../data/split.js'
import { paperRule } from '../rules/paper.js'
import { fitClassifier } from './estimator.js'

const backend = reference() as unknown as Backend<Tensor>
const x = range(30).map(i => [2 * Math.sin(1 + 5 * i), Math.cos(3 * i)])
const y = range(30).map(i => (i % 3 === 0 ? 'a' : 'b'))
const sampleWeights = range(30).map(i => 1 + ((7 * i) % 11))
const classWeights = { a: 3, b: 0.5 }

test('a row weighs its own weight times that of its class, wherever the split has put it', async () => {
  const losses: number[] = []
  const { stored } = await fitClassifier(x, y, {
    // no hidden neuron, masks that are always open: the loss before the first update is that of the initial weights
    ...{
      backend,
      seed: 4,
      epochs: 1,
      initialLogit: 20,
      competition: false,
      dropout: 0,
      batchNorm: false,
      growth: false,
      initialHidden: 0
    },
    ...{ validationShare: 0.3, sampleWeights, classWeights },
    onEpoch: ({ losses: { task } }) => losses.push(task)
  })
  const h = stored.hyperparameters
  const w = initialState(engine(backend, h, paperRule(h)), 2, 2, 4).model.parameters.weights.data
  const { offset, factor } = stored.preparation.features
  const crossEntropy = (i: number): number => {
    const scaled = x[i]!.map((v, j) => Math.fround((v - offset[j]!) * factor[j]!))
    const z = range(2).map(o => scaled[0]! * w[o]! + scaled[1]! * w[2 + o]!)
    return Math.log(Math.exp(z[0]!) + Math.exp(z[1]!)) - z[y[i] === 'a' ? 0 : 1]!
  }
  const groups = y.map(name => (name === 'a' ? 0 : 1))
  const watched = new Set(stratifiedSplit(groups, 4, 0.3).validation)
  expect(watched.size).toBe(9)
  const learned = range(30).filter(i => !watched.has(i))
  const weight = (i: number): number => sampleWeights[i]! * (y[i] === 'a' ? 3 : 0.5)
  const sum = (f: (i: number) => number): number => learned.reduce((total, i) => total + f(i), 0)
  expect(losses).toHaveLength(1)
  expect(losses[0]).toBeCloseTo(sum(i => weight(i) * crossEntropy(i)) / sum(weight), 6)
})

test('rows that are watched weigh as much if asked to: the validation loss is then the weighted one', async () => {
  const watch = {
    x: [
      [0.5, 0.5],
      [-1, 0.2],
      [0.3, -0.9]
    ],
    y: ['a', 'b', 'b']
  }
  const lossUnder = async (weighValidation: boolean): Promise<number> => {
    const seen: number[] = []
    await fitClassifier(x, y, {
      ...{ backend, seed: 4, epochs: 1, initialLogit: 20, competition: false, dropout: 0, batchNorm: false },
      ...{ validation: watch, classWeights, weighValidation, learningRate: 1e-30 },
      onEpoch: ({ losses: { validation } }) => seen.push(validation as number)
    })
    return seen[0] as number
  }
  const each = async (i: number): Promise<number> => {
    const seen: number[] = []
    await fitClassifier(x, y, {
      ...{ backend, seed: 4, epochs: 1, initialLogit: 20, competition: false, dropout: 0, batchNorm: false },
      ...{ validation: { x: [watch.x[i]!], y: [watch.y[i]!] }, classWeights, learningRate: 1e-30 },
      onEpoch: ({ losses: { validation } }) => seen.push(validation as number)
    })
    return seen[0] as number
  }
  const losses = await Promise.all(range(3).map(each))
  expect(await lossUnder(false)).toBeCloseTo((losses[0]! + losses[1]! + losses[2]!) / 3, 6)
  expect(await lossUnder(true)).toBeCloseTo((3 * losses[0]! + 0.5 * losses[1]! + 0.5 * losses[2]!) / 4, 6)
})
