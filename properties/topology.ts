/** Laws of topology: what it calls effective is all that outputs depend on, and they depend on all of it. */
import * as fc from 'fast-check'
import { evaluate } from '../core/learning/trainable.js'
import type { State } from '../core/learning/state.js'
import { mapTensors, restore, snapshot, tensors } from '../core/learning/state.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { GraphPerceptron } from '../core/network/parameters.js'
import type { Synapse } from '../core/network/topology.js'
import { effectiveSynapses, openSynapses } from '../core/network/topology.js'
import type { Backend } from '../core/port/backend.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { address, uniform } from '../core/port/random.js'
import { downloaded, ensure } from './compare.js'
import { buildCase, networkCases } from './network-case.js'

const PURPOSE = 2000 // far from those of the engine and of generated data

/**
 * The same state with few open synapses, so that inputs do not reach every neuron, and with biases, shifts and running
 * statistics that differ from step to step; most of them are exactly 0.
 */
export const thinned = (s: State<NdArray>, density: number, seed: number): State<NdArray> =>
  mapTensors(s, (a, path) => {
    const drawn = (kind: number): Float32Array =>
      uniform(address(seed, 0, PURPOSE + kind), range(a.shape[0]), range(a.shape[1]), 1)
    const open = (kind: number, share: number): NdArray => ({
      ...a,
      data: drawn(kind).map(u => (u < 2 * share - 1 ? 1 : -1))
    })
    const mostlyZero = (kind: number, from: number = 0): NdArray => ({
      ...a,
      data: drawn(kind).map((u, i) => (i < from || u < 0.3 ? 0 : 3 * u - 2))
    })
    switch (path) {
      case 'parameters.synapses':
        return open(0, density)
      case 'parameters.neurons':
        return open(1, 0.9)
      case 'parameters.biases':
        return mostlyZero(2, s.model.facts.outputs)
      case 'parameters.shift':
        return mostlyZero(3)
      case 'buffers.mean':
        return mostlyZero(4)
      case 'buffers.variance':
        return { ...a, data: drawn(5).map(u => 1 + u / 2) }
      default:
        return a
    }
  })

/** The same with some synapses closed. */
const without = (model: GraphPerceptron<NdArray>, closed: readonly Synapse[]): GraphPerceptron<NdArray> => {
  const { shape, data } = model.parameters.synapses
  const logits = new Float64Array(data)
  for (const { from, to } of closed) logits[from * shape[1] + to] = -1e4
  return { ...model, parameters: { ...model.parameters, synapses: { shape, data: logits } } }
}

/** A thin network in use: its effective synapses, the others that are open, and its outputs without some of them. */
interface Thin {
  readonly effective: readonly Synapse[]
  readonly idle: readonly Synapse[]
  readonly outputs: (closed: readonly Synapse[]) => Promise<NdArray>
}

const law = <T>(
  b: Backend<T>,
  fixed: (h: Hyperparameters) => Hyperparameters,
  f: (thin: Thin, pick: number) => Promise<void>
): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(
    networkCases({ evaluationMasks: 'noiseless', initialHidden: 4, maxHidden: 7 }),
    fc.constantFrom(0.15, 0.3, 0.6),
    fc.nat(),
    async (drawn, density, pick) => {
      const networkCase = { ...drawn, hyperparameters: fixed(drawn.hyperparameters) }
      const living = await buildCase(b, networkCase)
      const { engine: e, batch } = living
      const host = thinned(await snapshot(b, living.state), density, pick)
      const effective = effectiveSynapses(host.model, e.hyperparameters)
      const known = new Set(effective.map(({ from, to }) => `${from} ${to}`))
      const outputs = async (closed: readonly Synapse[]): Promise<NdArray> => {
        const s = restore(b, { ...host, model: without(host.model, closed) })
        const z = await downloaded(b, () => evaluate(e)(s, batch.x))
        b.release(tensors(s))
        return z
      }
      const idle = openSynapses(host.model).filter(({ from, to }) => !known.has(`${from} ${to}`))
      try {
        await f({ effective, idle, outputs }, pick)
      } finally {
        living.release()
      }
    }
  )

const sameOutputs = (a: NdArray, b: NdArray): boolean => a.data.every((v: number, i: number) => v === b.data[i])

const named = (closed: readonly Synapse[]): string => closed.map(({ from, to }) => `${from} -> ${to}`).join(', ')

/**
 * Without all the open synapses that are not effective, and without some of them, an evaluation gives the same numbers, to
 * the last bit (0 and -0 count as the same). For backends whose sums do not depend on which weights are 0.
 */
export const effectiveIsEnough = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  law(
    b,
    h => h,
    async ({ idle, outputs }, pick) => {
      const whole = await outputs([])
      for (const closed of [idle, idle.filter((_, i) => (pick >> (i % 31)) & 1)])
        ensure(sameOutputs(await outputs(closed), whole), `outputs change without ${named(closed)}`)
    }
  )

/**
 * Without any one of the effective synapses some output is another: the weights are drawn, and do not cancel. Not for relu,
 * which gives 0 to half of all numbers.
 */
export const effectiveIsNeeded = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  law(
    b,
    h => (h.activation === 'relu' ? { ...h, activation: 'swish' } : h),
    async ({ effective, outputs }) => {
      const whole = await outputs([])
      for (const synapse of effective)
        ensure(!sameOutputs(await outputs([synapse]), whole), `no output changes without ${named([synapse])}`)
    }
  )
