/** Laws of birth, death, absence and order. */
import * as fc from 'fast-check'
import type { NeuronId } from '../core/network/anatomy.js'
import type { Backend } from '../core/port/backend.js'
import { evaluate } from '../core/network/evaluate.js'
import { trainingPass } from '../core/learning/gradients.js'
import type { NdArray } from '../core/port/ndarray.js'
import { filled, range } from '../core/port/ndarray.js'
import { apoptose, grow, select } from '../core/life/birth-and-death.js'
import { newborns } from '../core/life/newborn.js'
import type { State } from '../core/network/state.js'
import { snapshot, tensors } from '../core/network/state.js'
import { ensure, near, sameState, downloaded } from './compare.js'
import type { BuiltCase, NetworkCase } from './network-case.js'
import { buildCase, networkCases, stepped } from './network-case.js'

/** Specimens with room for a birth. */
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
  fc.asyncProperty(from, fc.nat({ max: 1000 }), async (specimen, pick) => {
    const living = await buildCase(b, specimen)
    try {
      await f(living, pick)
    } finally {
      living.release()
    }
  })

/** Outputs in training (masks, dropout, BatchNorm of the batch) and in evaluation. */
const outputs = async <T>({ engine: e, batch }: BuiltCase<T>, s: State<T>): Promise<readonly [NdArray, NdArray]> => [
  await downloaded(e.backend, () => trainingPass(e, batch, s).trace.z),
  await downloaded(e.backend, () => evaluate(e)(s)(batch.x))
]

const sameOutputs = async <T>(living: BuiltCase<T>, a: State<T>, b: State<T>, tolerance: number): Promise<void> => {
  const [x, y] = [await outputs(living, a), await outputs(living, b)]
  near('training z', x[0], y[0], tolerance)
  near('evaluation z', x[1], y[1], tolerance)
}

const spent = <T>(b: Backend<T>, s: State<T>, others: State<T>): void => {
  const kept = new Set(tensors(others))
  b.release(tensors(s).filter(t => !kept.has(t)))
}

/** A neuron whose mask is closed is as good as absent, BatchNorm in training included. */
export const closedIsAbsent = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  law(b, networkCases({ initialHidden: 3, maxHidden: 7 }), async (living, pick) => {
    const { engine: e, state: s } = living
    const { hidden } = s.anatomy
    if (hidden.length === 0) return
    const position = pick % hidden.length
    // far below any noise: the mask is closed in training and in evaluation
    const low = b.constant({
      shape: [1, hidden.length],
      data: Float32Array.from(hidden, (_, i) => (i === position ? -1e4 : 0))
    })
    const neurons = b.scope(
      () => b.add(s.parameters.neurons, low),
      t => [t]
    )
    const closed = { ...s, parameters: { ...s.parameters, neurons } }
    const absent = apoptose(e)(new Set([hidden[position] as NeuronId]))(closed)
    await sameOutputs(living, closed, absent, tolerance)
    spent(b, absent, closed)
    b.release([low, neurons])
  })

/** A newborn without outgoing weights changes no output. */
export const silentBirth = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  law(b, roomy(), async (living, pick) => {
    const { engine: e, state: s } = living
    const count = 1 + (pick % 2)
    const grown = b.scope(() => {
      const made = newborns(e)(count)(s)
      const { weights } = made.fringes
      const silent = { ...weights.value, outgoing: b.constant(filled(b.shape(weights.value.outgoing))) }
      return grow(e)({ ...made, fringes: { ...made.fringes, weights: { ...weights, value: silent } } })(s)
    }, tensors)
    await sameOutputs(living, grown, s, tolerance)
    spent(b, grown, s)
  })

/** Death after birth gives back the very tensors, while the births stay counted. */
export const deathUndoesBirth = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  law(b, roomy(), async ({ engine: e, state: s }, pick) => {
    const count = 1 + (pick % 2)
    const grown = b.scope(() => grow(e)(newborns(e)(count)(s))(s), tensors)
    ensure(grown.anatomy.births === s.anatomy.births + count, `births ${grown.anatomy.births}`)
    const young = grown.anatomy.hidden.filter(id => !s.anatomy.hidden.includes(id))
    ensure(young.length === count, `${young.length} newborns`)
    const back = apoptose(e)(new Set(young))(grown)
    ensure(back.anatomy.births === grown.anatomy.births, `births ${back.anatomy.births} after death`)
    const expected = await snapshot(b, s)
    sameState(await snapshot(b, back), { ...expected, anatomy: { ...expected.anatomy, births: grown.anatomy.births } })
    b.release([...tensors(grown), ...tensors(back)])
  })

/** Death of some, then of others (already dead ones ignored), is death of all of them. */
export const deathsCompose = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  law(b, networkCases({ initialHidden: 4, maxHidden: 7 }), async ({ engine: e, state: s }, pick) => {
    const some = (bits: number): ReadonlySet<NeuronId> => new Set(s.anatomy.hidden.filter((_, i) => (bits >> i) & 1))
    const [first, second] = [some(pick & 31), some((pick >> 3) & 31)]
    const one = apoptose(e)(first)(s)
    const both = apoptose(e)(second)(one)
    const atOnce = apoptose(e)(new Set([...first, ...second]))(s)
    sameState(await snapshot(b, both), await snapshot(b, atOnce))
    b.release([...new Set([one, both, atOnce].flatMap(tensors))].filter(t => !tensors(s).includes(t)))
  })

/** In whatever order hidden neurons are stored, with their ids: outputs and an update stay the same but for rounding. */
export const orderIsNothing = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  law(b, networkCases({ initialHidden: 4, maxHidden: 7 }), async (living, pick) => {
    const { engine: e, state: s, batch } = living
    const n = s.anatomy.hidden.length
    if (n === 0) return
    const rotated = range(n).map(i => (i * (n === 4 ? 3 : 1) + pick) % n)
    const other = select(e)(rotated)(s)
    await sameOutputs(living, other, s, tolerance)
    const [a, c] = [stepped(e, batch, other), stepped(e, batch, s)]
    const d = select(e)(rotated)(c)
    const [x, y] = [await snapshot(b, a), await snapshot(b, d)]
    ensure(x.anatomy.hidden.join() === y.anatomy.hidden.join(), 'ids travel along')
    near('weights', x.parameters.weights, y.parameters.weights, tolerance)
    near('synapses', x.parameters.synapses, y.parameters.synapses, tolerance)
    near('biases', x.parameters.biases, y.parameters.biases, tolerance)
    near('neurons', x.parameters.neurons, y.parameters.neurons, tolerance)
    b.release([...new Set([other, a, c, d].flatMap(tensors))].filter(t => !tensors(s).includes(t)))
  })
