/** A SAGP's epoch as a user of tfjs would write it: one loss, its gradients by tfjs's autograd, on its wasm backend. */
import type * as TF from '@tensorflow/tfjs'
import { range } from '../core/port/ndarray.js'
import { uniform } from '../core/port/random.js'
import { tfjs } from './plain.js'
import type { Runner } from './sagp.js'
import type { Setting } from './setting.js'

/** Block matrices, masks by a straight-through estimator, Adam by hand. Without BatchNorm. */
export const autograd = async ({ B, I, H, O, L, dropout }: Setting): Promise<Runner> => {
  const tf = await tfjs()
  const [S, R] = [I + H, O + H]
  const [alpha, gamma1, gamma2, rate, decay] = [0.2, 0.05, 0.001, 0.002, 0.0001]
  const x = tf.tensor2d(uniform([1, 2], range(B), range(I), Math.sqrt(3)), [B, I])
  const y = tf
    .oneHot(
      tf.tensor1d(
        range(B).map(i => i % O),
        'int32'
      ),
      O
    )
    .toFloat() as TF.Tensor2D
  const allowed = tf.tensor2d(
    Float32Array.from({ length: S * R }, (_, i) => (Math.floor(i / R) - I === (i % R) - O && i % R >= O ? 0 : 1)),
    [S, R]
  )
  const bound = Math.sqrt(6 / (I + H + O))
  type Parameters = readonly [weights: TF.Tensor, biases: TF.Tensor, synapses: TF.Tensor, neurons: TF.Tensor]
  let parameters: Parameters = [
    tf.tensor2d(uniform([3, 4], range(S), range(R), bound), [S, R]),
    tf.zeros([1, H]),
    tf.zeros([S, R]),
    tf.zeros([H, 1])
  ]
  let first = parameters.map(p => tf.zerosLike(p))
  let second = parameters.map(p => tf.zerosLike(p))
  let updates = 0
  const straight = tf.customGrad((soft, save) => {
    ;(save as (t: readonly TF.Tensor[]) => void)([])
    return { value: tf.cast(tf.greater(soft as TF.Tensor, 0.5), 'float32'), gradFunc: (dy: TF.Tensor) => dy }
  })
  const mask = (logits: TF.Tensor): readonly [hard: TF.Tensor, soft: TF.Tensor] => {
    const u = tf.randomUniform(logits.shape, 1e-6, 1 - 1e-6)
    const soft = tf.sigmoid(tf.add(logits, tf.sub(tf.log(u), tf.log(tf.sub(1, u)))))
    return [straight(soft), soft]
  }
  const competition = (soft: TF.Tensor): TF.Tensor => {
    const C = (1 + alpha) ** (1 + alpha) / alpha ** alpha
    return tf.mul(C, tf.mul(soft, tf.pow(tf.maximum(tf.sub(1, soft), 1e-12), alpha)))
  }
  const dropped = (t: TF.Tensor): TF.Tensor => (dropout > 0 ? tf.dropout(t, dropout) : t)
  const loss = (...[weights, biases, synapses, neurons]: readonly TF.Tensor[]): TF.Scalar => {
    const [openSynapses, softSynapses] = mask(synapses as TF.Tensor)
    const [openNeurons, softNeurons] = mask(neurons as TF.Tensor)
    const senders = tf.concat([tf.ones([I, 1]), openNeurons], 0)
    const G = tf.mul(tf.mul(tf.mul(weights as TF.Tensor, openSynapses), allowed), senders)
    const bias = tf.concat([tf.zeros([1, O]), biases as TF.Tensor], 1)
    const input = dropped(x)
    let hidden: TF.Tensor = tf.zeros([B, H])
    let z: TF.Tensor = tf.zeros([B, O])
    for (let l = 0; l < L; l++) {
      const all = tf.add(tf.matMul(tf.concat([input, hidden], 1), G), bias)
      z = tf.slice(all, [0, 0], [B, O])
      const value = tf.slice(all, [0, O], [B, H])
      hidden = dropped(tf.mul(value, tf.sigmoid(value)))
    }
    const task = tf.neg(tf.mean(tf.sum(tf.mul(y, tf.logSoftmax(z)), 1)))
    const auxiliary = tf.add(
      tf.mul(gamma1 / H, tf.sum(competition(softNeurons))),
      tf.mul(gamma2 / S, tf.sum(tf.mul(competition(softSynapses), allowed)))
    )
    return tf.add(task, auxiliary)
  }
  const epoch = (): number =>
    tf.tidy(() => {
      const { value, grads } = tf.valueAndGrads(loss)([...parameters])
      updates += 1
      const past = [...parameters, ...first, ...second]
      const next = parameters.map((p, i) => {
        const g = i < 2 ? tf.add(grads[i] as TF.Tensor, tf.mul(decay, p)) : (grads[i] as TF.Tensor)
        const m = tf.add(tf.mul(0.9, first[i] as TF.Tensor), tf.mul(0.1, g))
        const v = tf.add(tf.mul(0.999, second[i] as TF.Tensor), tf.mul(0.001, tf.square(g)))
        const size = tf.add(tf.sqrt(tf.div(v, 1 - 0.999 ** updates)), 1e-8)
        const value = tf.sub(p, tf.mul(rate, tf.div(tf.div(m, 1 - 0.9 ** updates), size)))
        return [value, m, v].map(t => tf.keep(t))
      })
      parameters = next.map(n => n[0] as TF.Tensor) as unknown as Parameters
      first = next.map(n => n[1] as TF.Tensor)
      second = next.map(n => n[2] as TF.Tensor)
      tf.dispose(past)
      return value.dataSync()[0] ?? NaN
    })
  return async count => {
    let last = NaN
    for (let i = 0; i < count; i++) {
      last = epoch()
      await Promise.resolve()
    }
    return last
  }
}
