/** What all contestants of one setting compute with: hyperparameters and data of its size, the same numbers each time. */
import type { Backend } from '../core/port/backend.js'
import type { Samples } from '../core/learning/batches.js'
import { stream } from '../core/learning/batches.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { uniform } from '../core/port/random.js'
import { take } from '../data/matrix.js'
import type { Setting } from './setting.js'

/** The paper's settings at a size: all neurons there from the start. */
export const hyperparametersOf = ({ H, L, bn, dropout, batch }: Setting): Hyperparameters => ({
  ...defaults,
  steps: L,
  initialHidden: H,
  maxHidden: H,
  batchNorm: bn === 1,
  dropout,
  learningRate: 0.002,
  weightDecay: 0.0001,
  batchSize: batch,
  epochs: 1e9
})

/** Noise as inputs, classes in turn as targets. */
export const samplesOf = <T>(b: Backend<T>, { B, I, O }: Setting): Samples<T, T> => ({
  x: b.constant({ shape: [B, I], data: uniform([1, 2], range(B), range(I), Math.sqrt(3)) }),
  y: b.constant(tabulate([B, O], (i, j) => (i % O === j ? 1 : 0))),
  weights: range(B).map(() => 1)
})

/** Pixels as inputs that come batch by batch, as they do for data sets that are too large to lie on a backend. */
export const streamOf = <T>(b: Backend<T>, setting: Setting): Samples<T> => {
  const { B, I, O } = setting
  const pixels = new Uint8Array(B * I)
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 2654435761) >>> 24
  const scaling = { offset: range(I).map(() => 127.5), factor: range(I).map(() => 1 / 74) }
  return {
    x: stream(rows => take({ shape: [B, I], data: pixels }, rows, scaling)),
    y: b.constant(tabulate([B, O], (i, j) => (i % O === j ? 1 : 0))),
    weights: range(B).map(() => 1)
  }
}
