/** Laws of whole lives: population, replay, purity, memory. */
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { decodeCheckpoint, digest, encodeCheckpoint } from '../codecs/checkpoint.js'
import { perceptronCodec } from '../codecs/model-codec.js'
import type { Backend } from '../core/port/backend.js'
import type { Rule } from '../core/life/census.js'
import { engine } from '../core/life/engine.js'
import type { Engine } from '../core/life/engine.js'
import { evaluate } from '../core/learning/trainable.js'
import type { Frame } from '../core/life/frame.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { NdArray } from '../core/port/ndarray.js'
import { grow, apoptose } from '../core/life/birth-and-death.js'
import { initialState } from '../core/learning/initial-state.js'
import type { State } from '../core/learning/state.js'
import { entries, restore, snapshot, tensors } from '../core/learning/state.js'
import { step } from '../core/learning/trainable.js'
import type { Data } from '../core/life/train.js'
import { train } from '../core/life/train.js'
import { allowed } from '../core/network/wiring.js'
import { paperRule } from '../rules/paper.js'
import { frozen, identical, ensure, sameState, downloaded } from './compare.js'
import type { NetworkCase } from './network-case.js'
import { buildCase, dataOf, networkCases } from './network-case.js'

/** A rule made of hyperparameters. */
export type RuleOf = (h: Hyperparameters) => Rule

interface Setting<T> {
  readonly engine: Engine<T>
  readonly data: Data<T>
  readonly start: State<NdArray>
  readonly end: () => void
}

/** A network case's engine and data, the training data watched as validation data too; its commands are not used. */
const setting = <T>(b: Backend<T>, s: NetworkCase, ruleOf: RuleOf): Setting<T> => {
  const e = engine(b, s.hyperparameters, ruleOf(s.hyperparameters))
  const training = dataOf(b, s)
  const data = s.seed % 2 === 0 ? { training } : { training, validation: training }
  return {
    engine: e,
    data,
    start: initialState(e, s.inputs, s.outputs, s.seed),
    end: () => b.release([training.x, training.y])
  }
}

/** The frames of at most `epochs` epochs and the last state, on the host. */
const history = async <T>(
  { engine: e, data }: Setting<T>,
  from: State<NdArray>,
  epochs: number,
  look: (frame: Frame<T>, before: State<unknown>) => void | Promise<void> = () => undefined
): Promise<State<NdArray>> => {
  let last: State<NdArray> = from
  let before: State<unknown> = from
  if (epochs === 0) return from
  let left = epochs
  for await (const frame of train(e, data, restore(e.backend, from))) {
    await look(frame, before)
    before = { ...frame.state }
    last = await snapshot(e.backend, frame.state)
    left -= 1
    if (left === 0) break
  }
  return last
}

const longer = (fixed: Partial<Hyperparameters> = {}): fc.Arbitrary<NetworkCase> => networkCases(fixed)

/** |H| <= births <= Hmax; wiring is what the rule of wiring allows, and nothing lies outside of it; ids ascend. */
export const populationIsBounded = <T>(b: Backend<T>, ruleOf: RuleOf = paperRule): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(longer(), async networkCase => {
    const set = setting(b, networkCase, ruleOf)
    await history(set, set.start, 12, async ({ state }) => {
      const { facts: anatomy } = state.model
      ensure(anatomy.hidden.length <= anatomy.births, `${anatomy.hidden.length} living, ${anatomy.births} born`)
      ensure(anatomy.births <= networkCase.hyperparameters.maxHidden, `${anatomy.births} born`)
      ensure(
        anatomy.hidden.every((id, i) => id < anatomy.births && (i === 0 || (anatomy.hidden[i - 1] as number) < id)),
        'ids'
      )
      const host = await snapshot(b, state)
      identical('wiring', host.model.buffers.wiring, { ...allowed(set.engine.wiring, anatomy) })
      for (const [path, { shape, data }] of entries(host)) {
        if (!/weights|synapses/.test(path)) continue
        ensure(shape.join() === host.model.buffers.wiring.shape.join(), `${path} has shape [${shape}]`)
        data.forEach((v: number, i: number) =>
          ensure(host.model.buffers.wiring.data[i] === 1 || v === 0, `${path}[${i}] = ${v} where no synapse may be`)
        )
      }
    })
    set.end()
  })

/** With the paper's rules a birth comes alone, without a death, and at least N epochs after a birth or death. */
export const birthsWait = <T>(b: Backend<T>, ruleOf: RuleOf = paperRule): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(longer({ birthResetsQuiet: true }), async networkCase => {
    const set = setting(b, networkCase, ruleOf)
    let changed = 0
    await history(set, set.start, 12, ({ state, events }) => {
      const births = events.filter(e => e._tag === 'Born').length
      const deaths = events.filter(e => e._tag === 'Died').length
      ensure(births <= 1 && (births === 0 || deaths === 0), `${births} births and ${deaths} deaths in one epoch`)
      if (births > 0)
        ensure(
          state.clock.epoch - changed >= networkCase.hyperparameters.growthPatience,
          `born ${state.clock.epoch - changed} epochs after a change`
        )
      if (births + deaths > 0) changed = state.clock.epoch
    })
    set.end()
  })

/** Same seed, same life; n epochs and then m are n + m, also through a checkpoint. */
export const livesAreReplayed = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(longer(), fc.nat({ max: 8 }), fc.nat({ max: 6 }), async (networkCase, n, m) => {
    const set = setting(b, networkCase, paperRule)
    const whole = await history(set, set.start, n + m)
    const again = await history(set, set.start, n + m)
    const half = await history(set, set.start, n)
    const stored = await decodeCheckpoint(perceptronCodec, await encodeCheckpoint(perceptronCodec, half), 'memory')
    if (E.isLeft(stored)) throw new Error(stored.left.what)
    sameState(await history(set, stored.right, m), whole)
    sameState(again, whole)
    ensure((await digest(again)) === (await digest(whole)), 'digests')
    set.end()
  })

/** No function changes its arguments; the same state gives the same bits again. */
export const nothingIsChanged = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(longer(), async networkCase => {
    const living = await buildCase(b, networkCase)
    const [e, s, batch] = [frozen(living.engine), frozen(living.state), frozen(living.batch)]
    const before = await snapshot(b, s)
    const x = await b.download(batch.x)
    const twice = async (f: () => State<T>): Promise<void> => {
      const [one, two] = [f(), f()]
      sameState(await snapshot(b, one), await snapshot(b, two))
      const kept = new Set(tensors(s))
      b.release([...new Set([...tensors(one), ...tensors(two)])].filter(t => !kept.has(t)))
    }
    await twice(() => {
      const { state, losses } = step(e)(s, batch)
      b.release([losses.task, losses.auxiliary])
      return state
    })
    await twice(() => grow(e)(s, 1))
    await twice(() => apoptose(e)(s, new Set(s.model.facts.hidden.slice(0, 1))))
    identical(
      'z',
      await downloaded(b, () => evaluate(e)(s, batch.x)),
      await downloaded(b, () => evaluate(e)(s, batch.x))
    )
    sameState(await snapshot(b, s), before)
    identical('x', await b.download(batch.x), x)
    living.release()
  })

/** The number of living tensors depends on the state alone over a life, and is 0 after it. */
export const tensorsAreCounted = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(longer(), async networkCase => {
    const atStart = b.liveTensors()
    const set = setting(b, networkCase, paperRule)
    const { batchSize } = networkCase.hyperparameters
    const full = batchSize === 0 || batchSize >= set.data.training.weights.length
    // the weights of the validation batch, and of a batch that holds all
    const besides = b.liveTensors() - atStart + (set.data.validation ? 1 : 0) + (full ? 1 : 0)
    const kept: State<T>[] = []
    await history(set, set.start, 12, frame => {
      if (frame.state.clock.epoch === 3) kept.push(frame.keep())
      const held = new Set([...tensors(frame.state), ...kept.flatMap(tensors)]).size
      ensure(
        b.liveTensors() - atStart === besides + held,
        `${b.liveTensors() - atStart} tensors, not ${besides + held}`
      )
    })
    for (const s of kept) {
      await snapshot(b, s)
      b.release(tensors(s))
    }
    set.end()
    ensure(b.liveTensors() === atStart, `${b.liveTensors() - atStart} tensors are left`)
  })

/** Reading a state that was released is an error that says so. */
export const releasedIsGone = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(longer(), async networkCase => {
    const living = await buildCase(b, networkCase)
    living.release()
    try {
      b.scope(
        () => step(living.engine)(living.state, living.batch),
        () => []
      )
    } catch (error) {
      ensure(/released/.test((error as Error).message), (error as Error).message)
      return
    }
    throw new Error('a released state was read')
  })
