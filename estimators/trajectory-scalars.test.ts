import { expect, test } from 'vitest'
import { writeTensorboard } from '../exports/graphs/tensorboard.js'
import { trajectoryScalars } from './trajectory-scalars.js'

const line = {
  ...{ epoch: 4, living: 3, open: 2, synapses: 80, births: 1, deaths: 0, ms: 7.25 },
  losses: { task: 1.5, auxiliary: 0.25 },
  metrics: { f1Micro: 0.5, f1Macro: 0.375 }
}

test('each number of a trajectory becomes a curve, and its times add up', () => {
  const second = { ...line, epoch: 5, deaths: 6, ms: 2.5, stage: 1, losses: { ...line.losses, validation: 1.25 } }
  const [one, two] = trajectoryScalars([line, second])
  expect([one?.epoch, one?.elapsed, two?.epoch, two?.elapsed]).toEqual([4, 7.25, 5, 9.75])
  expect(Object.fromEntries(one?.scalars ?? [])).toEqual({
    ...{ 'size/living': 3, 'size/open': 2, 'size/synapses': 80, 'life/births': 1, 'life/deaths': 0 },
    ...{ 'loss/task': 1.5, 'loss/auxiliary': 0.25, 'metrics/f1Micro': 0.5, 'metrics/f1Macro': 0.375 },
    'time/epoch': 7.25
  })
  expect(two?.scalars).toEqual(
    expect.arrayContaining([
      ['loss/validation', 1.25],
      ['stage', 1],
      ['life/deaths', 6]
    ])
  )
  expect(two?.scalars).toHaveLength(12)
})

test('a file of them is written without a clock', () => {
  const files = [1, 2].map(() => writeTensorboard(trajectoryScalars([line]), { name: 'x' }))
  expect(files[0]).toEqual(files[1])
})
