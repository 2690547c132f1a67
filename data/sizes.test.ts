/** Tables as large as tables get: nothing that grows with them goes through the arguments of a call, of which there are some 100,000. */
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { range } from '../core/port/ndarray.js'
import { explain } from '../core/port/failure.js'
import { prepare } from './dataset.js'
import { scalingBy, standardising } from './preparation.js'
import { noSplit, perClassSplit } from './split.js'

const MANY = 200_000

test('as many classes as rows are refused with their number, not by the engine', () => {
  const values = range(MANY)
  const made = prepare(
    {
      name: 'ids',
      features: ['a'],
      x: { shape: [MANY, 1], data: Float32Array.from(values, i => i % 7) },
      target: { kind: 'classes', names: values.map(String), values },
      targets: ['id']
    },
    noSplit(MANY)
  )
  expect(E.isLeft(made) && explain(made.left)).toBe(
    'ids: 200000 classes for each of 200000 rows are more than fit into memory. Take a target with fewer classes, or learn it as numbers.'
  )
})

test('a class of very many rows is divided', () => {
  const { training, validation, test } = perClassSplit(
    range(MANY).map(() => 0),
    100,
    1
  )
  expect([training, validation, test].map(rows => rows.length)).toEqual([100, 100, MANY - 200])
})

test('images of very many pixels are scaled by their channels', () => {
  const x = { shape: [2, MANY] as const, data: Float32Array.from(range(2 * MANY), i => i % 5) }
  const scaling = scalingBy({ kind: 'channels', channels: 1 }, x, [0, 1])
  expect(new Set(scaling.factor).size).toBe(1)
  expect(standardising(x, [0, 1]).factor).toHaveLength(MANY)
})
