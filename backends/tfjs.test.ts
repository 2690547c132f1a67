/** The gradients against those of tfjs's own autograd, as far as its operations reach (no masks' straight-through). */
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { batchOf } from '../core/learning/batches.js'
import { engine } from '../core/life/engine.js'
import { gradients } from '../core/learning/gradients.js'
import { defaults } from '../core/network/hyperparameters.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { initialState } from '../core/learning/initial-state.js'
import { restore } from '../core/learning/state.js'
import { none } from '../rules/index.js'
import { wasm } from './wasm.js'

test('weights and biases have the gradients of tfjs', async () => {
  const b = await wasm()
  await tf.setBackend('cpu')
  const [I, H, O, B] = [5, 4, 3, 9]
  const h = { ...defaults, initialHidden: H, maxHidden: H, initialLogit: 1e4, competition: false, steps: 3 }
  const e = engine(b, h, none)
  const host = initialState(e, I, O, 5)
  const biases = tabulate([1, O + H], (_, j) => (j < O ? 0 : Math.sin(j)))
  const s = restore(b, { ...host, model: { ...host.model, parameters: { ...host.model.parameters, biases } } })
  const x = tabulate([B, I], (i, j) => Math.sin(3 * i + 7 * j))
  const y = tabulate([B, O], (i, j) => (i % O === j ? 1 : 0))
  const batch = batchOf(b, { x: b.constant(x), y: b.constant(y), weights: range(B).map(() => 1) }, range(B))
  const found = gradients(e, e.layer, s.model, s.clock, batch).gradient
  const loss = (A: tf.Tensor, bias: tf.Tensor): tf.Scalar => {
    const input = tf.tensor2d(x.data as Float32Array, [B, I])
    const G = tf.mul(A, tf.tensor2d(host.model.buffers.wiring.data as Float32Array, [I + H, O + H]))
    let hidden = tf.zeros([B, H])
    let z = tf.zeros([B, O])
    for (let l = 0; l < 3; l++) {
      const all = tf.add(tf.matMul(tf.concat([input, hidden], 1), G), bias)
      z = tf.slice(all, [0, 0], [B, O])
      const value = tf.slice(all, [0, O], [B, H])
      hidden = tf.mul(value, tf.sigmoid(value))
    }
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.tensor2d(y.data as Float32Array, [B, O]), tf.logSoftmax(z)), 1)))
  }
  const [dA, dBias] = tf.grads(loss)([
    tf.tensor2d(host.model.parameters.weights.data as Float32Array, [I + H, O + H]),
    tf.tensor2d(biases.data as Float32Array, [1, O + H])
  ]) as [tf.Tensor, tf.Tensor]
  const ours = async (t: Parameters<typeof b.download>[0]): Promise<readonly number[]> =>
    Array.from((await b.download(t)).data)
  const [weights, other] = [await ours(found.weights), await ours(found.biases)]
  Array.from(await dA.data()).forEach((v, i) => expect(weights[i]).toBeCloseTo(v, 6))
  Array.from(await dBias.data()).forEach((v, i) => expect(other[i]).toBeCloseTo(i < O ? 0 : v, 6))
  expect(Math.max(...weights.map(Math.abs))).toBeGreaterThan(0.01)
})
