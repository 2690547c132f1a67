/** Laws of rows that go through a layer in parts: parts are the whole, and what must not be cut is not. */
import * as fc from 'fast-check'
import type { Batch } from '../core/learning/batches.js'
import { batchOf } from '../core/learning/batches.js'
import { gradients } from '../core/learning/gradients.js'
import type { State } from '../core/learning/state.js'
import { entries, mapTensors, restore, snapshot, tensors } from '../core/learning/state.js'
import { step } from '../core/learning/trainable.js'
import type { Engine } from '../core/life/engine.js'
import { engine } from '../core/life/engine.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Sums } from '../core/network/layer.js'
import type { Kind } from '../core/network/model.js'
import { namesOf, valuesOf } from '../core/network/model.js'
import * as P from '../core/network/parameters.js'
import type { Backend } from '../core/port/backend.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { address, permutation, uniform } from '../core/port/random.js'
import { paperRule } from '../rules/paper.js'
import { downloaded, ensure, near, sameState } from './compare.js'
import type { LayerCase } from './layers.js'
import { uploaded } from './layers.js'
import type { NetworkCase } from './network-case.js'
import { buildCase, networkCases } from './network-case.js'

const PURPOSE = 3000 // far from those of the engine and of generated data

/** The same state with biases that are not 0. */
const biased = (s: State<NdArray>, h: Hyperparameters, seed: number): State<NdArray> =>
  mapTensors(s, (a, path) => {
    if (path !== 'parameters.biases') return a
    const drawn = uniform(address(seed, 0, PURPOSE), [0], range(a.shape[1]), 0.5)
    const barred = h.outputBias ? 0 : s.model.facts.outputs
    return { ...a, data: drawn.map((v, j) => (j < barred ? 0 : v)) }
  })

/** What an update gives, on the host. */
interface Update {
  readonly losses: NdArray
  readonly gradient: P.Parameters<NdArray>
  readonly next: State<NdArray>
}

const updateOf = async <T>(e: Engine<T>, s: State<T>, batch: Batch<T>): Promise<Update> => {
  const b = e.backend
  const made = step(e)(s, batch)
  const found = b.scope(
    () => gradients(e, e.layer, s.model, s.clock, batch).gradient,
    gradient => valuesOf<T>(gradient)
  )
  const gradient = new Map<P.Name, NdArray>()
  for (const name of P.names) gradient.set(name, await b.download(found[name]))
  const update = {
    losses: await downloaded(b, () => b.concat([made.losses.task, made.losses.auxiliary], 1)),
    gradient: P.build(name => gradient.get(name) as NdArray),
    next: await snapshot(b, made.state)
  }
  const kept = new Set(tensors(s))
  b.release([
    ...tensors(made.state).filter(t => !kept.has(t)),
    made.losses.task,
    made.losses.auxiliary,
    ...valuesOf<T>(found)
  ])
  return update
}

/** A case with a mini-batch of some of its rows, two or more, in an order of their own. */
interface Cut<T> {
  readonly engine: Engine<T>
  readonly state: State<T>
  readonly batch: Batch<T>
}

/** The same engine on a backend that wants parts of `size` rows. */
const inParts = <T>({ backend, hyperparameters: h }: Engine<T>, size: number, asked: () => void): Engine<T> => {
  const microBatchRows = (): number => {
    asked()
    return size
  }
  return engine({ ...backend, microBatchRows }, h, paperRule(h))
}

const law = <T>(
  b: Backend<T>,
  fixed: Partial<Hyperparameters>,
  f: (cut: Cut<T>, size: number) => Promise<void>
): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(networkCases(fixed), fc.constantFrom(1, 2, 3), fc.nat(), async (drawn, size, pick) => {
    const networkCase: NetworkCase = { ...drawn, rows: drawn.rows + 1 }
    const { microBatchRows, ...whole } = b // all rows at once
    const living = await buildCase(whole, networkCase)
    const { hyperparameters: h } = networkCase
    const host = biased(await snapshot(b, living.state), h, pick)
    const state = restore(b, host)
    const order = permutation(address(pick, 0, PURPOSE + 1), networkCase.rows)
    const batch = batchOf(b, living.data, order.slice(0, 2 + (pick % (networkCase.rows - 2))))
    try {
      await f({ engine: living.engine, state, batch }, size)
    } finally {
      b.release([...tensors(state), ...batch.own])
      living.release()
    }
  })

/**
 * A batch whose rows go through in parts of 1, 2 or 3 gives the losses, the gradients and the next state that it gives all
 * at once, to `tolerance` relative to 1 or the entry; each row's outputs too, so its dropout is its own; and it leaves as
 * many tensors. Not under BatchNorm, where a row depends on the others: there nothing is cut, whatever a backend says.
 */
export const partsAreTheWhole = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  law(b, { batchNorm: false, initialHidden: 3, maxHidden: 7 }, async ({ engine: e, state, batch }, size) => {
    let asked = 0
    const parts = inParts(e, size, () => (asked += 1))
    const forward = (x: T, rows: readonly number[]): T =>
      e.layer.forward(e.layer.sample(state.model, state.clock), x, rows).y // within a scope: nothing of it is left
    const outputs = await downloaded(b, () => forward(batch.x, batch.rows))
    for (let from = 0; from < batch.rows.length; from += size) {
      const rows = batch.rows.slice(from, from + size)
      const some = await downloaded(b, () =>
        forward(b.slice(batch.x, [from, 0], [rows.length, b.shape(batch.x)[1]]), rows)
      )
      const columns = outputs.shape[1]
      const data = outputs.data.slice(from * columns, (from + rows.length) * columns)
      near(`outputs of rows ${rows.join(', ')}`, some, { shape: some.shape, data }, tolerance)
    }
    const before = b.liveTensors()
    const [whole, made] = [await updateOf(e, state, batch), await updateOf(parts, state, batch)]
    ensure(b.liveTensors() === before, `${b.liveTensors() - before} tensors are left`)
    ensure(asked === 2, `asked ${asked} times how many rows go together, not once for each of two gradients`)
    near('losses', made.losses, whole.losses, tolerance)
    for (const name of P.names) near(`gradient of ${name}`, made.gradient[name], whole.gradient[name], tolerance)
    const expected = new Map(entries(whole.next))
    for (const [path, array] of entries(made.next)) near(path, array, expected.get(path) as NdArray, tolerance)
  })

/** Under BatchNorm a batch is never cut: the very same bits, whatever a backend says of parts. */
export const normsAreNotCut = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  law(b, { batchNorm: true }, async ({ engine: e, state, batch }, size) => {
    const parts = inParts(e, size, () => undefined)
    sameState((await updateOf(parts, state, batch)).next, (await updateOf(e, state, batch)).next)
  })

/** Gradients by name, and that of x under the name `x`, of passes over `size` rows at a time. */
const layerGradients = async <T, K extends Kind, S, R, G extends Sums<T>>(
  b: Backend<T>,
  { layer, model, x, at }: LayerCase<T, K, S, R, G>,
  size: number
): Promise<readonly (readonly [string, NdArray])[]> => {
  const [rows, inputs] = x.shape
  const made = b.scope(
    () => {
      const sampled = layer.sample(uploaded(b, model), at)
      const all = b.constant(x)
      const dx: T[] = []
      let sums: G | undefined
      for (let from = 0; from < rows; from += size) {
        const chosen = range(rows).slice(from, from + size)
        const { y, residuals } = layer.forward(sampled, b.slice(all, [from, 0], [chosen.length, inputs]), chosen)
        const shape = b.shape(y)
        // each row has a dLoss/dy of its own, in whatever part it comes
        const dy = b.constant({ shape, data: uniform([PURPOSE, 2], chosen, range(shape[1]), 1) })
        const back = layer.backward(sampled, residuals, dy, true, sums)
        sums = back.sums
        dx.push(back.dx as T)
      }
      return { gradient: layer.gradient(sampled, sums as G).gradient, dx: b.concat(dx, 0) }
    },
    ({ gradient, dx }) => [...valuesOf<T>(gradient), dx]
  )
  const arrays: (readonly [string, NdArray])[] = [['x', await b.download(made.dx)]]
  for (const name of namesOf(made.gradient)) arrays.push([name, await b.download(made.gradient[name])])
  b.release([...valuesOf<T>(made.gradient), made.dx])
  return arrays
}

/** Of any layer whose rows are independent: the gradients of parts add up to those of the whole, to `tolerance`. */
export const layerPartsAreTheWhole = <T, K extends Kind, S, R, G extends Sums<T>>(
  b: Backend<T>,
  cases: fc.Arbitrary<() => Promise<LayerCase<T, K, S, R, G>>>,
  tolerance: number = 1e-9
): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(cases, fc.constantFrom(1, 2, 3), async (build, size) => {
    const judged = await build()
    const whole = new Map(await layerGradients(b, judged, judged.x.shape[0]))
    for (const [name, array] of await layerGradients(b, judged, size))
      near(`gradient of ${name}`, array, whole.get(name) as NdArray, tolerance)
    judged.release?.()
  })
