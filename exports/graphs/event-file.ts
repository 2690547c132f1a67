/**
 * TensorFlow's event files, written by hand: TFRecords of Event messages. A record is its length, a masked CRC-32C of the
 * length, the message, and a masked CRC-32C of the message (tensorflow/core/lib/io/record_writer.h); the messages are
 * those of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto in protocol buffers' wire format.
 */
import { joinBytes, utf8 } from '../../codecs/bytes.js'

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0x82f63b78 ^ (c >>> 1) : c >>> 1
  return c
})

/** CRC-32C (Castagnoli), as RFC 3720 has it in its appendix B.4.
 * @example crc32c(new TextEncoder().encode('123456789')) // => 0xe3069283
 */
export const crc32c = (bytes: Uint8Array): number => {
  let c = 0xffffffff
  for (const byte of bytes) c = (table[(c ^ byte) & 255] as number) ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

const masked = (bytes: Uint8Array): number => {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

/** Little-endian numbers of one width. */
const fixed = (width: number, put: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(width)
  put(new DataView(bytes.buffer))
  return bytes
}
const uint32 = (value: number): Uint8Array => fixed(4, view => view.setUint32(0, value, true))

/** A message as a record of its file. */
export const record = (message: Uint8Array): Uint8Array => {
  const length = joinBytes([uint32(message.length), uint32(0)])
  return joinBytes([length, uint32(masked(length)), message, uint32(masked(message))])
}

/** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
const varint = (value: number): Uint8Array => {
  const bytes: number[] = []
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Uint8Array.from([...bytes, left])
    bytes.push((left % 128) + 128)
  }
}

/** Wire types. */
const [VARINT, DOUBLE, BYTES, FLOAT] = [0, 1, 2, 5] as const

const tag = (field: number, wire: number): Uint8Array => Uint8Array.of(field * 8 + wire)
const text = (field: number, bytes: Uint8Array): Uint8Array =>
  joinBytes([tag(field, BYTES), varint(bytes.length), bytes])
const wallTime = (seconds: number): Uint8Array =>
  joinBytes([tag(1, DOUBLE), fixed(8, view => view.setFloat64(0, seconds, true))])

/** A name and its number, which becomes Float32. */
export type Scalar = readonly [tag: string, value: number]

/** The first message of a file. */
export const versionEvent = (): Uint8Array => joinBytes([wallTime(0), text(3, utf8('brain.Event:2'))])

/** Scalars of one step, a whole number from 0 to 2^53 - 1, at a time in seconds. */
export const scalarEvent = (step: number, seconds: number, scalars: readonly Scalar[]): Uint8Array => {
  const values = scalars.map(([name, value]) => {
    const simple = joinBytes([tag(2, FLOAT), fixed(4, view => view.setFloat32(0, value, true))])
    return text(1, joinBytes([text(1, utf8(name)), simple]))
  })
  return joinBytes([wallTime(seconds), tag(2, VARINT), varint(step), text(5, joinBytes(values))])
}
