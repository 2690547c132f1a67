/**
 * Matrices of which most entries are dead, as lists. A wiring is a list of the positions that live, whole numbers of four
 * bytes; a matrix that lives where a wiring does is a list of its values there. What is left out is +0, bit for bit.
 */
import type { NdArray, Shape } from '../core/port/ndarray.js'
import { sizeOf } from '../core/port/ndarray.js'

/** Where a listed matrix lives: positions, row by row, ascending. */
export type Positions = Uint32Array

/** Bytes of a position. */
export const POSITION_BYTES = 4
/** A short file must not claim a lot of memory: so many entries, and so many more for each that lives. */
const [MOST, MOST_EACH] = [2 ** 20, 1024] as const

/** Whether so many living entries among all are few enough for a list, and not so few that nobody would believe it. */
export const worthList = (living: number, all: number): boolean =>
  2 * living < all && all <= 2 ** 32 && all <= MOST + MOST_EACH * living

/** Where a wiring lives, if it is one that is worth a list. */
export const positionsOf = ({ data }: NdArray): Positions | undefined => {
  const living: number[] = []
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 1) living.push(i)
    else if (!Object.is(data[i], 0)) return undefined
  }
  return worthList(living.length, data.length) ? Uint32Array.from(living) : undefined
}

/** The values at some positions, if all others are +0. */
export const valuesAt = ({ data }: NdArray, positions: Positions): NdArray['data'] | undefined => {
  let next = 0
  for (let i = 0; i < data.length; i++) {
    if (positions[next] === i) next++
    else if (!Object.is(data[i], 0)) return undefined
  }
  const values = data instanceof Float64Array ? new Float64Array(positions.length) : new Float32Array(positions.length)
  positions.forEach((at, i) => (values[i] = data[at] as number))
  return values
}

/** A matrix that is 0 but at some positions. */
export const spread = (values: NdArray['data'], positions: Positions, shape: Shape): NdArray => {
  const data = values instanceof Float64Array ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape))
  positions.forEach((at, i) => (data[at] = values[i] as number))
  return { shape, data }
}

/** Positions as bytes, little-endian. */
export const positionBytes = (positions: Positions): Uint8Array => {
  const out = new Uint8Array(positions.length * POSITION_BYTES)
  const view = new DataView(out.buffer)
  positions.forEach((v, i) => view.setUint32(i * POSITION_BYTES, v, true))
  return out
}

/** The first `count` positions in bytes; undefined if they do not ascend within so many entries. */
export const positionsIn = (bytes: Uint8Array, count: number, all: number): Positions | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const positions = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const at = view.getUint32(i * POSITION_BYTES, true)
    if (at >= all || (i > 0 && at <= (positions[i - 1] as number))) return undefined
    positions[i] = at
  }
  return positions
}
