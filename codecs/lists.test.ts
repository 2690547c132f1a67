import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { engine } from '../core/life/engine.js'
import { initialState } from '../core/learning/initial-state.js'
import type { State } from '../core/learning/state.js'
import { mapTensors } from '../core/learning/state.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { Failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { chainCodec } from '../models/chain.js'
import { sameState } from '../properties/compare.js'
import { decoderAnswers } from '../properties/codecs.js'
import { amount } from '../properties/fixed-seed.js'
import { none } from '../rules/rule.js'
import { decodeCheckpoint, digest, encodeCheckpoint } from './checkpoint.js'
import { positionsOf, worthList } from './lists.js'
import { perceptronCodec } from './model-codec.js'

const whole = initialState(engine(reference(), { ...defaults, initialHidden: 8 }, none), 20, 5, 1)
const onSynapses = /(wiring|weights|synapses)/

/** A state of which every `each`-th synapse lives, in numbers that tell them apart; `dead` stands at all others. */
const sparse = (each: number, dead: number = 0, wide: boolean = false): State<NdArray> =>
  mapTensors(whole, ({ shape, data }, path) => {
    const value = (v: number, i: number): number => (path === 'buffers.wiring' ? 1 : v + (i % 97) / 8)
    const kept = (v: number, i: number): number =>
      !onSynapses.test(path) ? v : i % each === 0 ? value(v, i) : path === 'buffers.wiring' ? 0 : dead
    return { shape, data: wide ? Float64Array.from(data, kept) : Float32Array.from(data, kept) }
  })

const headOf = (bytes: Uint8Array): { readonly version: number; readonly matrices: readonly object[] } =>
  JSON.parse(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(10)))) as ReturnType<typeof headOf>
const decoded = (bytes: Uint8Array): Promise<E.Either<Failure, State<NdArray>>> =>
  decodeCheckpoint(perceptronCodec, bytes, 'f')
const said = (made: E.Either<{ readonly what: string }, unknown>): string => (E.isLeft(made) ? made.left.what : 'fine')
const edited = (bytes: Uint8Array, from: RegExp | string, to: string): Uint8Array =>
  Uint8Array.from(Buffer.from(Buffer.from(bytes).toString('latin1').replace(from, to), 'latin1'))

describe('a checkpoint of a network most of which is dead', () => {
  test.each([false, true])('stores what lives, and comes back bit for bit (64 bits: %s)', async wide => {
    const state = sparse(20, 0, wide)
    const bytes = await encodeCheckpoint(perceptronCodec, state)
    expect(headOf(bytes).version).toBe(3)
    // 28 senders, 13 receivers: 364 synapses, of which 19 live: positions, weights, logits, two moments of each
    expect(headOf(bytes).matrices).toContainEqual(expect.objectContaining({ path: 'buffers.wiring', living: 19 }))
    expect(headOf(bytes).matrices.filter(matrix => 'living' in matrix)).toHaveLength(7)
    const back = await decoded(bytes)
    expect(said(back)).toBe('fine')
    if (E.isRight(back)) sameState(back.right, state)
  })
  test('has the digest that it has anyway, and is short', async () => {
    const [few, all] = [sparse(20), sparse(1)]
    const [short, long] = [await encodeCheckpoint(perceptronCodec, few), await encodeCheckpoint(perceptronCodec, all)]
    expect(headOf(long).version).toBe(2)
    expect(headOf(short)).toMatchObject({ digest: await digest(few) })
    expect(short.length).toBeLessThan(long.length / 2)
    // the digest that the same state has in a file of version 2
    const { wiringOf: _, ...dense } = perceptronCodec
    const old = await encodeCheckpoint(dense, few)
    expect(headOf(old)).toMatchObject({ version: 2, digest: await digest(few) })
    const back = await decoded(old)
    expect(said(back)).toBe('fine')
    if (E.isRight(back)) sameState(back.right, few)
  })
  test('lists only what is +0 where it is dead', async () => {
    const bytes = await encodeCheckpoint(perceptronCodec, sparse(20, -0))
    expect(headOf(bytes).matrices.filter(matrix => 'living' in matrix)).toHaveLength(1)
    const back = await decoded(bytes)
    expect(said(back)).toBe('fine')
    if (E.isRight(back)) expect(Object.is(back.right.model.parameters.weights.data[1], -0)).toBe(true)
  })
  test('is refused where positions, counts or versions do not fit', async () => {
    const bytes = await encodeCheckpoint(perceptronCodec, sparse(20))
    expect(said(await decoded(edited(bytes, '"version":3', '"version":2')))).toContain(
      'lists, which its version has not'
    )
    expect(said(await decoded(edited(bytes, '"version":3', '"version":4')))).toBe(
      'format version 4, but this sagp reads versions 2 and 3'
    )
    expect(said(await decoded(edited(bytes, '"living":19', '"living":364')))).toContain('does not fit the facts')
    expect(said(await decoded(edited(bytes, '"living":19', '"living":18')))).toContain('does not fit the facts')
    expect(said(await decoded(bytes.subarray(0, bytes.length - 1)))).toContain('cut short')
    const { offset } = headOf(bytes).matrices.find(m => 'path' in m && m.path === 'buffers.wiring') as {
      offset: number
    }
    const twice = bytes.slice()
    twice.copyWithin(bytes.indexOf(10) + 1 + offset + 4, bytes.indexOf(10) + 1 + offset, bytes.indexOf(10) + 5 + offset)
    expect(said(await decoded(twice))).toBe('buffers.wiring is no list of positions')
  })
  test(`answers whatever is done to its bytes, ${amount('FUZZ_RUNS')} times, and notices all of it`, async () => {
    const state = sparse(20)
    const sound = await digest(state)
    const digestOf = async (bytes: Uint8Array) => {
      const made = await decoded(bytes)
      return E.isLeft(made) ? made : E.right(await digest(made.right))
    }
    await fc.assert(
      decoderAnswers(await encodeCheckpoint(perceptronCodec, state), digestOf, found => found === sound),
      { numRuns: amount('FUZZ_RUNS') }
    )
  })
  test('cannot claim a lot of memory by few bytes', async () => {
    expect([worthList(0, 2 ** 20), worthList(0, 2 ** 20 + 1), worthList(1, 2 ** 20 + 1024)]).toEqual([
      true,
      false,
      true
    ])
    const bytes = await encodeCheckpoint(perceptronCodec, sparse(20))
    const boast = edited(edited(bytes, '"inputs":20', '"inputs":9999992'), /\[28,13\]/g, '[10000000,13]')
    expect(said(await decoded(boast))).toContain('does not fit the facts')
  })
  test('may be one of a chain', async () => {
    const codec = chainCodec('a', perceptronCodec, 'b', perceptronCodec)
    expect(codec.wiringOf?.('moments.b.weights.0')).toBe('buffers.b.wiring')
    expect(codec.wiringOf?.('parameters.a.synapses')).toBe('buffers.a.wiring')
    expect(codec.wiringOf?.('parameters.a.biases')).toBeUndefined()
    const parts = (name: string, record: object): object =>
      Object.fromEntries(Object.entries(record).map(([key, value]) => [`${name}.${key}`, value as unknown]))
    const { clock, model, moments } = sparse(20)
    const both = {
      clock,
      model: {
        facts: { a: model.facts, b: model.facts },
        parameters: { ...parts('a', model.parameters), ...parts('b', model.parameters) },
        buffers: { ...parts('a', model.buffers), ...parts('b', model.buffers) }
      },
      moments: { ...parts('a', moments), ...parts('b', moments) }
    } as unknown as Parameters<typeof encodeCheckpoint<import('../models/chain.js').Chain>>[1]
    const bytes = await encodeCheckpoint(codec, both)
    expect(headOf(bytes).matrices.filter(matrix => 'living' in matrix)).toHaveLength(14)
    const back = await decodeCheckpoint(codec, bytes, 'f')
    expect(said(back)).toBe('fine')
    if (E.isRight(back)) sameState(back.right, both)
  })
})

test('a wiring of other numbers than +0 and 1 is no list', () => {
  const of = (...data: readonly number[]): NdArray => ({ shape: [1, data.length], data: Float32Array.from(data) })
  expect(positionsOf(of(0, 1, 0, 0))).toEqual(Uint32Array.of(1))
  for (const odd of [of(0, 0.5, 0, 0), of(0, 1, -0, 0), of(1, 1, 0, 0)]) expect(positionsOf(odd)).toBeUndefined()
})
