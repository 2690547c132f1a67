/** Laws of stages: what they may change of a network, and that a schedule is its stages one after another. */
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { decodeCheckpoint, encodeCheckpoint } from '../codecs/checkpoint.js'
import { perceptronCodec } from '../codecs/model-codec.js'
import { evaluate } from '../core/learning/trainable.js'
import type { State } from '../core/learning/state.js'
import { entries, restore, snapshot, tensors } from '../core/learning/state.js'
import { trainedTensors } from '../core/life/birth-and-death.js'
import type { TrainedPerceptron } from '../core/life/birth-and-death.js'
import { close } from '../core/life/closing.js'
import type { Engine } from '../core/life/engine.js'
import { engine } from '../core/life/engine.js'
import { prune } from '../core/life/pruning.js'
import { train } from '../core/life/train.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Synapse } from '../core/network/topology.js'
import { effectiveSynapses, openSynapses } from '../core/network/topology.js'
import type { Backend } from '../core/port/backend.js'
import type { NdArray } from '../core/port/ndarray.js'
import { paperRule } from '../rules/paper.js'
import type { SomeStageChoice } from '../rules/stages.js'
import { stageNamed } from '../rules/stages.js'
import { downloaded, ensure, identical, near, sameState } from './compare.js'
import type { NetworkCase } from './network-case.js'
import { buildCase, dataOf, networkCases } from './network-case.js'
import { thinned } from './topology.js'

/** Cases whose stages last as long as they say, and whose networks answer without noise. */
const cases = (fixed: Partial<Hyperparameters> = {}): fc.Arbitrary<NetworkCase> =>
  networkCases({ stopPatience: 0, stopStable: 0, evaluationMasks: 'noiseless', ...fixed })

const staged = <T>(b: Backend<T>, h: Hyperparameters, stages: readonly SomeStageChoice[]): Engine<T> =>
  engine(b, h, paperRule(h), { stages: stages.map(stageNamed) })

/** Share of the synapses that are open. */
const density = fc.constantFrom(0.3, 0.6, 0.9)

/** The states of a case after each epoch of a schedule, on the host, from a state on. */
const course = async <T>(
  b: Backend<T>,
  networkCase: NetworkCase,
  stages: readonly SomeStageChoice[],
  from: State<NdArray>
): Promise<readonly State<NdArray>[]> => {
  const data = dataOf(b, networkCase)
  const made: State<NdArray>[] = []
  try {
    const e = staged(b, networkCase.hyperparameters, stages)
    for await (const { state } of train(e, { training: data }, restore(b, from))) made.push(await snapshot(b, state))
    return made
  } finally {
    b.release([data.x, data.y])
  }
}

/** A case's state after its commands, on the host, as before its first epoch. */
const built = async <T>(b: Backend<T>, networkCase: NetworkCase): Promise<State<NdArray>> => {
  const living = await buildCase(b, networkCase)
  const state = await snapshot(b, living.state)
  living.release()
  return state
}

const onSynapses = (path: string): boolean => /^(parameters|moments)\.(weights|synapses)(\.|$)/.test(path)

/** What is dead is +0, bit for bit: weights, logits, and what the optimiser remembers of them. */
const ensureDead = (s: State<NdArray>): void => {
  const { data: wiring } = s.model.buffers.wiring
  for (const [path, { data }] of entries(s))
    if (onSynapses(path))
      data.forEach((v: number, i: number) =>
        ensure(wiring[i] !== 0 || Object.is(v, 0), `${path}[${i}] is ${v}, but dead`)
      )
}

/** A consolidating life changes no mask: wiring and logits stay as they were when it was entered, nothing dead lives again. */
export const consolidatingChangesNoMask = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(cases(), fc.integer({ min: 1, max: 4 }), async (networkCase, epochs) => {
    const before = await built(b, networkCase)
    const states = await course(b, networkCase, [{ name: 'consolidate', epochs }], before)
    const alive = effectiveSynapses(before.model, networkCase.hyperparameters).length
    for (const state of states) {
      const { parameters, buffers, facts } = state.model
      const first = (states[0] as State<NdArray>).model
      identical('wiring', buffers.wiring, first.buffers.wiring)
      identical('logits of synapses', parameters.synapses, first.parameters.synapses)
      identical('logits of neurons', parameters.neurons, first.parameters.neurons)
      ensure(facts.hidden.join() === first.facts.hidden.join(), 'somebody was born or died')
      const wired = buffers.wiring.data.filter((v: number) => v === 1).length
      ensure(wired === alive, `${wired} synapses are wired, ${alive} were of effect`)
      ensureDead(state)
    }
  })

/** What `change` makes of a state, on the host. */
const changed = async <T>(
  b: Backend<T>,
  s: State<NdArray>,
  change: (trained: TrainedPerceptron<T>) => Promise<TrainedPerceptron<T>>
): Promise<State<NdArray>> => {
  const state = restore(b, s)
  const after = await change(state)
  const host = await snapshot(b, { ...after, clock: s.clock })
  b.release([...new Set([...tensors(state), ...trainedTensors(after)])])
  return host
}

/** Pruning to a number leaves exactly so many effective synapses, or all there are, but for networks of which none could. */
export const budgetIsMet = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(cases(), density, fc.integer({ min: 1, max: 40 }), async (networkCase, share, count) => {
    const { hyperparameters: h } = networkCase
    const before = thinned(await built(b, networkCase), share, networkCase.seed)
    const all = effectiveSynapses(before.model, h).length
    const e = staged(b, h, [])
    const after = await changed(b, before, trained => prune(e, trained, count))
    const left = effectiveSynapses(after.model, h)
    const wired = after.model.buffers.wiring.data.filter((v: number) => v === 1).length
    ensure(wired === left.length, `${wired} synapses are wired, ${left.length} are of effect`)
    ensureDead(after)
    const wanted = Math.min(all, count)
    ensure(left.length <= wanted, `${left.length} synapses, not ${wanted}`)
    if (left.length === wanted) return
    // fewer only where of the shortest list of the strongest that is enough no single one could go to meet it
    const effective = (open: readonly Synapse[]): readonly Synapse[] => effectiveSynapses(before.model, h, open)
    const ordered = openSynapses(before.model)
      .map((synapse, i) => ({ synapse, i }))
      .sort((p, q) => Math.abs(q.synapse.weight) - Math.abs(p.synapse.weight) || p.i - q.i)
      .map(({ synapse }) => synapse)
    const length = ordered.findIndex((_, i) => effective(ordered.slice(0, i + 1)).length >= wanted) + 1
    const enough = effective(ordered.slice(0, length))
    for (const going of enough) {
      const rest = effective(enough.filter(synapse => synapse !== going)).length
      ensure(rest !== wanted, `${left.length} synapses, not ${wanted}, but of ${enough.length} one could go`)
    }
  })

/** Closing what is closed without noise, and what is of no effect, changes no answer. */
export const closingChangesNoOutput = <T>(b: Backend<T>, tolerance: number): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(cases(), density, async (networkCase, share) => {
    const living = await buildCase(b, networkCase)
    const { engine: e, batch } = living
    const state = restore(b, thinned(await snapshot(b, living.state), share, networkCase.seed))
    const before = await downloaded(b, () => evaluate(e)(state, batch.x))
    const after = await close(e, state)
    const closed: State<T> = { clock: state.clock, ...after }
    near('z', await downloaded(b, () => evaluate(e)(closed, batch.x)), before, tolerance)
    b.release([...new Set([...tensors(state), ...trainedTensors(after)])])
    living.release()
  })

const schedules: fc.Arbitrary<readonly SomeStageChoice[]> = fc.array(
  fc.oneof(
    fc.record({ name: fc.constant('life' as const), epochs: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ name: fc.constant('consolidate' as const), epochs: fc.integer({ min: 1, max: 2 }) }),
    fc.record({
      name: fc.constant('shrink' as const),
      epochs: fc.integer({ min: 1, max: 2 }),
      share: fc.constantFrom(0.3, 0.8)
    }),
    fc.record({
      name: fc.constant('prune' as const),
      epochs: fc.integer({ min: 1, max: 4 }),
      synapses: fc.integer({ min: 1, max: 12 }),
      over: fc.integer({ min: 0, max: 3 }),
      every: fc.integer({ min: 1, max: 2 })
    })
  ),
  { minLength: 1, maxLength: 4 }
)

const throughFile = async (s: State<NdArray>): Promise<State<NdArray>> => {
  const stored = await decodeCheckpoint(perceptronCodec, await encodeCheckpoint(perceptronCodec, s), 'memory')
  if (E.isLeft(stored)) throw new Error(stored.left.what)
  sameState(stored.right, s)
  return stored.right
}

/** Stages of one schedule are stages that follow each other through files, each a schedule of its own; and so at any epoch of any. */
export const stagesCompose = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(cases(), schedules, fc.nat({ max: 15 }), async (networkCase, stages, when) => {
    const start = await built(b, networkCase)
    const whole = await course(b, networkCase, stages, start)
    let last = start
    for (const stage of stages) {
      const before = await throughFile({ ...last, clock: { ...last.clock, stage: null } })
      last = (await course(b, networkCase, [stage], before)).at(-1) ?? last
    }
    const end = whole.at(-1) as State<NdArray>
    const { index: _, ...place } = end.clock.stage ?? {}
    const { index: __, ...alone } = last.clock.stage ?? {}
    ensure(JSON.stringify(place) === JSON.stringify(alone), `${JSON.stringify(place)}, alone ${JSON.stringify(alone)}`)
    sameState({ ...last, clock: { ...last.clock, stage: end.clock.stage } }, end)
    const middle = whole[when % whole.length] as State<NdArray>
    const rest = await course(b, networkCase, stages, await throughFile(middle))
    if (rest.length > 0) sameState(rest.at(-1) as State<NdArray>, end)
  })

const thinnings = fc.record({
  name: fc.constant('thin' as const),
  epochs: fc.integer({ min: 1, max: 3 }),
  share: fc.constantFrom(0.5, 1),
  patience: fc.integer({ min: 2, max: 9 })
})

const contests = fc
  .tuple(fc.array(thinnings, { minLength: 3, maxLength: 3 }), fc.constantFrom(0, 0.5, 100))
  .map(([thins, above]): readonly SomeStageChoice[] => {
    const [first, ...others] = thins as [SomeStageChoice, ...SomeStageChoice[]]
    return [first, { name: 'life', epochs: 2 }, ...others, { name: 'mean', epochs: 2, above }]
  })

/**
 * A contest that goes on over a life is stored at any epoch: who leads, why and when it ends are in the file. Whether the
 * mean is asked at last is decided by the least loss before it; it answers 0, and learns nothing.
 */
export const contestsGoOn = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(cases(), contests, fc.nat(), async (of, stages, when) => {
    const whole = await course(b, of, stages, await built(b, of))
    const end = whole.at(-1) as State<NdArray>
    const rest = await course(b, of, stages, await throughFile(whole[when % whole.length] as State<NdArray>))
    if (rest.length > 0) sameState(rest.at(-1) as State<NdArray>, end)
    const means = whole.filter(({ clock }) => clock.stage?.index === stages.length - 1)
    const { bestLoss } = (whole.at(-1 - means.length) as State<NdArray>).clock.progress
    const { above = NaN } = stages.at(-1) as { readonly above?: number }
    ensure(means.length === (bestLoss > above ? 2 : 0), `${means.length} epochs of the mean: ${bestLoss}, ${above}`)
    for (const { model } of means) {
      ensure(effectiveSynapses(model, of.hyperparameters).length === 0, 'synapses are left')
      ensure(
        Array.from(model.parameters.biases.data).every(v => Object.is(v, 0)),
        'biases are left'
      )
    }
  })
