/**
 * How much memory a run takes at most, counted from what it holds: matrices over the synapses on the backend, numbers of
 * the rows that go through together, inputs, and on the host the states that are saved with the copies that saving makes.
 * `npm run memory` prints the estimate beside what processes really take.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { Dataset } from '../data/dataset.js'
import { inputBytes, streamed } from './on-backend.js'

/** Bytes of a number. */
const NUMBER = 4
/** Numbers of the rows that go through together where no row depends on another: simd's own bound. */
const CACHED = 1_400_000
/** An address space of 32 bits. */
const MOST_ON_BACKEND = 2 ** 32
/** What a heap that grows by eighths has in its gaps. */
const GAPS = 1.1

/** Matrices over the synapses that a state is made of: weights and logits with the two that Adam remembers of each, wiring. */
const STATE = 7
/** Of these, an update makes all but the wiring anew. */
const UPDATED = 6
/** What an update makes on its way: noise, a mask (4), its gate, effective weights, as blocks, as panels (9 in all) ... */
const SAMPLED = 9
/** ... gradients as blocks, joined by columns and by rows, the competition's (2), weights' and logits' (2), their sum. */
const GRADIENTS = 8
/** A gradient that is clipped: its squares and its quotients, of weights and logits. */
const CLIPPED = 4
/** Both corrections of both where each entry has its own age. */
const AGED = 4
/** What an evaluation makes: open synapses, their gate, effective weights, as blocks. */
const EVALUATED = 4
/** States on the host: the run's first, its last and its best. */
const KEPT = 3 * STATE
/** Copies of a state while it is written: as bytes, joined, joined and copied for the digest; the file's takes the first's place. */
const WRITTEN = 4 * STATE
/** The open synapses as objects, a quarter of all while logits are young: counted in matrices over all synapses. */
const LISTED = 8

/** Bytes that a run takes at most beyond what the program itself does: on the backend, and in all. */
export interface MemoryEstimate {
  readonly backend: number
  readonly all: number
}

/** Numbers that the rows of an update hold while they go through together. */
const activations = (h: Hyperparameters, inputs: number, outputs: number, rows: number): number => {
  const hidden = h.maxHidden * (h.steps - 1)
  const activated = h.clampedInputs ? 0 : 2 * (h.steps - 1)
  const dropped = h.dropout === 0 ? 0 : h.inputDropout === 'pass' ? 1 : h.steps
  // of each step: h, message and slope, two deltas; under BatchNorm the normal values twice and their delta too
  const each = inputs * (2 + activated + dropped) + 4 * outputs + hidden * (h.batchNorm ? 8 : 5)
  return h.batchNorm ? rows * each : Math.min(rows * each, Math.max(CACHED, 32 * each))
}

/** What a run takes at most. */
export const memoryEstimate = (h: Hyperparameters, d: Dataset): MemoryEstimate => {
  const [inputs, outputs, hidden] = [d.features.length, d.task.outputs.length, h.maxHidden]
  const [training, validation] = [d.training.rows.length, d.validation.rows.length]
  const matrix = NUMBER * (inputs + hidden) * (outputs + hidden)
  const among = NUMBER * hidden * hidden
  const isWhole = h.batchSize === 0 || h.batchSize >= training
  const batch = isWhole ? training : h.batchSize
  const answers = NUMBER * (training + validation) * outputs
  const held = inputBytes((streamed(h, d) ? 0 : training) + validation, d) + answers
  const states = (2 * STATE + (isWhole ? 0 : UPDATED)) * matrix // at work, the best so far, at the epoch's beginning
  const update =
    (SAMPLED + GRADIENTS + UPDATED + (h.clipNorm > 0 ? CLIPPED : 0) + (h.biasCorrection === 'own' ? AGED : 0)) *
      matrix +
    h.steps * among + // the way back through each step, as panels and as a gradient of its own
    NUMBER * activations(h, inputs, outputs, batch) +
    (isWhole ? 0 : inputBytes(batch, d))
  const messages = hidden * (h.steps - 1) * (h.batchNorm ? 5 : 2)
  const evaluation = (UPDATED + EVALUATED) * matrix + NUMBER * validation * (messages + outputs)
  const backend = GAPS * (held + states + Math.max(update, evaluation))
  // inputs are made on the host before they are put where they stay
  const host = (KEPT + WRITTEN + LISTED) * matrix + d.bytes + held
  const loading = 4 * d.bytes // the table; its bytes in order, joined and copied for the fingerprint
  return { backend, all: Math.max(backend + host, loading) }
}

/** Bytes in a unit that people read.
 * @example gibibytes(3 * 2 ** 29) // => '1.5 GiB'
 */
export const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

/** Bytes from which a run says how much it may take. */
const WORTH_SAYING = 2 ** 30

/** What is worth saying of a run's memory, if anything. */
export const memoryRemarks = (h: Hyperparameters, d: Dataset): readonly string[] => {
  const { all } = memoryEstimate(h, d)
  return all > WORTH_SAYING ? [`it may take ${gibibytes(all)} of memory`] : []
}

/**
 * Refuses hyperparameters under which a run would not fit, with the number, the bound and what to lower: the backend's part
 * into an address space of 32 bits, where WebAssembly is, and all of it into the machine's `memory`, where that is known.
 */
export const checkMemory = (
  h: Hyperparameters,
  d: Dataset,
  memory: number = Infinity
): E.Either<Failure, Hyperparameters> => {
  const { backend, all } = memoryEstimate(h, d)
  const bounds = [
    ['the backend', backend, MOST_ON_BACKEND, "WebAssembly's"],
    ['a run', all, memory, "this machine's"]
  ] as const
  const wrong = bounds.find(([, bytes, most]) => bytes > most)
  if (wrong === undefined) return E.right(h)
  const [who, bytes, most, whose] = wrong
  const few = memoryEstimate({ ...h, batchSize: 64 }, d)
  const { features, training } = d
  const said = (flag: string, of: string, cure: string): E.Either<Failure, never> =>
    E.left(
      failure('usage', flag, `${of}: ${who} may take ${gibibytes(bytes)}, more than ${whose} ${gibibytes(most)}`, cure)
    )
  // rows are to blame if few of them at a time would do
  return few.backend <= MOST_ON_BACKEND && few.all <= memory
    ? said(
        '--batch-size',
        `${training.rows.length} rows of ${features.length} inputs at once`,
        'Train in mini-batches, of 256 rows say, or give fewer rows'
      )
    : said(
        '--max-hidden',
        `the synapses of ${features.length} inputs and ${h.maxHidden} neurons`,
        'Lower it, or give fewer columns or rows'
      )
}
