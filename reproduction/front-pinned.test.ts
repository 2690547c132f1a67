/**
 * Records of the front are known by their settings and data, not by the code that made them. So here are trainings of each
 * method, to the bit: where one comes out otherwise, delete the records of that method from results/front.jsonl and
 * results/front-search.jsonl, make them anew, then pin what comes out now.
 */
import { expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import type { MethodName } from './front-methods.js'
import type { Point } from './front-points.js'
import { trained, unitsOf } from './front-units.js'

const plain: Point = { learningRate: 0.01, dropout: 0.05, batchNorm: false, weightDecay: 0.003 }
const normed: Point = { learningRate: 0.01, dropout: 0.1, batchNorm: true }

test.each<readonly [method: MethodName, point: Point, loss: number, score: number]>([
  ['sagp', plain, 1.3278980255126953, 0.7638888888888888],
  ['dense-swift', plain, 1.9226398468017578, 0.3972222222222222],
  ['dense-gmp', plain, 1.617243766784668, 0.65],
  ['mlp-gmp', normed, 1.0771299600601196, 0.7861111111111111],
  ['softmax', { learningRate: 0.1 }, 0.8498530387878418, 0.8583333333333333],
  ['dense-rigl', plain, 1.2891032695770264, 0.6444444444444445],
  ['mlp-rigl', normed, 0.9184867739677429, 0.8805555555555555],
  ['dense-set', plain, 1.8598301410675049, 0.5583333333333333],
  ['mlp-set', normed, 1.5926328897476196, 0.7111111111111111],
  ['dense-snip', plain, 1.1872543096542358, 0.7611111111111111],
  ['mlp-snip', normed, 1.0341010093688965, 0.7972222222222223]
])('%s with %o ends as the records say', async (method, point, loss, score) => {
  const wish = { data: 'digits', method, synapses: 300, epochs: 40 } as const
  const [unit] = settle(await unitsOf(wish, [{ seed: 1, point }], {})())
  if (!unit) throw new Error('no unit')
  const { validationLoss, test: found } = settle(await trained(unit, true, {})())
  expect([validationLoss, found]).toEqual([loss, score])
})
