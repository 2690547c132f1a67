/**
 * Messages in the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/): as much of it as
 * ONNX needs. A message is its fields one after another, a field its number and kind, then its value.
 */

/** How the value of a field ends: after a number of 7 bits a byte, after as many bytes as are said, after four bytes. */
const [VARINT, LENGTH, FOUR] = [0, 2, 5] as const

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
const varint = (value: number): readonly number[] => {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return [...bytes, rest]
}

const tag = (field: number, kind: number): readonly number[] => varint(field * 8 + kind)

/** A message of its fields. */
export const message = (...fields: readonly Uint8Array[]): Uint8Array => joined(fields)

/** A field of bytes: text, packed numbers, or a message within a message. */
export const bytesField = (field: number, bytes: Uint8Array): Uint8Array =>
  joined([Uint8Array.from([...tag(field, LENGTH), ...varint(bytes.length)]), bytes])

/** A field of text in UTF-8; halves of surrogate pairs become U+FFFD. */
export const textField = (field: number, text: string): Uint8Array => bytesField(field, new TextEncoder().encode(text))

/** A field of a whole number from 0 to 2^53 - 1. */
export const wholeField = (field: number, value: number): Uint8Array =>
  Uint8Array.from([...tag(field, VARINT), ...varint(value)])

/** A field of whole numbers from 0 to 2^53 - 1, packed. */
export const wholesField = (field: number, values: readonly number[]): Uint8Array =>
  bytesField(field, Uint8Array.from(values.flatMap(varint)))

/** Numbers as bytes, the lowest byte first. */
export const float32Bytes = (values: readonly number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4 * values.length))
  values.forEach((value, i) => view.setFloat32(4 * i, value, true))
  return new Uint8Array(view.buffer)
}

/** The same in Float64. */
export const float64Bytes = (values: readonly number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(8 * values.length))
  values.forEach((value, i) => view.setFloat64(8 * i, value, true))
  return new Uint8Array(view.buffer)
}

/** The same as whole numbers of 64 bits. */
export const int64Bytes = (values: readonly number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(8 * values.length))
  values.forEach((value, i) => view.setBigInt64(8 * i, BigInt(value), true))
  return new Uint8Array(view.buffer)
}

/** A field of a Float32 number. */
export const floatField = (field: number, value: number): Uint8Array =>
  joined([Uint8Array.from(tag(field, FOUR)), float32Bytes([value])])
