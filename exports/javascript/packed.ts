/** Numbers as text that gzip leaves small: base64 of their bytes, and where synapses are by the gaps between them. */
import { range } from '../../core/port/ndarray.js'
import type { Program } from '../program.js'

/** Bytes that are made text at once: more than a call may have arguments would be too many. */
const CHUNK = 4096

/** Bytes as base64. */
export const base64 = (bytes: Uint8Array): string => {
  const chunks = range(Math.ceil(bytes.length / CHUNK)).map(k => bytes.subarray(k * CHUNK, (k + 1) * CHUNK))
  return btoa(chunks.map(chunk => String.fromCharCode(...chunk)).join(''))
}

/** Numbers as base64 of Float32 or Float64, the lowest byte of each first, whatever machine it is made on. */
export const base64Floats = (values: readonly number[], size: 4 | 8): string => {
  const view = new DataView(new ArrayBuffer(values.length * size))
  values.forEach((v, k) => (size === 4 ? view.setFloat32(4 * k, v, true) : view.setFloat64(8 * k, v, true)))
  return base64(new Uint8Array(view.buffer))
}

/** Whole numbers from -128 to 127 as base64. */
export const base64Bytes = (levels: Int8Array): string =>
  base64(new Uint8Array(levels.buffer, levels.byteOffset, levels.length))

/** Whole numbers from -7 to 7 as base64, two to a byte: 8 more than each, the first of two in the lower four bits. */
export const base64Nibbles = (levels: Int8Array): string => {
  const nibble = (k: number): number => (levels[k] ?? 0) + 8
  return base64(Uint8Array.from(range(Math.ceil(levels.length / 2)), k => nibble(2 * k) + 16 * nibble(2 * k + 1)))
}

/** Where synapses are, in bits. */
export interface PackedPlaces {
  readonly bits: Uint8Array
  /** Of the code, a power of two: what each 1 in front of a gap stands for. */
  readonly unit: number
}

/** Bits of a Rice code: of each gap as many 1 as units go into it, a 0, and the rest. */
const lengthIn = (gaps: readonly number[], exponent: number): number =>
  gaps.reduce((sum, gap) => sum + Math.floor(gap / 2 ** exponent) + 1 + exponent, 0)

/** Most bits of a rest: gaps are below 2^53. */
const LARGEST = 52

/**
 * Where the synapses of a program are. The place of one is the number of its receiver, hidden neurons first, times the
 * number of senders, plus that of its sender; what is written is how many places are left out before it. These gaps are
 * Rice codes (Rice and Plaunt 1971) in the unit of fewest bits: as many 1 as there are whole units in a gap, a 0, then the
 * rest, its lowest bit first. Bits fill bytes from the lowest on. In unit 1 that is a bit for each place: a dense network
 * takes no more, a sparse one about log2 of its mean gap, and two more, for each synapse.
 */
export const packedPlaces = ({
  inputs,
  hidden,
  synapses
}: Pick<Program, 'inputs' | 'hidden' | 'synapses'>): PackedPlaces => {
  const senders = inputs.length + hidden.length
  const places = synapses.map(({ from, to }) => (to - inputs.length) * senders + from)
  const gaps = places.map((place, k) => place - (places[k - 1] ?? -1) - 1)
  const lengths = range(LARGEST + 1).map(exponent => lengthIn(gaps, exponent))
  const length = Math.min(...lengths)
  const exponent = lengths.indexOf(length)
  const bits = new Uint8Array(Math.ceil(length / 8))
  let at = 0
  const write = (bit: number): void => {
    bits[at >> 3] = (bits[at >> 3] as number) | (bit << (at & 7))
    at += 1
  }
  for (const gap of gaps) {
    for (let n = Math.floor(gap / 2 ** exponent); n > 0; n--) write(1)
    write(0)
    for (let b = 0; b < exponent; b++) write(Math.floor(gap / 2 ** b) % 2)
  }
  return { bits, unit: 2 ** exponent }
}
