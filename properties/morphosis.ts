/** Laws of birth, death, absence and order. */
import * as fc from 'fast-check'
import type { NeuronId } from '../core/network/anatomy.js'
import type { Backend } from '../core/port/backend.js'
import { evaluate } from '../core/learning/trainable.js'
import type { NdArray } from '../core/port/ndarray.js'
import { filled, range } from '../core/port/ndarray.js'
import { addNewborns, apoptose, grow, select } from '../core/life/birth-and-death.js'
import type { Fringe } from '../core/life/newborn.js'
import { newborns } from '../core/life/newborn.js'
import type { State } from '../core/learning/state.js'
import { snapshot, tensors } from '../core/learning/state.js'
import { ensure, near, sameState, downloaded } from './compare.js'
import type { BuiltCase, NetworkCase } from './network-case.js'
import { buildCase, networkCases, stepped } from './network-case.js'

/** Network cases with room for a birth. */
const roomy = (): fc.Arbitrary<NetworkCase> =>
  networkCases().map(s => ({
    ...s,
    hyperparameters: { ...s.hyperparameters, maxHidden: s.hyperparameters.maxHidden + 3 }
  }))

const law = <T>(
  b: Backend<T>,
  from: fc.Arbitrary<NetworkCase>,
  f: (living: BuiltCase<T>, pick: number) => Promise<void>
): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(from, fc.nat({ max: 1000 }), async (networkCase, pick) => {
    const living = await buildCase(b, networkCase)
    try {
      await f(living, pick)
    } finally {
      living.release()
    }
  })

/** Outputs in training (masks, dropout, BatchNorm of the batch) and in evaluation. */
const outputs = async <T>({ engine: e, batch }: BuiltCase<T>, s: State<T>): Promise<readonly [NdArray, NdArray]> => [
  await downloaded(e.backend, () => e.layer.forward(e.layer.sample(s.model, s.clock), batch.x, batch.rows).y),
  await downloaded(e.backend, () => evaluate(e)(s, batch.x))
]

const sameOutputs = async <T>(living: BuiltCase<T>, a: State<T>, b: State<T>, tolerance: number): Promise<void> => {
  const [x, y] = [await outputs(living, a), await outputs(living, b)]
  near('training z', x[0], y[0], tolerance)
  near('evaluation z', x[1], y[1], tolerance)
}

const releaseOthers = <T>(b: Backend<T>, s: State<T>, others: State<T>): void => {
  const kept = new Set(tensors(others))
  b.release(tensors(s).filter(t => !kept.has(t)))
}

/** A neuron whose mask is closed is as good as absent, BatchNorm in training included. */
export const closedIsAbsent = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  law(b, networkCases({ initialHidden: 3, maxHidden: 7 }), async (living, pick) => {
    const { engine: e, state: s } = living
    const { hidden } = s.model.facts
    if (hidden.length === 0) return
    const position = pick % hidden.length
    // far below any noise: the mask is closed in training and in evaluation
    const low = b.constant({
      shape: [1, hidden.length],
      data: Float32Array.from(hidden, (_, i) => (i === position ? -1e4 : 0))
    })
    const neurons = b.scope(
      () => b.add(s.model.parameters.neurons, low),
      t => [t]
    )
    const closed = { ...s, model: { ...s.model, parameters: { ...s.model.parameters, neurons } } }
    const absent = apoptose(e)(closed, new Set([hidden[position] as NeuronId]))
    await sameOutputs(living, closed, absent, tolerance)
    releaseOthers(b, absent, closed)
    b.release([low, neurons])
  })

/** A newborn without outgoing weights changes no output. */
export const silentBirth = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  law(b, roomy(), async (living, pick) => {
    const { engine: e, state: s } = living
    const count = 1 + (pick % 2)
    const grown = b.scope(() => {
      const added = newborns(e)(s.model.facts, count, s.clock)
      const { incoming, outgoing } = added.values.weights as Fringe<T>
      const weights = { incoming, outgoing: b.constant(filled(b.shape(outgoing))) }
      const silent = { ...added, values: { ...added.values, weights } }
      return { ...s, ...addNewborns(e)(s, silent, s.clock.updates) }
    }, tensors)
    await sameOutputs(living, grown, s, tolerance)
    releaseOthers(b, grown, s)
  })

/** Death after birth gives back the very tensors, while the births stay counted. */
export const deathUndoesBirth = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  law(b, roomy(), async ({ engine: e, state: s }, pick) => {
    const count = 1 + (pick % 2)
    const grown = grow(e)(s, count)
    ensure(grown.model.facts.births === s.model.facts.births + count, `births ${grown.model.facts.births}`)
    const young = grown.model.facts.hidden.filter(id => !s.model.facts.hidden.includes(id))
    ensure(young.length === count, `${young.length} newborns`)
    const back = apoptose(e)(grown, new Set(young))
    ensure(back.model.facts.births === grown.model.facts.births, `births ${back.model.facts.births} after death`)
    const expected = await snapshot(b, s)
    const facts = { ...expected.model.facts, births: grown.model.facts.births }
    sameState(await snapshot(b, back), { ...expected, model: { ...expected.model, facts } })
    b.release([...tensors(grown), ...tensors(back)])
  })

/** Death of some, then of others (already dead ones ignored), is death of all of them. */
export const deathsCompose = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  law(b, networkCases({ initialHidden: 4, maxHidden: 7 }), async ({ engine: e, state: s }, pick) => {
    const some = (bits: number): ReadonlySet<NeuronId> =>
      new Set(s.model.facts.hidden.filter((_, i) => (bits >> i) & 1))
    const [first, second] = [some(pick & 31), some((pick >> 3) & 31)]
    const one = apoptose(e)(s, first)
    const both = apoptose(e)(one, second)
    const atOnce = apoptose(e)(s, new Set([...first, ...second]))
    sameState(await snapshot(b, both), await snapshot(b, atOnce))
    b.release([...new Set([one, both, atOnce].flatMap(state => tensors(state)))].filter(t => !tensors(s).includes(t)))
  })

/** In whatever order hidden neurons are stored, with their ids: outputs and an update stay the same but for rounding. */
export const orderIsNothing = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  law(b, networkCases({ initialHidden: 4, maxHidden: 7 }), async (living, pick) => {
    const { engine: e, state: s, batch } = living
    const n = s.model.facts.hidden.length
    if (n === 0) return
    const rotated = range(n).map(i => (i * (n === 4 ? 3 : 1) + pick) % n)
    const other = { ...s, ...select(b)(s, rotated) }
    await sameOutputs(living, other, s, tolerance)
    const [a, c] = [stepped(e, batch, other), stepped(e, batch, s)]
    const d = { ...c, ...select(b)(c, rotated) }
    const [x, y] = [await snapshot(b, a), await snapshot(b, d)]
    ensure(x.model.facts.hidden.join() === y.model.facts.hidden.join(), 'ids travel along')
    near('weights', x.model.parameters.weights, y.model.parameters.weights, tolerance)
    near('synapses', x.model.parameters.synapses, y.model.parameters.synapses, tolerance)
    near('biases', x.model.parameters.biases, y.model.parameters.biases, tolerance)
    near('neurons', x.model.parameters.neurons, y.model.parameters.neurons, tolerance)
    b.release([...new Set([other, a, c, d].flatMap(state => tensors(state)))].filter(t => !tensors(s).includes(t)))
  })
