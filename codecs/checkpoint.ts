/**
 * A state of any model as a file: one JSON header line (format, version, digest, kind of model, clock and facts, the
 * matrices' names, shapes and offsets), then the matrices, little-endian, ordered by name; where most of a wiring is dead,
 * lists of what lives, and version 3, else version 2. The digest is the SHA-256 of clock, facts, shapes and all matrices
 * in canonical form, however they are stored. The model's own codec checks facts, shapes and values.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Clock, Progress, StagePlace, State } from '../core/learning/state.js'
import { entries, mapTensors } from '../core/learning/state.js'
import type { Kind } from '../core/network/model.js'
import { mapNamed } from '../core/network/model.js'
import type { Perceptron } from '../core/network/parameters.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { NdArray, Shape } from '../core/port/ndarray.js'
import { canonicalJson, joinBytes, sha256, utf8 } from './bytes.js'
import type { Layout, Precision, StoredMatrix } from './matrices.js'
import { denseLayout, fileLayout, readMatrices, StoredMatricesCodec } from './matrices.js'
import type { ModelCodec } from './model-codec.js'
import type { Codec } from './strict.js'
import { choice, decode, either, number, optional, record, text, where, whole } from './strict.js'

/** What older versions of sagp read too, and what they do not. */
const [ALL_DENSE, WITH_LISTS] = [2, 3] as const
const LONGEST_HEADER = 64 * 1024 * 1024

interface Header {
  readonly format: 'sagp-checkpoint'
  readonly version: number
  readonly digest: string
  readonly precision: Precision
  readonly kind: string
  /** Of which run it is; no part of the digest. */
  readonly run?: string | undefined
  readonly clock: Clock
  readonly facts: unknown
  /** Matrices that the optimiser remembers of each parameter. */
  readonly memory: number
  readonly matrices: readonly StoredMatrix[]
}

/** Infinity, which JSON lacks, is null. */
const finiteOrNull: Codec<number> = new t.Type<number, unknown>(
  'a finite number or null',
  (u): u is number => typeof u === 'number' && !Number.isNaN(u),
  (u, c) => (u === null ? t.success(Infinity) : number(-Infinity, Infinity).validate(u, c)),
  n => (n === Infinity ? null : n)
)

const count = whole(0, 1e9)
const triple = where(
  'three counts',
  (u): u is Progress['topology'] =>
    Array.isArray(u) && u.length === 3 && u.every(n => Number.isSafeInteger(n) && n >= 0)
)
const clock: Codec<Clock> = record<Clock>('the clock', {
  seed: whole(0),
  epoch: count,
  updates: whole(0),
  progress: record<Progress>('the progress', {
    bestEpoch: count,
    bestLoss: finiteOrNull,
    topology: triple,
    stable: count
  }),
  stage: either<StagePlace, null>(
    record<StagePlace>('a place in a schedule', {
      index: whole(0, 9999),
      epoch: count,
      synapses: count,
      over: optional(where('true', (u): u is true => u === true)),
      best: optional(count)
    }),
    where('null', (u): u is null => u === null)
  )
})

const header: Codec<Header> = record<Header>('a checkpoint header', {
  format: choice('sagp-checkpoint'),
  version: whole(1),
  digest: text(64),
  precision: choice('float32', 'float64'),
  kind: text(200),
  run: optional(text(64)),
  clock,
  facts: where('facts', (u): u is unknown => u !== undefined),
  memory: whole(0, 100),
  matrices: StoredMatricesCodec
})

const encodedClock = (c: Clock): unknown => ({
  ...c,
  progress: { ...c.progress, bestLoss: finiteOrNull.encode(c.progress.bestLoss) }
})

const digestOf = (facts: unknown, at: Clock, { precision, matrices, bytes }: Layout): Promise<string> =>
  sha256(joinBytes([utf8(`${canonicalJson({ clock: encodedClock(at), facts, matrices, precision })}\n`), bytes]))

/** SHA-256 of a state's canonical bytes. Equal digests are equal states. */
export const digest = <K extends Kind = Perceptron>(s: State<NdArray, K>): Promise<string> =>
  digestOf(s.model.facts, s.clock, denseLayout(s))

/** A state as the bytes of a checkpoint, of a run if one is named. */
export const encodeCheckpoint = async <K extends Kind = Perceptron>(
  codec: ModelCodec<K>,
  s: State<NdArray, K>,
  run?: string
): Promise<Uint8Array> => {
  const layout = fileLayout(codec, s)
  const [memory = []] = Object.values<readonly NdArray[]>(s.moments)
  const line = {
    format: 'sagp-checkpoint',
    version: layout.matrices.some(({ living }) => living !== undefined) ? WITH_LISTS : ALL_DENSE,
    digest: await digest(s),
    precision: layout.precision,
    kind: codec.kind,
    run,
    clock: encodedClock(s.clock),
    facts: codec.facts.encode(s.model.facts),
    memory: memory.length,
    matrices: layout.matrices
  }
  return joinBytes([utf8(JSON.stringify(line) + '\n'), layout.bytes])
}

const brokenAt =
  (place: string) =>
  (what: string, cure: string = 'Go on from another checkpoint of the run, or train again'): E.Either<Failure, never> =>
    E.left(failure('file', place, what, cure))

/** The header of a checkpoint, and where its matrices begin. */
const headerOf = (
  bytes: Uint8Array,
  place: string
): E.Either<Failure, { readonly head: Header; readonly start: number }> => {
  const broken = brokenAt(place)
  const end = bytes.subarray(0, LONGEST_HEADER).indexOf(10)
  if (end < 0) return broken('not a checkpoint: it has no header line')
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end)))
  } catch {
    return broken('not a checkpoint: its first line is not JSON')
  }
  const stated = (json as { readonly version?: unknown } | null)?.version
  if (stated === 1) {
    return broken(
      'a checkpoint of sagp 0.3.0 or older, which this sagp does not read',
      'Go on with it by npx sagp@0.3.0, or train again'
    )
  }
  if (typeof stated === 'number' && stated !== ALL_DENSE && stated !== WITH_LISTS)
    return broken(`format version ${stated}, but this sagp reads versions ${ALL_DENSE} and ${WITH_LISTS}`)
  const decoded = decode(header, place)(json)
  return E.isLeft(decoded)
    ? broken(`damaged header: ${decoded.left.what}`)
    : E.right({ head: decoded.right, start: end + 1 })
}

/** The clock in a checkpoint's header, which is all that need be there of its bytes. Nothing else is checked. */
export const clockIn = (bytes: Uint8Array, place: string): E.Either<Failure, Clock> =>
  E.map(({ head }: { readonly head: Header }) => head.clock)(headerOf(bytes, place))

/** The state in the bytes of a checkpoint, or what is wrong with them: if it names a run, it must be one of `runs`. `place` names the file. */
export const decodeCheckpoint = async <K extends Kind = Perceptron>(
  codec: ModelCodec<K>,
  bytes: Uint8Array,
  place: string,
  runs?: readonly string[]
): Promise<E.Either<Failure, State<NdArray, K>>> => {
  const broken = brokenAt(place)
  const read = headerOf(bytes, place)
  if (E.isLeft(read)) return read
  const { head, start } = read.right
  const { precision, kind, run, memory, matrices } = head
  if (kind !== codec.kind) return broken(`it holds a model of kind ${kind}, not ${codec.kind}`)
  if (run !== undefined && runs && !runs.includes(run))
    return broken(
      'it is of another run, or of other settings',
      "Put the run's settings back as they were, or train again"
    )
  const decodedFacts = decode(codec.facts, place)(head.facts)
  if (E.isLeft(decodedFacts)) return broken(`damaged header: ${decodedFacts.left.what}`)
  const facts: K['facts'] = decodedFacts.right
  const stored = new Map(matrices.map(matrix => [matrix.path, matrix]))
  const shapes = codec.shapes(facts, path => stored.get(path)?.shape)
  const frame: State<Shape, K> = {
    clock: head.clock,
    model: { facts, ...shapes },
    moments: mapNamed(shapes.parameters, (side: Shape) => Array.from({ length: memory }, () => side))
  }
  if (head.version === ALL_DENSE && matrices.some(({ living }) => living !== undefined))
    return broken('damaged header: it has lists, which its version has not')
  const found = readMatrices(codec, { precision, matrices, bytes: bytes.subarray(start) }, entries(frame))
  if (E.isLeft(found)) return broken(found.left)
  const state = mapTensors(frame, (_, path) => found.right.get(path) as NdArray)
  const fault = codec.fault(state.model)
  if (fault !== undefined) return broken(`damaged: ${fault}`)
  const actual = await digest(state)
  return actual === head.digest
    ? E.right(state)
    : broken(`damaged or edited: its digest is ${actual}, not ${head.digest}`)
}
