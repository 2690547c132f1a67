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

const often: Point = { dropout: 0, weightDecay: 0.01, rewirings: 40 }
const lasso: Point = { learningRate: 0.1, weightDecay: 0.001, debias: 0 }
const plain: Point = { learningRate: 0.01, dropout: 0.05, batchNorm: false, weightDecay: 0.003 }
const normed: Point = { learningRate: 0.01, dropout: 0.1, batchNorm: true }

test.each<readonly [method: MethodName, point: Point, epochs: number, loss: number, score: number]>([
  ['sagp', plain, 40, 1.3278980255126953, 0.7638888888888888],
  ['dense-swift', plain, 40, 1.9226398468017578, 0.3972222222222222],
  ['dense-gmp', plain, 40, 1.617243766784668, 0.65],
  ['mlp-gmp', normed, 40, 1.0771299600601196, 0.7861111111111111],
  ['softmax', { learningRate: 0.1 }, 40, 0.8498530387878418, 0.8583333333333333],
  ['dense-rigl', plain, 40, 1.2891032695770264, 0.6444444444444445],
  ['mlp-rigl', normed, 40, 0.9184867739677429, 0.8805555555555555],
  ['dense-set', plain, 40, 1.8598301410675049, 0.5583333333333333],
  ['mlp-set', normed, 40, 1.5926328897476196, 0.7111111111111111],
  ['dense-snip', plain, 40, 1.1872543096542358, 0.7611111111111111],
  ['mlp-snip', normed, 40, 1.0341010093688965, 0.7972222222222223],
  // with epochs between two cuts and two rewirings
  ['sagp', plain, 200, 0.32988134026527405, 0.8916666666666667],
  ['sagp', { ...plain, lasso: true }, 200, 0.48109331727027893, 0.8805555555555555],
  ['dense-lasso', plain, 200, 0.8530920743942261, 0.8083333333333333],
  ['mlp-lasso', normed, 200, 1.768609881401062, 0.3138888888888889],
  ['mlp-gmp', plain, 200, 0.30194374918937683, 0.9138888888888889],
  ['mlp-rigl', often, 200, 0.3800390064716339, 0.8972222222222223],
  ['mlp-set', often, 200, 0.5756205320358276, 0.8694444444444445],
  ['softmax', lasso, 40, 1.2081207036972046, 0.7972222222222223],
  ['mlp6-snip', plain, 40, 1.815940260887146, 0.5138888888888888]
])('%s with %o for %i epochs comes out as ever', async (method, point, epochs, loss, score) => {
  const wish = { data: 'digits', method, synapses: 300, epochs } as const
  const [unit] = settle(await unitsOf(wish, [{ seed: 1, point }], {})())
  if (!unit) throw new Error('no unit')
  const { validationLoss, test: found } = settle(await trained(unit, true, {})())
  expect([validationLoss, found]).toEqual([loss, score])
})
