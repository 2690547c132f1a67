import { describe, expect, test } from 'vitest'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { scheduleEpochs } from '../core/life/stage.js'
import { range, tabulate } from '../core/port/ndarray.js'
import type { SomeStageChoice } from '../rules/stages.js'
import { stageNamed } from '../rules/stages.js'
import type { Subject, Wish } from './presets.js'
import { presets, schedules } from './presets.js'

const subject = (rows: number, inputs: number, kind: 'classes' | 'numbers' = 'classes', watched = 9): Subject => ({
  name: 'a table',
  task: { kind, outputs: ['a', 'b', 'c'] },
  features: range(inputs).map(i => `x${i}`),
  split: { training: range(rows), validation: range(watched), test: [] }
})
const settings = (rows: number, inputs: number, kind?: 'classes' | 'numbers'): Hyperparameters =>
  presets.swift(subject(rows, inputs, kind))

describe('swift, of the shape of what is learned', () => {
  test.each([
    // rows, inputs: hidden neurons, epochs, rows of a batch, dropout, competition among synapses, weight decay
    [4, 2, 16, 552, 0, 0.005, 0.002, 0.025],
    [100, 40, 30, 700, 0, 0.1, 0.002, 0.001],
    [400, 200, 60, 2300, 0, 0.2, 0.002, 0.00025],
    [2048, 40, 128, 2300, 0, 0.1, 0.002, 0.1 / 2048],
    [9216, 40, 128, 767, 1024, 0.1, 0.002 / 9, 0.1 / 9216]
  ])('%d rows of %d inputs', (rows, inputs, maxHidden, epochs, batchSize, dropout, gamma2, weightDecay) => {
    expect(settings(rows, inputs)).toMatchObject({ maxHidden, epochs, batchSize, dropout, gamma2, weightDecay })
    expect(settings(rows, inputs).gamma1).toBeCloseTo(25 * gamma2, 12)
    expect(settings(rows, inputs, 'numbers')).toMatchObject({ maxHidden, dropout: 0 })
  })
})

test('swift of few synapses has no BatchNorm, smaller strides, little competition; all else is the same', () => {
  const { batchNorm, learningRate, gamma2, ...rest } = presets.swift(subject(400, 40), { small: true })
  expect({ batchNorm, learningRate, gamma2 }).toEqual({ batchNorm: false, learningRate: 0.005, gamma2: 0.0005 })
  expect(settings(400, 40)).toMatchObject(rest)
  expect(presets.paper(subject(400, 40), { small: true })).toEqual(presets.paper(subject(400, 40)))
})

test('swift begins close to nothing where there are next to no epochs of its own stages', () => {
  const scale = (epochs?: number, small: boolean = false): number =>
    presets.swift(subject(400, 40), { epochs, small }).newbornScale
  expect([scale(22), scale(23), scale(), scale(22, true)]).toEqual([0.01, 1, 1, 1])
  // an epoch of batches is a life: of numbers it begins at their mean, of classes as one that is lengthened
  expect(scale(1)).toBe(1)
  expect(presets.swift(subject(400, 40, 'numbers'), { epochs: 1 }).newbornScale).toBe(0.01)
})
describe('the stages of swift', () => {
  const wish: Wish = {
    epochs: 2300,
    learningRate: 0.01,
    dropout: 0.1,
    stopPatience: 0,
    stopStable: 0,
    loss: 'squared',
    batchSize: 0
  }
  const stagesOf = (more: Partial<Wish>, of: Subject = subject(400, 10)): ReturnType<typeof schedules.swift> =>
    schedules.swift(of, { ...wish, ...more })

  test('last as many epochs as are asked for, whatever their number', () => {
    for (const epochs of [...range(222).map(i => i + 1), 2300, 12_345])
      for (const kind of ['classes', 'numbers'] as const)
        for (const watched of [0, 9]) {
          const stages = stagesOf({ epochs }, subject(400, 10, kind, watched)).map(stageNamed)
          // a single epoch is a life, but of numbers whose mean can be asked
          const some = epochs > 1 || (kind === 'numbers' && watched > 0)
          expect([stages.length > 0, scheduleEpochs(stages)]).toEqual([some, some ? epochs : 0])
        }
  })
  test('inputs alone, a life, consolidation, thinnings', () => {
    const [linear, life, first, ...others] = stagesOf({})
    expect([linear, life, first]).toMatchObject([
      { name: 'thin', epochs: 400, share: 1, with: { dropout: 0.1, learningRate: 0.03, weightDecay: 1 / 400 } },
      { name: 'life', epochs: 300 },
      { name: 'thin', epochs: 500, share: 1, with: { dropout: 0.05 } }
    ])
    expect(others).toHaveLength(11)
    for (const other of others) expect(stageNamed(other)).toMatchObject({ epochs: 100, contest: { size: 1300 } })
  })
  test('alone, the weights of many or large inputs together move an output by no more than those of few', () => {
    const rate = (epochs: number, inputs: number, each: number): unknown => {
      const of = {
        ...subject(400, inputs),
        training: {
          inputs: (rows: readonly number[] = []) =>
            tabulate([rows.length, inputs], (i, j) => ((i + j) % 2 ? each : -each))
        }
      }
      return stagesOf({ epochs }, of)[0]?.with?.learningRate
    }
    // 17 updates: by 2; 70 updates: by 2 / 26 of each
    expect([rate(100, 4, 1), rate(100, 40, 1), rate(100, 40, 2)]).toEqual([0.3, 0.05, 0.025])
    expect(rate(400, 180, 1)).toBe(0.0299)
    expect([rate(10, 40, 1), rate(10, 10, 1)]).toEqual([0.05, 0.1])
    expect(rate(100, 4, 1e6)).toBe(0.167) // as if of size 3
    expect([rate(2300, 200, 1), rate(100, 4, 0), rate(100, 0, 1)]).toEqual([0.03, 0.3, 0.3])
    const wide = {
      ...subject(400, 2 ** 21),
      training: {
        inputs: (rows: readonly number[] = []) => {
          expect(rows).toEqual([0])
          return tabulate([1, 2 ** 21], () => 1 / 2 ** 21)
        }
      }
    }
    expect(stagesOf({ epochs: 100 }, wide)[0]?.with?.learningRate).toBe(0.3)
  })
  const mean = (above: number): SomeStageChoice => ({ name: 'mean', epochs: 1, above })
  test('numbers, and they alone, are at last asked whether their mean is not better', () => {
    const of = (kind: 'classes' | 'numbers', watched?: number, epochs: number = 2300): readonly SomeStageChoice[] =>
      stagesOf({ epochs }, subject(400, 10, kind, watched))
    const [classes, numbers] = [of('classes'), of('numbers')]
    expect(numbers).toEqual([...classes.slice(0, -1), { ...classes.at(-1), epochs: 99 }, mean(0.3)])
    expect(of('numbers', 0)).toEqual(of('classes', 0))
    expect(of('numbers', 9, 23).at(-1)).toEqual(mean(0.3))
    const y = { shape: [4, 1], data: Float64Array.of(0.5, 0, -3, 0.25) } as const
    const told = { ...subject(400, 10, 'numbers'), validation: { y } }
    expect(stagesOf({}, told).at(-1)).toEqual(mean(Number(((0.3 * 9.3125) / 4).toPrecision(3))))
    expect(stagesOf({ loss: 'huber' }, told).at(-1)).toEqual(mean(Number(((0.3 * 2.65625) / 4).toPrecision(3))))
    const far = { shape: [1, 1], data: Float64Array.of(1e9) } as const
    expect(stagesOf({}, { ...told, validation: { y: far } }).at(-1)).toEqual(mean(1e6))
    expect(stagesOf({ weighed: true }, told).at(-1)).toEqual(mean(0))
  })
  test('inputs alone need no more than 400 epochs, however many there are', () => {
    expect(stagesOf({ epochs: 23_000 }).map(({ epochs }) => epochs)).toEqual([
      400,
      6600,
      5000,
      ...range(11).map(() => 1000)
    ])
  })
  test('none of few epochs, nor where somebody wants another end; no thinning that nobody sees', () => {
    const briefly = (epochs: number, more: Partial<Wish> = {}): readonly unknown[] =>
      stagesOf({ epochs, ...more }, subject(400, 10, 'numbers')).map(({ name, epochs: own }) => `${name} ${own}`)
    expect(briefly(10)).toEqual(['thin 2', 'life 1', 'thin 2', ...range(4).map(() => 'thin 1'), 'mean 1'])
    expect([briefly(2), briefly(1), briefly(1, { batchSize: 100 })]).toEqual([['thin 1', 'mean 1'], ['mean 1'], []])
    expect(stagesOf({ epochs: 22, stopPatience: 5 }, subject(400, 10, 'numbers'))).toEqual([])
    expect(stagesOf({ epochs: 23 }, subject(400, 10, 'numbers'))).toHaveLength(14)
    expect([stagesOf({ stopPatience: 5 }), stagesOf({ stopStable: 5 })]).toEqual([[], []])
    expect(stagesOf({ epochs: 2 }).map(({ name, epochs }) => `${name} ${epochs}`)).toEqual(['thin 1', 'thin 1'])
    const unwatched = subject(4, 2, 'classes', 0)
    expect(stagesOf({}, unwatched).map(({ name }) => name)).toEqual(['thin', 'life', 'thin'])
    expect(presets.swift(unwatched).epochs).toBe(138)
    expect(presets.swift(subject(400, 2, 'classes', 0)).epochs).toBe(920)
  })
  test('end at a number of synapses that is asked for', () => {
    expect(stagesOf({ synapses: 70 })).toMatchObject([
      { name: 'life', epochs: 288 },
      {
        ...{ name: 'prune', epochs: 2012, synapses: 70, over: 1341, every: 13, slope: 0.25 },
        with: { dropout: 0.05, learningRate: 0.02 }
      }
    ])
  })
})
