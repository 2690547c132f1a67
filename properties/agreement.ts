/** Laws that tie backends to the reference, and optimisers to their entries. */
import * as fc from 'fast-check'
import { reference } from '../backends/reference.js'
import type { Backend } from '../core/port/backend.js'
import { engine } from '../core/life/engine.js'
import { batchOf } from '../core/learning/batches.js'
import { evaluate } from '../core/learning/trainable.js'
import { gradients } from '../core/learning/gradients.js'
import type { NdArray } from '../core/port/ndarray.js'
import { filled, range, tabulate } from '../core/port/ndarray.js'
import type { Optimiser, Slot } from '../core/learning/optimiser.js'
import * as P from '../core/network/parameters.js'
import type { State } from '../core/learning/state.js'
import { restore, snapshot, tensors } from '../core/learning/state.js'
import { step } from '../core/learning/trainable.js'
import { paperRule } from '../rules/paper.js'
import { identical, near, downloaded } from './compare.js'
import type { NetworkCase } from './network-case.js'
import { amplification, buildCase, dataOf, networkCases } from './network-case.js'

interface Outcome {
  readonly gradient: P.Parameters<NdArray>
  readonly losses: NdArray
  readonly z: NdArray
  readonly next: State<NdArray>
  readonly amplification: number
}

/** Everything one update gives, on the host. */
const outcome = async <T>(b: Backend<T>, networkCase: NetworkCase, host: State<NdArray>): Promise<Outcome> => {
  const { hyperparameters: h, rows } = networkCase
  const e = engine(b, h, paperRule(h))
  const data = dataOf(b, networkCase)
  const batch = batchOf(b, data, range(rows))
  const s = restore(b, host)
  const gradient = new Map<P.Name, NdArray>()
  for (const name of P.names)
    gradient.set(name, await downloaded(b, () => gradients(e, e.layer, s.model, s.clock, batch).gradient[name]))
  const made = step(e)(s, batch)
  const result = {
    amplification: await amplification(e, batch, s),
    gradient: P.build(name => gradient.get(name) as NdArray),
    losses: await downloaded(b, () => b.concat([made.losses.task, made.losses.auxiliary], 1)),
    z: await downloaded(b, () => evaluate(e)(s, batch.x)),
    next: await snapshot(b, made.state)
  }
  const all = new Set([
    ...tensors(s),
    ...tensors(made.state),
    made.losses.task,
    made.losses.auxiliary,
    data.x,
    data.y,
    batch.weights
  ])
  b.release([...all])
  return result
}

/**
 * One update from the same state gives what the Float64 reference gives, an empty H included; to `precise` relative to 1
 * or the entry, times what BatchNorm of nearly constant values amplifies.
 */
export const agreesWithReference = <T>(b: Backend<T>, precise: number): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(networkCases(), async networkCase => {
    // relu's kink may fall to different sides of 0
    const smooth: NetworkCase =
      networkCase.hyperparameters.activation === 'relu'
        ? { ...networkCase, hyperparameters: { ...networkCase.hyperparameters, activation: 'tanh' } }
        : networkCase
    const judge = reference()
    const living = await buildCase(b, smooth)
    const host = await snapshot(b, living.state)
    living.release()
    const [actual, expected] = [await outcome(b, smooth, host), await outcome(judge, smooth, host)]
    const tolerance = precise * expected.amplification
    near('losses', actual.losses, expected.losses, tolerance)
    near('z', actual.z, expected.z, tolerance)
    for (const name of P.names) {
      near(`gradient of ${name}`, actual.gradient[name], expected.gradient[name], tolerance)
      near(name, actual.next.model.parameters[name], expected.next.model.parameters[name], tolerance)
      expected.next.moments[name].forEach((moment, i) =>
        near(`moment ${i} of ${name}`, actual.next.moments[name][i] as NdArray, moment, tolerance)
      )
    }
    for (const name of ['mean', 'variance'] as const)
      near(`running ${name}`, actual.next.model.buffers[name], expected.next.model.buffers[name], tolerance)
  })

const matrix = (n: number, kind: number): NdArray =>
  tabulate([1, n], (_, j) => Math.sin(1 + j * 78.233 + kind * 37.719) * 2)

/** An optimiser treats each entry alone: entries in another order are updated alike, bit for bit; arguments stay. */
export const optimiserIsEntrywise = <T>(b: Backend<T>, optimiser: Optimiser): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2000 }), async (n, updates) => {
    const order = range(n).map(i => n - 1 - i)
    const updated = (permute: (t: T) => T): Promise<NdArray> =>
      downloaded(b, () => {
        const drawn = (kind: number): T => permute(b.constant(matrix(n, kind)))
        // what an optimiser remembers may be a mean of squares: nothing below 0
        const memory = range(optimiser.memory).map(kind => b.mul(drawn(2 + kind), drawn(2 + kind)))
        const corrections = optimiser.corrections(b, updates)
        const next = optimiser.update(b, { value: drawn(0), memory }, drawn(1), { rate: 0.01, decay: 0.1, corrections })
        return b.concat([next.value, ...next.memory].map(permute), 0)
      })
    identical('update', await updated(t => b.gather(t, order, 1)), await updated(t => t))
  })

/** Updates with no gradient but decay's, one call for all, are as many updates with gradient 0. */
export const decayOnlyIsUpdates = <T>(b: Backend<T>, optimiser: Optimiser): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 30 }), async (n, count) => {
    const updates = range(count).map(i => ({ rate: 0.01 / (1 + i), decay: 0.1, age: i + 1 }))
    const start = (): Slot<T> => ({
      value: b.constant(matrix(n, 0)),
      memory: range(optimiser.memory).map(() => b.constant(filled([1, n])))
    })
    const together = await downloaded(b, () => {
      const { value, memory } = optimiser.decayOnly(b, start(), updates)
      return b.concat([value, ...memory], 0)
    })
    const singly = await downloaded(b, () => {
      const nothing = b.constant(filled([1, n]))
      const { value, memory } = updates.reduce<Slot<T>>(
        (slot, { rate, decay, age }) =>
          optimiser.update(b, slot, nothing, { rate, decay, corrections: optimiser.corrections(b, age) }),
        start()
      )
      return b.concat([value, ...memory], 0)
    })
    near('decay only', together, singly, 1e-6)
  })
