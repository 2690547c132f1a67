import { expect, test } from 'vitest'
import { softmaxRows } from './metrics.js'

test('probabilities of very many classes are probabilities', () => {
  const classes = 200_000
  const { data } = softmaxRows({ shape: [1, classes], data: new Float32Array(classes) })
  expect([data.length, data[0], data.at(-1)]).toEqual([classes, 1 / classes, 1 / classes])
})
