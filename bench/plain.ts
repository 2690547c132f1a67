/** Answers as a user of tfjs would compute them: the whole weight matrix, step by step, on its wasm backend. */
import type * as TF from '@tensorflow/tfjs'
import { range } from '../core/port/ndarray.js'
import { uniform } from '../core/port/random.js'
import type { Runner } from './sagp.js'
import type { Setting } from './setting.js'

/** tfjs on its wasm backend, on one thread. */
export const tfjs = async (): Promise<typeof TF> => {
  const tf: typeof TF = await import('@tensorflow/tfjs')
  await import('@tensorflow/tfjs-backend-wasm')
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  await tf.setBackend('wasm')
  return tf
}

/** The outputs of a graph perceptron for B rows that lie on the backend. */
export const plain = async ({ B, I, H, O, L }: Setting): Promise<Runner> => {
  const tf = await tfjs()
  const numbers = (rows: number, columns: number, bound: number): TF.Tensor2D =>
    tf.tensor2d(uniform([rows, columns], range(rows), range(columns), bound), [rows, columns])
  const [x, net, bias] = [numbers(B, I, 1), numbers(I + H, O + H, 0.1), numbers(1, O + H, 0.1)]
  const answer = (): number =>
    tf.tidy(() => {
      let hidden: TF.Tensor = tf.zeros([B, H])
      let z: TF.Tensor = hidden
      for (let l = 0; l < L; l++) {
        const all = tf.add(tf.matMul(tf.concat([x, hidden], 1), net), bias)
        z = tf.slice(all, [0, 0], [B, O])
        const h = tf.slice(all, [0, O], [B, H])
        hidden = tf.mul(h, tf.sigmoid(h))
      }
      return z.dataSync()[0] ?? NaN
    })
  return async count => {
    let last = NaN
    for (let i = 0; i < count; i++) {
      last = answer()
      await Promise.resolve()
    }
    return last
  }
}
