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

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
/** Counts, sides, lengths and offsets at which readers that believe them fail. */
const boasts = [
  0,
  1,
  2,
  -1,
  127,
  255,
  65_535,
  2 ** 20,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 40,
  2 ** 53 - 1
] as const

/** A word of a binary header made another one, in either order of its bytes. */
const wordDamage = fc
  .tuple(share, fc.constantFrom(...boasts), fc.constantFrom(1, 2, 4, 8), fc.boolean(), fc.boolean())
  .map(([place, value, width, little, aligned]) => (bytes: Uint8Array): Uint8Array => {
    const out = bytes.slice()
    const at = Math.floor(place * (out.length - width + 1))
    const start = Math.max(0, aligned ? at - (at % width) : at)
    for (
      let k = 0, rest = BigInt.asUintN(8 * width, BigInt(value));
      k < width && start + k < out.length;
      k++, rest >>= 8n
    )
      out[start + (little ? k : width - 1 - k)] = Number(rest & 255n)
    return out
  })

/** A number that stands as text made another one. */
const digitDamage = fc
  .tuple(
    share,
    fc.oneof(fc.constantFrom(...boasts).map(String), fc.constantFrom('', '1e999', '-0', '9'.repeat(30), '0'.repeat(9)))
  )
  .map(([place, text]) => (bytes: Uint8Array): Uint8Array => {
    const isDigit = (b: number | undefined): boolean => b !== undefined && b >= 48 && b <= 57
    let from = Math.floor(place * bytes.length)
    while (from < bytes.length && !isDigit(bytes[from])) from++
    let to = from
    while (isDigit(bytes[to])) to++
    return Uint8Array.from([...bytes.slice(0, from), ...new TextEncoder().encode(text), ...bytes.slice(to)])
  })

/** A stretch of bytes once more, elsewhere. */
const spliceDamage = fc.tuple(share, share, share).map(([a, b, c]) => (bytes: Uint8Array): Uint8Array => {
  const [from, to, at] = [Math.min(a, b), Math.max(a, b), c].map(p => Math.floor(p * bytes.length)) as [
    number,
    number,
    number
  ]
  return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(from, to), ...bytes.slice(at)])
})

/** A change of a few bytes: where, and into what. */
export const damages: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc.oneof(
  { arbitrary: wordDamage, weight: 3 },
  { arbitrary: digitDamage, weight: 2 },
  spliceDamage,
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
