/**
 * A state as a file: one JSON header line (format, version, digest, the fields that are not arrays, the arrays' shapes
 * and offsets), then the arrays, little-endian. The digest is the SHA-256 of everything else, in canonical order.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Anatomy, NeuronId } from '../core/network/anatomy.js'
import { receivers, senders } from '../core/network/anatomy.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { NdArray, Shape } from '../core/port/ndarray.js'
import { filled, sizeOf } from '../core/port/ndarray.js'
import * as P from '../core/network/parameters.js'
import type { Progress, State } from '../core/network/state.js'
import { entries, mapTensors } from '../core/network/state.js'
import { fromLittleEndian, joinBytes, littleEndian, sha256, utf8 } from './bytes.js'
import type { Codec } from './strict.js'
import { choice, decode, list, number, record, text, where, whole } from './strict.js'

const VERSION = 1
const LONGEST_HEADER = 64 * 1024 * 1024

interface Fields {
  readonly seed: number
  readonly epoch: number
  readonly updates: number
  readonly anatomy: Anatomy
  readonly progress: Progress
}

interface Stored {
  readonly path: string
  readonly shape: readonly number[]
  readonly offset: number
}

interface Header {
  readonly format: 'sagp-checkpoint'
  readonly version: number
  readonly digest: string
  readonly precision: 'float32' | 'float64'
  readonly state: Fields
  readonly arrays: readonly Stored[]
}

/** Infinity, which JSON lacks, is null. */
const finiteOrNull: Codec<number> = new t.Type<number, unknown>(
  'a finite number or null',
  (u): u is number => typeof u === 'number' && !Number.isNaN(u),
  (u, c) => (u === null ? t.success(Infinity) : number(-Infinity, Infinity).validate(u, c)),
  n => (n === Infinity ? null : n)
)

const count = whole(0, 1e9)
const ids: Codec<readonly NeuronId[]> = list(count as unknown as Codec<NeuronId>, 65536)
const triple = where(
  'three counts',
  (u): u is Progress['topology'] =>
    Array.isArray(u) && u.length === 3 && u.every(n => Number.isSafeInteger(n) && n >= 0)
)

const fields: Codec<Fields> = record<Fields>('the state', {
  seed: whole(0),
  epoch: count,
  updates: whole(0),
  anatomy: record<Anatomy>('the anatomy', {
    inputs: whole(1, 1e7),
    outputs: whole(1, 1e6),
    hidden: ids,
    bornAt: list(whole(0), 65536),
    births: whole(0, 65536),
    quiet: whole(0)
  }),
  progress: record<Progress>('the progress', {
    bestEpoch: count,
    bestLoss: finiteOrNull,
    topology: triple,
    stable: count
  })
})

const header: Codec<Header> = record<Header>('a checkpoint header', {
  format: choice('sagp-checkpoint'),
  version: whole(1),
  digest: text(64),
  precision: choice('float32', 'float64'),
  state: fields,
  arrays: list(record<Stored>('an array', { path: text(100), shape: list(whole(0, 1e9), 2), offset: whole(0) }), 100)
})

/** The shape of every tensor of a state whose network is that of `a`, run for `steps` steps. */
const shapes = (a: Anatomy, normalised: number): ReadonlyMap<string, Shape> => {
  const square: Shape = [senders(a), receivers(a)]
  const extents = { synapses: square, receivers: [1, receivers(a)], hidden: [1, a.hidden.length] } as const
  const parameters = (prefix: string): [string, Shape][] => P.names.map(n => [`${prefix}.${n}`, extents[P.extent[n]]])
  const statistics: Shape = [normalised, a.hidden.length]
  return new Map<string, Shape>([
    ['wiring', square],
    ...parameters('parameters'),
    ...parameters('moments.first'),
    ...parameters('moments.second'),
    ['running.mean', statistics],
    ['running.variance', statistics]
  ])
}

const canonical = ({ seed, epoch, updates, anatomy, progress }: Fields): string => {
  const { inputs, outputs, hidden, bornAt: born, births, quiet } = anatomy
  const { bestEpoch, bestLoss, topology, stable } = progress
  return JSON.stringify({
    seed,
    epoch,
    updates,
    anatomy: { inputs, outputs, hidden, born, births, quiet },
    progress: { bestEpoch, bestLoss: finiteOrNull.encode(bestLoss), topology, stable }
  })
}

const laidOut = (s: State<NdArray>): { readonly arrays: readonly Stored[]; readonly bytes: Uint8Array } => {
  const parts = entries(s).map(([path, { shape, data }]) => ({ path, shape, bytes: littleEndian(data) }))
  const arrays: Stored[] = []
  let offset = 0
  for (const { path, shape, bytes } of parts) {
    arrays.push({ path, shape, offset })
    offset += bytes.length
  }
  return { arrays, bytes: joinBytes(parts.map(p => p.bytes)) }
}

const precisionOf = (s: State<NdArray>): 'float32' | 'float64' =>
  s.parameters.weights.data instanceof Float64Array ? 'float64' : 'float32'

const digestOf = (precision: string, state: string, arrays: readonly Stored[], bytes: Uint8Array): Promise<string> =>
  sha256(joinBytes([utf8([precision, state, JSON.stringify(arrays)].join('\n') + '\n'), bytes]))

/** SHA-256 of a state's canonical bytes. Equal digests are equal states. */
export const digest = (s: State<NdArray>): Promise<string> => {
  const { arrays, bytes } = laidOut(s)
  return digestOf(precisionOf(s), canonical(s), arrays, bytes)
}

/** A state as the bytes of a checkpoint. */
export const encodeCheckpoint = async (s: State<NdArray>): Promise<Uint8Array> => {
  const { arrays, bytes } = laidOut(s)
  const state = canonical(s)
  const made: Header = {
    format: 'sagp-checkpoint',
    version: VERSION,
    digest: await digestOf(precisionOf(s), state, arrays, bytes),
    precision: precisionOf(s),
    state: JSON.parse(state) as Fields,
    arrays
  }
  return joinBytes([utf8(JSON.stringify(made) + '\n'), bytes])
}

const sound = (a: Anatomy): string | undefined => {
  const ascending = a.hidden.every((id, i) => i === 0 || (a.hidden[i - 1] as number) < id)
  if (!ascending || a.hidden.some(id => id >= a.births)) return 'hidden ids are not ascending birth numbers'
  return a.bornAt.length === a.hidden.length ? undefined : 'born and hidden differ in length'
}

/** The state in the bytes of a checkpoint, or what is wrong with them. `place` names the file. */
export const decodeCheckpoint = async (
  bytes: Uint8Array,
  place: string
): Promise<E.Either<Failure, State<NdArray>>> => {
  const broken = (what: string): E.Either<Failure, never> =>
    E.left(failure('file', place, what, 'Go on from another checkpoint of the run, or train again'))
  const end = bytes.subarray(0, LONGEST_HEADER).indexOf(10)
  if (end < 0) return broken('not a checkpoint: it has no header line')
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end)))
  } catch {
    return broken('not a checkpoint: its first line is not JSON')
  }
  const decoded = decode(header, place)(json)
  if (E.isLeft(decoded)) return broken(`damaged header: ${decoded.left.what}`)
  const { version, precision, state, arrays, digest: expected } = decoded.right
  if (version !== VERSION) return broken(`format version ${version}, but this sagp reads version ${VERSION}`)
  const fault = sound(state.anatomy)
  if (fault !== undefined) return broken(`damaged header: ${fault}`)
  const width = precision === 'float32' ? 4 : 8
  const wanted = shapes(state.anatomy, arrays.find(a => a.path === 'running.mean')?.shape[0] ?? 0)
  const body = bytes.subarray(end + 1)
  const found = new Map<string, NdArray>()
  let offset = 0
  for (const [path, shape] of wanted) {
    const stored = arrays.find(a => a.path === path)
    if (
      !stored ||
      stored.shape.length !== 2 ||
      stored.shape.some((n, i) => n !== shape[i]) ||
      stored.offset !== offset
    ) {
      return broken(`damaged header: the array ${path} does not fit the anatomy`)
    }
    const size = sizeOf(shape)
    if (offset + size * width > body.length)
      return broken(`cut short: ${body.length} bytes of arrays, more are announced`)
    found.set(path, { shape, data: fromLittleEndian(body.subarray(offset), size, width) })
    offset += size * width
  }
  if (arrays.length !== wanted.size || offset !== body.length) return broken('more arrays or bytes than announced')
  const actual = await digestOf(precision, canonical(state), arrays, body)
  if (actual !== expected) return broken(`damaged or edited: its digest is ${actual}, not ${expected}`)
  const empty = filled([0, 0])
  const p = P.build(() => empty)
  const frame: State<NdArray> = {
    ...state,
    wiring: empty,
    parameters: p,
    moments: { first: p, second: p },
    running: { mean: empty, variance: empty }
  }
  return E.right(mapTensors(frame, (_, path) => found.get(path) as NdArray))
}
