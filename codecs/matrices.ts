/** The matrices of a state as bytes: one after the other, ordered by name; those of which most is dead as lists. */
import * as E from 'fp-ts/lib/Either.js'
import type { State } from '../core/learning/state.js'
import { entries } from '../core/learning/state.js'
import type { Kind } from '../core/network/model.js'
import type { NdArray, Shape } from '../core/port/ndarray.js'
import { sizeOf } from '../core/port/ndarray.js'
import { fromLittleEndian, joinBytes, littleEndian } from './bytes.js'
import type { Positions } from './lists.js'
import { POSITION_BYTES, positionBytes, positionsIn, positionsOf, spread, valuesAt, worthList } from './lists.js'
import type { ModelCodec } from './model-codec.js'
import type { Codec } from './strict.js'
import { list, optional, record, text, where, whole } from './strict.js'

/** Where a matrix lies, and what it looks like. */
export interface StoredMatrix {
  readonly path: string
  readonly shape: Shape
  readonly offset: number
  /** Entries that live, where it is stored as their list. */
  readonly living?: number | undefined
}

const shape = where(
  'rows and columns',
  (u): u is Shape => Array.isArray(u) && u.length === 2 && u.every(n => Number.isSafeInteger(n) && n >= 0 && n <= 1e9)
)

/** Their codec. */
export const StoredMatricesCodec: Codec<readonly StoredMatrix[]> = list(
  record<StoredMatrix>('a matrix', {
    path: text(1000),
    shape,
    offset: whole(0),
    living: optional(whole(0, 1e9))
  }),
  100_000
)

/** Bits of a number. */
export type Precision = 'float32' | 'float64'

/** Matrices with their bytes. */
export interface Layout {
  readonly precision: Precision
  readonly matrices: readonly StoredMatrix[]
  readonly bytes: Uint8Array
}

const sorted = <A>(pairs: readonly (readonly [string, A])[]): readonly (readonly [string, A])[] =>
  [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))

const layoutOf = <K extends Kind>(
  s: State<NdArray, K>,
  bytesOf: (path: string, matrix: NdArray) => { readonly bytes: Uint8Array; readonly living?: number }
): Layout => {
  const all = sorted(entries(s))
  const matrices: StoredMatrix[] = []
  const parts: Uint8Array[] = []
  let offset = 0
  for (const [path, matrix] of all) {
    const { bytes, ...listed } = bytesOf(path, matrix)
    matrices.push({ path, shape: matrix.shape, offset, ...listed })
    parts.push(bytes)
    offset += bytes.length
  }
  const precision = all.some(([, { data }]) => data instanceof Float64Array) ? 'float64' : 'float32'
  return { precision, matrices, bytes: joinBytes(parts) }
}

/** The canonical layout, which digests are of: every entry of every matrix. */
export const denseLayout = <K extends Kind>(s: State<NdArray, K>): Layout =>
  layoutOf(s, (_, { data }) => ({ bytes: littleEndian(data) }))

/** The layout of a file: lists where the model's codec knows a wiring most of which is dead. */
export const fileLayout = <K extends Kind>(codec: ModelCodec<K>, s: State<NdArray, K>): Layout => {
  const matrices = new Map(entries(s))
  const found = new Map<string, Positions | undefined>()
  const positionsAt = (wiring: string): Positions | undefined => {
    const matrix = matrices.get(wiring)
    if (!found.has(wiring)) found.set(wiring, matrix && positionsOf(matrix))
    return found.get(wiring)
  }
  return layoutOf(s, (path, matrix) => {
    const wiring = codec.wiringOf?.(path)
    const positions = wiring === undefined ? undefined : positionsAt(wiring)
    const values = positions && valuesAt(matrix, positions)
    if (!positions || !values) return { bytes: littleEndian(matrix.data) }
    return { bytes: path === wiring ? positionBytes(positions) : littleEndian(values), living: positions.length }
  })
}

/** The matrices of these paths and shapes in a file's bytes, or what is wrong with them. */
export const readMatrices = <K extends Kind>(
  { wiringOf }: ModelCodec<K>,
  { precision, matrices, bytes }: Layout,
  sides: readonly (readonly [path: string, side: Shape])[]
): E.Either<string, ReadonlyMap<string, NdArray>> => {
  const width = precision === 'float32' ? 4 : 8
  const stored = new Map(matrices.map(matrix => [matrix.path, matrix]))
  const found = new Map<string, NdArray>()
  const lists = new Map<string, Positions>()
  let offset = 0
  for (const [path, side] of sorted(sides)) {
    const matrix = stored.get(path)
    const misfit = E.left(`damaged header: the matrix ${path} does not fit the facts`)
    if (!matrix || matrix.shape.join() !== side.join() || matrix.offset !== offset) return misfit
    const { living } = matrix
    const wiring = wiringOf?.(path)
    const isWiring = living !== undefined && wiring === path
    const [count, all] = [living ?? sizeOf(side), sizeOf(side)]
    const size = count * (isWiring ? POSITION_BYTES : width)
    if (living !== undefined && !worthList(living, all)) return misfit
    if (offset + size > bytes.length) return E.left(`cut short: ${bytes.length} bytes of matrices, more are announced`)
    const own = bytes.subarray(offset, offset + size)
    offset += size
    if (isWiring) {
      const positions = positionsIn(own, count, all)
      if (!positions) return E.left(`${path} is no list of positions`)
      lists.set(path, positions)
    }
    const data = isWiring
      ? (width === 4 ? new Float32Array(count) : new Float64Array(count)).fill(1)
      : fromLittleEndian(own, count, width)
    if (data.some((v: number) => !Number.isFinite(v))) return E.left(`${path} holds a number that is not finite`)
    const positions = lists.get(wiring ?? '')
    if (living === undefined) found.set(path, { shape: side, data })
    else if (positions?.length === living) found.set(path, spread(data, positions, side))
    else return misfit
  }
  if (matrices.length !== found.size || offset !== bytes.length) return E.left('more matrices or bytes than announced')
  return E.right(found)
}
