import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { decodeCheckpoint, digest, encodeCheckpoint } from '../../codecs/checkpoint.js'
import { perceptronCodec } from '../../codecs/model-codec.js'
import type { Batch } from '../../core/learning/batches.js'
import { gradients } from '../../core/learning/gradients.js'
import { initialState } from '../../core/learning/initial-state.js'
import type { State } from '../../core/learning/state.js'
import { restore, snapshot, tensors } from '../../core/learning/state.js'
import type { Engine } from '../../core/life/engine.js'
import { engineOf } from '../../core/life/engine.js'
import type { Stage, StageLife, StageMoment } from '../../core/life/stage.js'
import { train } from '../../core/life/train.js'
import { receivers } from '../../core/network/anatomy.js'
import { graphPerceptron } from '../../core/network/graph-perceptron.js'
import type { Hyperparameters } from '../../core/network/hyperparameters.js'
import { defaults } from '../../core/network/hyperparameters.js'
import { effectiveSynapses } from '../../core/network/topology.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { range, tabulate } from '../../core/port/ndarray.js'
import { uniform } from '../../core/port/random.js'
import { paperRule } from '../../rules/paper.js'
import { none } from '../../rules/rule.js'
import type { SomeModelChoice } from '../rivals.js'
import { modelNamed } from '../rivals.js'
import type { SparseName } from '../schedules.js'
import { sparseNames, sparseSchedules } from '../schedules.js'
import type { SomeAnyStageChoice } from '../stages.js'
import { anyStage } from '../stages.js'
import { SparsePurpose, wordsOf } from './places.js'
import { placed } from './rewiring.js'

const b = reference()
const [ROWS, INPUTS, OUTPUTS] = [24, 6, 3]
const x: NdArray = { shape: [ROWS, INPUTS], data: uniform([5, 6], range(ROWS), range(INPUTS), 2) }
const y = tabulate([ROWS, OUTPUTS], (i, j) =>
  ((x.data[i * INPUTS] as number) > 0 ? 0 : (x.data[i * INPUTS + 1] as number) > 0 ? 1 : 2) === j ? 1 : 0
)
const weights = range(ROWS).map(() => 1)

const settings: Partial<Hyperparameters> = { learningRate: 0.02, dropout: 0.1, batchNorm: true, weightDecay: 0.001 }
const dense: SomeModelChoice = { name: 'dense', hidden: 8 }
const mlp: SomeModelChoice = { name: 'mlp', layers: 2, width: 7 }

const made = (choice: SomeModelChoice, stages: readonly SomeAnyStageChoice[], more: Partial<Hyperparameters> = {}) => {
  const { open, demands } = modelNamed(choice)
  const epochs = stages.reduce((n, s) => n + (s.epochs ?? 0), 0)
  const h = { ...defaults, ...settings, ...more, ...demands, epochs }
  return open(b, h, none, { stages: stages.map(anyStage) })
}

/** The states after each epoch of a training, from its beginning or from where another has left it. */
const lived = async (
  e: Engine<Batch<ReturnType<typeof b.constant>>['x'], unknown>,
  seed: number,
  from: State<NdArray> = initialState(e, INPUTS, OUTPUTS, seed),
  until: number = Infinity
): Promise<readonly State<NdArray>[]> => {
  const training = { x: b.constant(x), y: b.constant(y), weights }
  const states: State<NdArray>[] = []
  for await (const { state } of train(e, { training }, restore(b, from))) {
    states.push(await snapshot(b, state))
    if (state.clock.epoch >= until) break
  }
  b.release([training.x, training.y])
  return states
}

/** Synapses by the birth numbers of their neurons: of those that a wiring has. */
const wired = ({ model: { facts, buffers } }: State<NdArray>): ReadonlySet<string> => {
  const columns = receivers(facts)
  const sender = (i: number): string => (i < facts.inputs ? `i${i}` : `h${facts.hidden[i - facts.inputs]}`)
  const receiver = (j: number): string => (j < facts.outputs ? `o${j}` : `h${facts.hidden[j - facts.outputs]}`)
  const found = new Set<string>()
  buffers.wiring.data.forEach((v: number, k: number) => {
    if (v !== 0) found.add(`${sender(Math.floor(k / columns))} ${receiver(k % columns)}`)
  })
  return found
}

const effective = (
  { model }: State<NdArray>,
  { hyperparameters: h }: Pick<Engine<unknown>, 'hyperparameters'>
): number => effectiveSynapses(model, h).length

/** Whatever lies where no synapse is: values and what the optimiser remembers. */
const deadIsNothing = ({ model, moments }: State<NdArray>): void => {
  const all = [model.parameters.weights, model.parameters.synapses, ...moments.weights, ...moments.synapses]
  for (const { data } of all)
    data.forEach((v: number, k: number) => {
      if (model.buffers.wiring.data[k] === 0 && v !== 0) throw new Error(`${v} at ${k}, where no synapse is`)
    })
}

const wish = { epochs: 40, width: 0, hyperparameters: { ...defaults, ...settings } }

describe.each(['dense', 'mlp'] as const)('sparse schedules of a model %s', name => {
  const choice = name === 'dense' ? dense : mlp
  const synapses = name === 'dense' ? 40 : 45
  const width = modelNamed(choice).width
  const schedule = (sparse: SparseName): readonly SomeAnyStageChoice[] => {
    const stages = sparseSchedules[sparse]({ ...wish, synapses, width })
    return stages.map(s => (s.name === 'set' || s.name === 'rigl' ? { ...s, every: 3 } : s))
  }

  test.each(sparseNames)('%s meets its number exactly, and what is dead stays so', async sparse => {
    const e = made(choice, schedule(sparse))
    const before = b.liveTensors()
    const states = await lived(e, 2)
    expect(b.liveTensors()).toBe(before)
    expect(states).toHaveLength(40)
    states.forEach(deadIsNothing)
    const last = states.slice(30)
    for (const s of last) expect(effective(s, e)).toBe(synapses)
    for (const s of last) expect(wired(s)).toEqual(wired(states[30] as State<NdArray>))
  })

  test.each(sparseNames)('%s meets its number, however impatient', async sparse => {
    const impatient = { stopPatience: 1, stopStable: 1 }
    const stages = schedule(sparse).map(s => ({ ...s, with: { ...s.with, ...impatient } }))
    const e = made(choice, stages, { ...impatient, learningRate: 3 })
    const states = await lived(e, 2)
    expect(states.length).toBeLessThan(40)
    expect(effective(states.at(-1) as State<NdArray>, e)).toBe(synapses)
  })

  test.each(['gmp', 'snip'] as const)('%s opens nothing again', async sparse => {
    const states = await lived(made(choice, schedule(sparse)), 2)
    const counts = states.map(s => wired(s).size)
    states.slice(1).forEach((s, i) => {
      const earlier = wired(states[i] as State<NdArray>)
      for (const synapse of wired(s)) expect(earlier.has(synapse)).toBe(true)
    })
    if (sparse === 'snip') expect(new Set(counts)).toEqual(new Set([synapses]))
    else expect(new Set(counts).size).toBeGreaterThan(10)
  })

  test.each(['set', 'rigl'] as const)('%s has as many synapses all along, but not the same', async sparse => {
    const states = (await lived(made(choice, schedule(sparse)), 2)).slice(0, 29)
    const wirings = states.map(wired)
    expect(new Set(wirings.map(w => w.size)).size).toBe(1)
    const changes = wirings.slice(1).map((w, i) => [...w].filter(s => !wirings[i]?.has(s)).length)
    changes.forEach((fresh, i) => {
      if ((i + 1) % 3 !== 0) expect(fresh).toBe(0)
    })
    expect(changes.filter(fresh => fresh > 0).length).toBeGreaterThan(3)
    if (sparse === 'rigl') expect(changes[2]).toBeGreaterThan(changes[26] as number)
  })

  test.each(sparseNames)(
    '%s: the same seed gives the same bits, resumed or not; another gives others',
    async sparse => {
      const e = made(choice, schedule(sparse))
      const whole = await lived(e, 2)
      const final = await digest(whole.at(-1) as State<NdArray>)
      for (const cut of [7, 29, 30, 34]) {
        const stored = await encodeCheckpoint(perceptronCodec, whole[cut - 1] as State<NdArray>)
        const again = await decodeCheckpoint(perceptronCodec, stored, 'memory')
        if (E.isLeft(again)) throw new Error(again.left.what)
        const rest = await lived(made(choice, schedule(sparse)), 2, again.right)
        expect(await digest(rest.at(-1) as State<NdArray>)).toBe(final)
      }
      expect(await digest((await lived(e, 3)).at(-1) as State<NdArray>)).not.toBe(final)
    }
  )
})

test('a network of too few synapses to choose from keeps all', async () => {
  for (const sparse of sparseNames) {
    const e = made(dense, sparseSchedules[sparse]({ ...wish, epochs: 4, synapses: 100_000 }))
    const states = await lived(e, 1)
    expect(effective(states.at(-1) as State<NdArray>, e)).toBe((INPUTS + 8) * (OUTPUTS + 8) - 8)
  }
})

/** The matrix that a place of such a network of five hidden neurons is in, by whether its ends are hidden. */
const matrixOf = (place: number): number =>
  2 * Number(Math.floor(place / (OUTPUTS + 5)) >= INPUTS) + Number(place % (OUTPUTS + 5) >= OUTPUTS)

/** A graph perceptron without noise, for what is compared with differences of its loss. */
const plain = (stage: Stage) => {
  const h = { ...defaults, ...modelNamed({ name: 'dense', hidden: 5 }).demands, learningRate: 0.02, epochs: 1 }
  const e = engineOf(life => graphPerceptron(life, life.wiring), b, h, none)
  const life: StageLife<ReturnType<typeof b.constant>> = {
    ...e,
    gradients: (model, at, batch) => gradients(e, e.layer, model, at, batch),
    initial: e.layer.initial
  }
  const batch = {
    x: b.constant(x),
    y: b.constant(y),
    weights: b.constant(tabulate([ROWS, 1], () => 1 / ROWS)),
    rows: range(ROWS),
    own: []
  }
  const rewire = async (s: State<NdArray>, at: Partial<StageMoment>): Promise<State<NdArray>> => {
    const moment = { ...s.clock, bestEpoch: 0, stageEpoch: 0, synapsesAtEntry: 0, ...at }
    const on = restore(b, s)
    const after = await (stage.rewire as NonNullable<Stage['rewire']>)(life, on, moment, () => batch)
    const host = await snapshot(b, { clock: s.clock, ...after })
    b.release([...new Set([...tensors(on), ...tensors({ clock: s.clock, ...after })])])
    return host
  }
  /** dLoss/dW by differences, as if the synapse at a place were open. */
  const slope = async (s: State<NdArray>, place: number): Promise<number> => {
    const loss = async (by: number): Promise<number> => {
      const set = (a: NdArray, v: number): NdArray => ({
        shape: a.shape,
        data: Float64Array.from(a.data, (old, k) => (k === place ? v : old))
      })
      const { parameters: p, buffers } = s.model
      const model = {
        ...s.model,
        parameters: {
          ...p,
          weights: set(p.weights, (p.weights.data[place] as number) + by),
          synapses: set(p.synapses, 1)
        },
        buffers: { ...buffers, wiring: set(buffers.wiring, 1) }
      }
      const on = restore(b, { ...s, model })
      const { task } = gradients(e, e.layer, on.model, s.clock, batch).losses
      return (await b.download(task)).data[0] as number
    }
    return ((await loss(1e-5)) - (await loss(-1e-5))) / 2e-5
  }
  return { e, rewire, slope }
}

describe('by differences of the loss', () => {
  const course = { epochs: 40, over: 30, every: 5, synapses: 20 } as const

  test('RigL drops the smallest weights and grows where the loss is steepest, from nothing', async () => {
    const { e, rewire, slope } = plain(anyStage({ name: 'rigl', ...course }))
    const begun = await rewire(initialState(e, INPUTS, OUTPUTS, 4), {})
    const s: State<NdArray> = {
      ...begun,
      moments: {
        ...begun.moments,
        weights: begun.moments.weights.map(m => ({
          ...m,
          data: m.data.map((_, k) => begun.model.buffers.wiring.data[k] as number)
        }))
      }
    }
    const next = await rewire(s, { stageEpoch: 10, epoch: 10, updates: 10 })
    const [was, is] = [s.model.buffers.wiring.data, next.model.buffers.wiring.data]
    const places = range(was.length)
    const dropsOf = (n: number): number => Math.floor(0.15 * (1 + Math.cos(Math.PI / 3)) * n)
    const size = (k: number): number => Math.abs(s.model.parameters.weights.data[k] as number)
    const dropped = range(4).flatMap(matrix => {
      const own = places.filter(k => was[k] !== 0 && matrixOf(k) === matrix)
      return own.sort((p, q) => size(p) - size(q)).slice(0, dropsOf(own.length))
    })
    const may = initialState(e, INPUTS, OUTPUTS, 4).model.buffers.wiring.data
    const empty = places.filter(k => may[k] !== 0 && (was[k] === 0 || dropped.includes(k)))
    const steep = new Map<number, number>()
    for (const k of empty)
      steep.set(k, Math.abs(await slope({ ...s, clock: { ...s.clock, epoch: 10, updates: 10 } }, k)))
    // a weight that has just been dropped is still there for the gradient
    const grown = range(4).flatMap(matrix => {
      const own = empty.filter(k => matrixOf(k) === matrix)
      const count = dropped.filter(k => matrixOf(k) === matrix).length
      return own.sort((p, q) => (steep.get(q) as number) - (steep.get(p) as number)).slice(0, count)
    })
    const expected = places.filter(k => (was[k] !== 0 && !dropped.includes(k)) || grown.includes(k))
    expect(places.filter(k => is[k] !== 0)).toEqual(expected)
    expect(dropped.length).toBeGreaterThan(2)
    expect(grown.some(k => was[k] === 0)).toBe(true)
    for (const k of expected) {
      expect(Math.abs(next.model.parameters.weights.data[k] as number)).toBe(was[k] === 0 ? 0 : size(k))
      expect(next.moments.weights[1]?.data[k]).toBe(was[k] === 0 ? 0 : 1)
      expect(next.model.parameters.synapses.data[k]).toBe(1)
    }
    deadIsNothing(next)
  })

  test('SET drops of both signs the same share of those nearest 0', async () => {
    const { e, rewire } = plain(anyStage({ name: 'set', ...course }))
    const s = await rewire(initialState(e, INPUTS, OUTPUTS, 4), {})
    const next = await rewire(s, { stageEpoch: 10, epoch: 10, updates: 10 })
    const [was, is] = [s.model.buffers.wiring.data, next.model.buffers.wiring.data]
    const w = s.model.parameters.weights.data
    for (const matrix of range(4)) {
      const own = range(was.length).filter(k => matrixOf(k) === matrix)
      for (const sign of [1, -1]) {
        const side = own.filter(k => was[k] !== 0 && sign * (w[k] as number) > 0)
        side.sort((p, q) => Math.abs(w[p] as number) - Math.abs(w[q] as number))
        const kept = side.slice(Math.floor(0.3 * side.length))
        for (const k of kept) expect(is[k]).toBe(1)
      }
      const count = (wiring: ArrayLike<number>): number => own.filter(k => wiring[k] !== 0).length
      expect(count(is)).toBe(count(was))
    }
    expect(is.filter((v: number, k: number) => v !== 0 && was[k] === 0).length).toBeGreaterThan(2)
    expect(await rewire(s, { stageEpoch: 12, epoch: 12, updates: 12 })).toEqual(s)
  })

  test('SET lets go whatever is 0, between the signs, beside the shares of both', async () => {
    const { e, rewire: begin } = plain(anyStage({ name: 'set', ...course }))
    const { rewire } = plain(anyStage({ name: 'set', ...course, synapses: 2 })) // so few are left after any change
    const begun = await begin(initialState(e, INPUTS, OUTPUTS, 4), {})
    const { weights } = begun.model.parameters
    const wired = range(weights.data.length).filter(k => begun.model.buffers.wiring.data[k] !== 0)
    const idle = wired.filter((_, i) => i % 3 === 0)
    const data = Float64Array.from(weights.data, (v, k) => (idle.includes(k) ? 0 : v))
    const parameters = { ...begun.model.parameters, weights: { ...weights, data } }
    const s = { ...begun, model: { ...begun.model, parameters } }
    const next = await rewire(s, { stageEpoch: 10, epoch: 10, updates: 10 })
    const is = next.model.buffers.wiring.data
    const all = initialState(e, INPUTS, OUTPUTS, 4).model.buffers.wiring.data
    const words = wordsOf(s.model, { seed: s.clock.seed, epoch: 10 }, SparsePurpose.growth)
    for (const matrix of range(4)) {
      const own = wired.filter(k => matrixOf(k) === matrix)
      const drops = [-1, 0, 1].flatMap(sign => {
        const side = own.filter(k => Math.sign(data[k] as number) === sign)
        side.sort((p, q) => Math.abs(data[p] as number) - Math.abs(data[q] as number))
        return side.slice(0, sign === 0 ? side.length : Math.floor(0.3 * side.length))
      })
      const may = range(is.length).filter(k => matrixOf(k) === matrix)
      const empty = may.filter(k => all[k] !== 0 && (!own.includes(k) || drops.includes(k)))
      const grown = empty.sort((p, q) => (words[p] as number) - (words[q] as number)).slice(0, drops.length)
      const expected = [...own.filter(k => !drops.includes(k)), ...grown].sort((p, q) => p - q)
      expect(may.filter(k => is[k] !== 0)).toEqual(expected)
    }
  })

  test.each([0, 1])('SNIP keeps the largest |slope weight| (redraw %i)', async redraw => {
    const { e, rewire, slope } = plain(anyStage({ name: 'snip', synapses: 60, redraw }))
    const s = initialState(e, INPUTS, OUTPUTS, 4)
    const next = await rewire(s, {})
    const [was, is] = [s.model.buffers.wiring.data, next.model.buffers.wiring.data]
    const scores = new Map<number, number>()
    for (const k of range(was.length).filter(k => was[k] !== 0))
      scores.set(k, Math.abs((await slope(s, k)) * (s.model.parameters.weights.data[k] as number)))
    const best = [...scores]
      .sort((p, q) => q[1] - p[1])
      .slice(0, 60)
      .map(([k]) => k)
    expect(range(is.length).filter(k => is[k] !== 0)).toEqual(best.sort((p, q) => p - q))
    const [old, now] = [s.model.parameters.weights.data, next.model.parameters.weights.data]
    for (const k of best) expect(now[k] === old[k]).toBe(redraw === 0)
    deadIsNothing(next)
  })
})

test('SNIP draws anew what was there before the first epoch, and leaves who was born since what came with the birth', async () => {
  const growing = { newborn: 'fresh', growthPatience: 1, maxHidden: 9, initialHidden: 2 } as const
  const snip = { name: 'snip', epochs: 2, synapses: 20, redraw: 1 } as const
  const e = modelNamed({ name: 'sagp' }).open(
    b,
    { ...defaults, ...settings, ...growing, epochs: 12 },
    paperRule({ ...defaults, ...growing }),
    { stages: [{ name: 'life', epochs: 10 } as const, snip].map(anyStage) }
  )
  const last = (await lived(e, 2)).at(-1) as State<NdArray>
  expect(last.model.facts.births).toBe(9)
  expect(effective(last, e)).toBe(20)
  for (const { data } of Object.values(last.model.parameters))
    expect(Array.from(data).every(Number.isFinite)).toBe(true)
})

test.each(['set', 'rigl'] as const)(
  '%s meets its number where masks are closed: what it places is open',
  async name => {
    const closed = { growth: false, initialHidden: 6, maxHidden: 6, initialLogit: -0.5 } as const
    const h = { ...defaults, ...settings, ...closed, epochs: 20 }
    const stages = [{ name, epochs: 20, over: 12, every: 2, synapses: 25 } as const].map(anyStage)
    const e = modelNamed({ name: 'sagp' }).open(b, h, none, { stages })
    const states = await lived(e, 2)
    expect(effective(states.at(-1) as State<NdArray>, e)).toBe(25)
    // as many as are wired are of effect, but for those whose going would have taken others along
    for (const s of states.slice(0, 12)) expect(effective(s, e)).toBeGreaterThanOrEqual(25)
    deadIsNothing(states.at(-1) as State<NdArray>)
  }
)

test('what goes and comes back in one change keeps what it had', async () => {
  const { e } = plain(anyStage({ name: 'set' }))
  const s = initialState(e, INPUTS, OUTPUTS, 4)
  const places = range(s.model.buffers.wiring.data.length).filter(k => s.model.buffers.wiring.data[k] !== 0)
  const on = restore(b, s)
  const same = { clock: s.clock, ...placed(e, on, s.model, places) }
  expect(await snapshot(b, same)).toEqual(await snapshot(b, on))
})
