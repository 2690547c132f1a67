import * as fc from 'fast-check'
import { describe, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { engine, selfAssembling } from '../core/life/engine.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { uniform } from '../core/port/random.js'
import { holds } from '../properties/laws.js'
import { layerPartsAreTheWhole } from '../properties/parts.js'
import { paperRule } from '../rules/paper.js'
import { chain } from './chain.js'
import { dense } from './dense.js'

describe('the parts of a batch are the whole', () => {
  const b = reference()
  const h = { ...defaults, initialHidden: 3, initialLogit: 1, dropout: 0.2, gamma2: 0.1, outputBias: true }
  const life = engine(b, h, paperRule(h))
  const at = { seed: 3, epoch: 2, updates: 5 }
  const side = fc.integer({ min: 1, max: 5 })
  const drawn = fc.record({ rows: fc.integer({ min: 2, max: 7 }), inputs: side, outputs: side, seed: fc.nat(1e6) })
  const x = (seed: number, rows: number, inputs: number): NdArray => ({
    shape: [rows, inputs],
    data: uniform([seed, 2], range(rows), range(inputs), 2)
  })

  test('for a dense layer', () =>
    holds(
      layerPartsAreTheWhole(
        b,
        drawn.map(({ rows, inputs, outputs, seed }) => () => {
          const layer = dense(life, 'd', 'tanh')
          return Promise.resolve({ layer, model: layer.initial(seed, inputs, outputs), x: x(seed, rows, inputs), at })
        })
      )
    ))

  test('for a chain of a dense layer and a graph perceptron', () =>
    holds(
      layerPartsAreTheWhole(
        b,
        drawn.map(({ rows, inputs, outputs, seed }) => () => {
          const layer = chain(life, dense(life, 'body', 'tanh'), 3, selfAssembling(life, 'head'))
          return Promise.resolve({ layer, model: layer.initial(seed, inputs, outputs), x: x(seed, rows, inputs), at })
        })
      )
    ))
})
