/** Synapses that die: they leave the wiring for good, and what they alone fed or were alone fed by leaves with them. */
import type { TrainedPerceptron } from './birth-and-death.js'
import { select, trainedTensors } from './birth-and-death.js'
import type { Compute } from '../network/compute.js'
import type { GraphPerceptron, Name } from '../network/parameters.js'
import { extent } from '../network/parameters.js'
import { mapNamed } from '../network/model.js'
import { receivers, senders } from '../network/anatomy.js'
import type { Synapse } from '../network/topology.js'
import { effectiveSynapses } from '../network/topology.js'
import type { Backend } from '../port/backend.js'
import { log } from '../port/elementary.js'
import type { NdArray } from '../port/ndarray.js'
import { filled, range } from '../port/ndarray.js'

/** A copy of a network on the host. */
export const onHost = async <T>(
  b: Backend<T>,
  { facts, parameters, buffers }: GraphPerceptron<T>
): Promise<GraphPerceptron<NdArray>> => {
  const found = new Map<T, NdArray>()
  for (const t of [...Object.values(parameters), ...Object.values(buffers)]) found.set(t, await b.download(t))
  const host = (t: T): NdArray => found.get(t) as NdArray
  return { facts, parameters: mapNamed(parameters, host), buffers: mapNamed(buffers, host) }
}

/** Effective synapses of a network on a backend. */
export const effectiveCount = async <T>(
  { backend: b, hyperparameters: h }: Compute<T>,
  model: GraphPerceptron<T>
): Promise<number> => effectiveSynapses(await onHost(b, model), h).length

/** The matrix `[senders, receivers]` that is 1 at some synapses. */
export const maskOf = ({ facts }: GraphPerceptron<unknown>, synapses: readonly Synapse[]): NdArray => {
  const columns = receivers(facts)
  const data = new Float64Array(senders(facts) * columns)
  for (const { from, to } of synapses) data[from * columns + to] = 1
  return { shape: [senders(facts), columns], data }
}

/** A network that keeps some of its synapses: all others die, and so do hidden neurons that are left with none that leaves them. */
export const keepSynapses = <T>(
  b: Backend<T>,
  trained: TrainedPerceptron<T>,
  kept: readonly Synapse[]
): TrainedPerceptron<T> => {
  const { model, moments } = trained
  const { inputs, hidden } = model.facts
  const sending = new Set(kept.map(({ from }) => from))
  const positions = range(hidden.length).filter(i => sending.has(inputs + i))
  return b.scope(() => {
    const wiring = b.constant(maskOf(model, kept))
    const zero = b.constant(filled(b.shape(wiring)))
    // the sum with 0 takes the sign of -3 * 0: what is dead is +0, bit for bit, which checkpoints leave out
    const closed = (m: T, name: Name): T => (extent[name] === 'synapses' ? b.add(b.mul(m, wiring), zero) : m)
    const after: TrainedPerceptron<T> = {
      model: {
        facts: model.facts,
        parameters: mapNamed(model.parameters, closed),
        buffers: { ...model.buffers, wiring }
      },
      moments: mapNamed(moments, (memory: readonly T[], name: Name) => memory.map(m => closed(m, name)))
    }
    return positions.length === hidden.length ? after : select(b)(after, positions)
  }, trainedTensors)
}

/**
 * A network as it stands: what is closed without noise, and what is of no effect, dies. Its answers stay the same.
 */
export const close = async <T>(
  { backend: b, hyperparameters: h }: Compute<T>,
  trained: TrainedPerceptron<T>
): Promise<TrainedPerceptron<T>> => keepSynapses(b, trained, effectiveSynapses(await onHost(b, trained.model), h))

/** All synapses of a wiring, open or not. */
const wired = ({
  facts,
  parameters: { weights },
  buffers: { wiring }
}: GraphPerceptron<NdArray>): readonly Synapse[] => {
  const columns = receivers(facts)
  return Array.from(wiring.data).flatMap((is, k) =>
    is === 0 ? [] : [{ from: Math.floor(k / columns), to: k % columns, weight: weights.data[k] as number }]
  )
}

/**
 * A network without the synapses whose soft mask, sigmoid(logit / tau), is not above `bound`, and without those and the
 * hidden neurons that could be of no effect any more, whatever opens; the very network if none dies.
 * @param bound above 0 and below 1/2
 */
export const buryDead = async <T>(
  { backend: b, hyperparameters: h }: Compute<T>,
  trained: TrainedPerceptron<T>,
  bound: number
): Promise<TrainedPerceptron<T>> => {
  const { parameters, buffers } = trained.model
  const least = h.tau * (log(bound) - log(1 - bound))
  const [living, dead] = b.scope(
    (): readonly [T, T] => {
      const left = b.mul(buffers.wiring, b.positive(b.affine(parameters.synapses, 1, -least)))
      return [left, b.kernels.total(b.sub(buffers.wiring, left))]
    },
    made => made
  )
  try {
    if ((await b.download(dead)).data[0] === 0) return trained
    const host = await onHost(b, trained.model)
    const s = { ...host, buffers: { ...host.buffers, wiring: await b.download(living) } }
    return keepSynapses(b, trained, effectiveSynapses(s, h, wired(s)))
  } finally {
    b.release([living, dead])
  }
}
