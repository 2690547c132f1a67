/** Law: the gradients derived by hand are the derivatives of the loss. */
import * as fc from 'fast-check'
import type { Backend } from '../core/port/backend.js'
import type { Engine } from '../core/life/engine.js'
import { forward, network } from '../core/network/forward.js'
import type { Batch } from '../core/learning/batches.js'
import { gradients } from '../core/learning/gradients.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Name, Parameters } from '../core/network/parameters.js'
import { mapNamed, valuesOf } from '../core/network/model.js'
import * as P from '../core/network/parameters.js'
import { training } from '../core/network/mode.js'
import { auxiliary, sample } from '../core/network/sampling.js'
import type { State } from '../core/learning/state.js'
import { snapshot } from '../core/learning/state.js'
import { derivative, nudged, WIDTHS } from './differences.js'
import { amplification, buildCase, networkCases } from './network-case.js'

/** The task loss with hard masks as free real inputs. */
const taskLoss = async <T>(
  { backend: b, hyperparameters: h }: Engine<T>,
  batch: Batch<T>,
  { clock, model }: State<T>,
  p: Parameters<NdArray>,
  hard: { readonly neurons: NdArray; readonly synapses: NdArray }
): Promise<number> => {
  const loss = b.scope(
    () => {
      const parameters = mapNamed(p, array => b.constant(array))
      const gate = b.kernels.gate(b.constant(hard.synapses), model.buffers.wiring, b.constant(hard.neurons))
      const net = network(b, model.facts, b.mul(parameters.weights, gate), parameters.biases)
      const mode = training(b, h, model.facts, parameters, clock)(batch.rows)
      const trace = forward(b, h, model.facts, net, mode, batch.x)
      return b.kernels.taskLoss(h.loss, trace.z, batch.y, batch.weights).loss
    },
    l => [l]
  )
  const [value] = (await b.download(loss)).data
  b.release([loss])
  return value as number
}

const auxiliaryLoss = async <T>(
  { backend: b, hyperparameters: h }: Engine<T>,
  { clock, model }: State<T>,
  p: Parameters<NdArray>
): Promise<number> => {
  const loss = b.scope(
    () => {
      const moved = { ...model, parameters: mapNamed(p, array => b.constant(array)) }
      return auxiliary(b, h, moved, sample(b, h, moved, clock)).loss
    },
    l => [l]
  )
  const [value] = (await b.download(loss)).data
  b.release([loss])
  return value as number
}

/**
 * Every entry of the gradient equals central differences of the loss to `tolerance`, relative to 1 or the entry: with
 * hard masks as free real inputs, times d soft / d logit, and the auxiliary loss on its own. For Float64 backends. Not for
 * relu, which has no derivative at its kink: a closed neuron sits right there.
 */
export const gradientsAreDerivatives = <T>(b: Backend<T>, tolerance: number = 1e-6): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(networkCases(), fc.nat(), async (drawn, pick) => {
    const { hyperparameters: h } = drawn
    const networkCase =
      h.activation === 'relu' ? { ...drawn, hyperparameters: { ...h, activation: 'swish' as const } } : drawn
    const living = await buildCase(b, networkCase)
    const { engine: e, batch, state: s } = living
    if ((await amplification(e, batch, s)) > 1e4) return living.release() // no width of differences would tell
    const found = b.scope(
      () => gradients(e, e.layer, s.model, s.clock, batch),
      g => valuesOf<T>(g.gradient)
    )
    const masks = b.scope(
      () => {
        const drawn = sample(b, e.hyperparameters, s.model, s.clock)
        if (e.hyperparameters.trainingMasks === 'sampled') return drawn
        const fixed = (name: 'neurons' | 'synapses'): typeof drawn.neurons => ({
          ...drawn[name],
          hard: b.positive(s.model.parameters[name])
        })
        return { neurons: fixed('neurons'), synapses: fixed('synapses') }
      },
      m => [m.neurons.hard, m.neurons.slope, m.synapses.hard, m.synapses.slope]
    )
    const host = (await snapshot(b, s)).model.parameters
    const hard = { neurons: await b.download(masks.neurons.hard), synapses: await b.download(masks.synapses.hard) }
    const slope = { neurons: await b.download(masks.neurons.slope), synapses: await b.download(masks.synapses.slope) }
    try {
      for (const name of P.names) {
        const { data } = await b.download(found.gradient[name])
        if (data.length === 0 || e.layer.still?.(name)) continue
        const i = pick % data.length
        if (P.extent[name] === 'synapses' && (await b.download(s.model.buffers.wiring)).data[i] === 0) continue
        // BatchNorm takes a hidden bias out again: its gradient is exactly 0
        const learned = i < s.model.facts.outputs ? e.hyperparameters.outputBias : !e.hyperparameters.batchNorm
        const fixed = name === 'biases' && !learned
        const actual = data[i] as number
        const tried: number[] = []
        const agrees = async (width: number): Promise<boolean> => {
          const expected = fixed ? 0 : await expectedSlope(e, batch, s, host, hard, slope, name, i, width)
          tried.push(expected)
          if (fixed) return actual === 0
          return Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected))
        }
        if (!(await agrees(WIDTHS[0])) && !(await agrees(WIDTHS[1]))) {
          throw new Error(`${name}[${i}]: gradient ${actual}, differences ${tried.join(' and ')}`)
        }
      }
    } finally {
      b.release([
        ...valuesOf<T>(found.gradient),
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
  i: number,
  width: number
): Promise<number> => {
  if (name !== 'neurons' && name !== 'synapses') {
    return derivative(by => taskLoss(e, batch, s, { ...p, [name]: nudged(p[name], i, by) }, hard), width)
  }
  const task = await derivative(by => taskLoss(e, batch, s, p, { ...hard, [name]: nudged(hard[name], i, by) }), width)
  const cost = await derivative(by => auxiliaryLoss(e, s, { ...p, [name]: nudged(p[name], i, by) }), width)
  return task * (slope[name].data[i] as number) + cost
}
