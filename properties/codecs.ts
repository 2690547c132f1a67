/** Laws of codecs and decoders. */
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { decodeCheckpoint, encodeCheckpoint } from '../codecs/checkpoint.js'
import { perceptronCodec } from '../codecs/model-codec.js'
import type { Codec } from '../codecs/strict.js'
import type { Backend } from '../core/port/backend.js'
import { snapshot } from '../core/learning/state.js'
import { ensure, sameState } from './compare.js'
import { buildCase, networkCases } from './network-case.js'

/** Decoding what was encoded, through JSON, gives it back. */
export const codecRoundTrips = <A>(codec: Codec<A>, values: fc.Arbitrary<A>): fc.IProperty<unknown> =>
  fc.property(values, value => {
    const decoded = codec.decode(JSON.parse(JSON.stringify(codec.encode(value))))
    if (E.isLeft(decoded)) throw new Error('an encoded value was not decoded')
    ensure(
      JSON.stringify(decoded.right) === JSON.stringify(value),
      `${JSON.stringify(decoded.right)}, not ${JSON.stringify(value)}`
    )
  })

/** A checkpoint holds its state, bit for bit. */
export const checkpointRoundTrips = <T>(b: Backend<T>): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(networkCases(), async networkCase => {
    const living = await buildCase(b, networkCase)
    const state = await snapshot(b, living.state)
    living.release()
    const decoded = await decodeCheckpoint(perceptronCodec, await encodeCheckpoint(perceptronCodec, state), 'memory')
    if (E.isLeft(decoded)) throw new Error(decoded.left.what)
    sameState(decoded.right, state)
  })

/** A change of a few bytes: where, and into what. */
export const damages: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc.oneof(
  fc
    .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 6
    })
    .map(changes => (bytes: Uint8Array): Uint8Array => {
      const out = bytes.slice()
      for (const [at, value] of changes) out[Math.floor(at * out.length)] = value
      return out
    }),
  fc.double({ min: 0, max: 1, noNaN: true }).map(
    share =>
      (bytes: Uint8Array): Uint8Array =>
        bytes.slice(0, Math.floor(share * bytes.length))
  ),
  fc.uint8Array({ maxLength: 30 }).map(
    tail =>
      (bytes: Uint8Array): Uint8Array =>
        Uint8Array.from([...bytes, ...tail])
  ),
  fc.uint8Array({ maxLength: 200 }).map(other => (): Uint8Array => other),
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([a, c]) => (bytes: Uint8Array): Uint8Array => {
      const [from, to] = [Math.min(a, c), Math.max(a, c)].map(p => Math.floor(p * bytes.length)) as [number, number]
      return Uint8Array.from([...bytes.slice(0, from), ...bytes.slice(to)])
    })
)

/** Whatever is done to bytes, a decoder answers: the value, or one failure that says what, where and how to mend it. */
export const decoderAnswers = <A>(
  sound: Uint8Array,
  decoder: (
    bytes: Uint8Array
  ) => Promise<E.Either<{ readonly what: string; readonly where: string; readonly cure: string }, A>>,
  accept: (value: A) => boolean = () => true
): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(damages, async damage => {
    const answer = await decoder(damage(sound))
    if (E.isRight(answer)) ensure(accept(answer.right), 'damage went unnoticed')
    else
      ensure(
        [answer.left.what, answer.left.where, answer.left.cure].every(t => t.length > 0),
        'an empty message'
      )
  })
