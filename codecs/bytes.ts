/** Bytes, text and SHA-256, in Node and in browsers alike. */

const encoder = new TextEncoder()

/** UTF-8. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** Parts one after the other. */
export const joinBytes = (parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** SHA-256 in hexadecimal. */
export const sha256 = async (bytes: Uint8Array): Promise<string> => {
  const hash = await globalThis.crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(hash), b => b.toString(16).padStart(2, '0')).join('')
}

/** An array's numbers, little-endian. */
export const littleEndian = (data: Float32Array | Float64Array): Uint8Array => {
  const width = data.BYTES_PER_ELEMENT
  const out = new Uint8Array(data.length * width)
  const view = new DataView(out.buffer)
  const put = width === 4 ? view.setFloat32.bind(view) : view.setFloat64.bind(view)
  data.forEach((v, i) => put(i * width, v, true))
  return out
}

/** `count` little-endian numbers from `bytes`. */
export const fromLittleEndian = (bytes: Uint8Array, count: number, width: 4 | 8): Float32Array | Float64Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const out = width === 4 ? new Float32Array(count) : new Float64Array(count)
  for (let i = 0; i < count; i++) out[i] = width === 4 ? view.getFloat32(i * 4, true) : view.getFloat64(i * 8, true)
  return out
}

/** JSON with the keys of every record in order, so that equal values are equal texts.
 * @example canonicalJson({ b: 1, a: [2] }) // => '{"a":[2],"b":1}'
 */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner
  )
