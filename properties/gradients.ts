/** Law: the gradients derived by hand are the derivatives of the loss. */
import * as fc from 'fast-check'
import type { Backend } from '../core/backend.js'
import type { Engine } from '../core/engine.js'
import { forward, network } from '../core/forward.js'
import type { Batch } from '../core/gradients.js'
import { gradients } from '../core/gradients.js'
import type { NdArray } from '../core/ndarray.js'
import type { Name, Parameters } from '../core/parameters.js'
import * as P from '../core/parameters.js'
import { training } from '../core/regime.js'
import { auxiliary, gates, sample } from '../core/sampling.js'
import type { State } from '../core/state.js'
import { snapshot } from '../core/state.js'
import { bring, specimens } from './specimen.js'

/** The task loss with hard masks as free real inputs. */
const taskLoss = async <T>(
  { backend: b, hyperparameters: h }: Engine<T>,
  batch: Batch<T>,
  s: State<T>,
  p: Parameters<NdArray>,
  hard: { readonly neurons: NdArray; readonly synapses: NdArray }
): Promise<number> => {
  const loss = b.scope(
    () => {
      const parameters = P.map(p, b.constant)
      const gate = gates(b, s, b.constant(hard.neurons), b.constant(hard.synapses))
      const net = network(b, s.anatomy, b.mul(parameters.weights, gate), parameters.biases)
      const moment = { seed: s.seed, epoch: s.epoch, update: s.updates, rows: batch.rows }
      const trace = forward(b, h, s.anatomy, net, training(b, h, s.anatomy, parameters, moment), batch.x)
      return b.kernels.score(h.loss, trace.z, batch.y, batch.weights).loss
    },
    l => [l]
  )
  const [value] = (await b.download(loss)).data
  b.release([loss])
  return value as number
}

const auxiliaryLoss = async <T>(e: Engine<T>, s: State<T>, p: Parameters<NdArray>): Promise<number> => {
  const b = e.backend
  const loss = b.scope(
    () => {
      const moved = { ...s, parameters: P.map(p, b.constant) }
      return auxiliary(b, e.hyperparameters, moved, sample(b, e.hyperparameters, moved)).loss
    },
    l => [l]
  )
  const [value] = (await b.download(loss)).data
  b.release([loss])
  return value as number
}

const nudged = (a: NdArray, i: number, by: number): NdArray => ({
  ...a,
  data: Float64Array.from(a.data, (v, k) => (k === i ? v + by : v))
})

/**
 * d f / d x by central differences at two widths, extrapolated (Richardson), with a doubt that is large where a kink
 * (relu's) lies in between or, seen by the second difference, right here.
 */
const derivative = async (f: (by: number) => Promise<number>): Promise<readonly [slope: number, doubt: number]> => {
  const central = async (h: number): Promise<number> => ((await f(h)) - (await f(-h))) / (2 * h)
  const [wide, narrow] = [await central(2e-3), await central(1e-3)]
  const h = 1e-6
  const bend = Math.abs((await f(h)) - 2 * (await f(0)) + (await f(-h))) / h
  return [(4 * narrow - wide) / 3, Math.max(Math.abs(narrow - wide), 10 * bend)]
}

/**
 * Every entry of the gradient equals central differences of the loss to `tolerance`, relative to 1 or the entry: with
 * hard masks as free real inputs, times d soft / d logit, and the auxiliary loss on its own. For Float64 backends.
 */
export const gradientsAreDerivatives = <T>(b: Backend<T>, tolerance: number = 1e-6): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(specimens(), fc.nat(), async (specimen, pick) => {
    const living = await bring(b, specimen)
    const { engine: e, batch, state: s } = living
    const found = b.scope(
      () => gradients(e, batch, s),
      g => P.leaves(g.gradient)
    )
    const masks = b.scope(
      () => sample(b, e.hyperparameters, s),
      m => [m.neurons.hard, m.neurons.slope, m.synapses.hard, m.synapses.slope]
    )
    const host = (await snapshot(b, s)).parameters
    const hard = { neurons: await b.download(masks.neurons.hard), synapses: await b.download(masks.synapses.hard) }
    const slope = { neurons: await b.download(masks.neurons.slope), synapses: await b.download(masks.synapses.slope) }
    try {
      for (const name of P.names) {
        const { data } = await b.download(found.gradient[name])
        if (data.length === 0) continue
        const i = pick % data.length
        if (s.wiring !== undefined && P.extent[name] === 'synapses' && (await b.download(s.wiring)).data[i] === 0)
          continue
        const fixed = name === 'biases' && i < s.anatomy.outputs && !e.hyperparameters.outputBias
        const [expected, doubt] = fixed ? [0, 0] : await expectedSlope(e, batch, s, host, hard, slope, name, i)
        const error = Math.abs((data[i] as number) - expected)
        if (doubt > 1e-4) continue // a kink
        if (error > tolerance * Math.max(1, Math.abs(expected))) {
          throw new Error(`${name}[${i}]: gradient ${data[i]}, differences ${expected}`)
        }
      }
    } finally {
      b.release([
        ...P.leaves(found.gradient),
        masks.neurons.hard,
        masks.neurons.slope,
        masks.synapses.hard,
        masks.synapses.slope
      ])
      living.release()
    }
  })

const expectedSlope = async <T>(
  e: Engine<T>,
  batch: Batch<T>,
  s: State<T>,
  p: Parameters<NdArray>,
  hard: { readonly neurons: NdArray; readonly synapses: NdArray },
  slope: { readonly neurons: NdArray; readonly synapses: NdArray },
  name: Name,
  i: number
): Promise<readonly [number, number]> => {
  if (name !== 'neurons' && name !== 'synapses') {
    return derivative(by => taskLoss(e, batch, s, { ...p, [name]: nudged(p[name], i, by) }, hard))
  }
  const [task, taskDoubt] = await derivative(by =>
    taskLoss(e, batch, s, p, { ...hard, [name]: nudged(hard[name], i, by) })
  )
  const [cost, costDoubt] = await derivative(by => auxiliaryLoss(e, s, { ...p, [name]: nudged(p[name], i, by) }))
  return [task * (slope[name].data[i] as number) + cost, taskDoubt + costDoubt]
}
