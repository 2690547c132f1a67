/**
 * A model as one array of bytes, to keep or to send: a JSON line (format, version, task, preparation, hyperparameters,
 * threshold, a digest of what follows), then the checkpoint of its state. Everything is checked on the way in.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { Tensor } from '../backends/open.js'
import { open } from '../backends/open.js'
import { settle } from '../codecs/attempt.js'
import { canonicalJson, joinBytes, sha256, utf8 } from '../codecs/bytes.js'
import { decodeCheckpoint, encodeCheckpoint } from '../codecs/checkpoint.js'
import { HyperparametersCodec } from '../codecs/hyperparameters.js'
import { perceptronCodec } from '../codecs/model-codec.js'
import type { Codec } from '../codecs/strict.js'
import { choice, decode, number, record, text, whole } from '../codecs/strict.js'
import type { State } from '../core/learning/state.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { losses } from '../core/port/objective.js'
import type { Task } from '../data/dataset.js'
import type { Scaling } from '../data/matrix.js'
import type { Preparation } from '../data/preparation.js'
import { PreparationCodec, TaskCodec } from './data-card.js'
import type { Classifier, Labeller, Regressor } from './model.js'
import { classifierOf, labellerOf, regressorOf } from './model.js'
import { checkShapes } from './on-backend.js'
import { checkedOptions, checkOption, named, refuse } from './options.js'

const VERSION = 1
/** The threshold of models that have none. */
const USUAL = 0.5
const LONGEST_HEADER = 16 * 1024 * 1024

interface Header {
  readonly format: 'sagp-model'
  readonly version: number
  readonly digest: string
  readonly task: Task
  readonly preparation: Preparation
  readonly hyperparameters: Hyperparameters
  /** Probability from which a label counts as given. */
  readonly threshold: number
}

const header: Codec<Header> = record<Header>('a model header', {
  format: choice('sagp-model'),
  version: whole(1),
  digest: text(64),
  task: TaskCodec,
  preparation: PreparationCodec,
  hyperparameters: HyperparametersCodec,
  threshold: number(0, 1)
})

/** Any model of the estimators. */
export type AnyModel = Classifier | Labeller | Regressor

const digestOf = (said: Omit<Header, 'digest'>, body: Uint8Array): Promise<string> =>
  sha256(joinBytes([utf8(canonicalJson(said)), body]))

/** A model as bytes, a labeller's threshold among them.
 * @throws FailureError (rejects) if it is no model
 */
export const encodeModel = async (
  model: Pick<AnyModel, 'stored'> & Partial<Pick<Labeller, 'threshold'>>
): Promise<Uint8Array> => {
  checkOption('stored', (model as Partial<AnyModel> | null | undefined)?.stored)
  const { stored, threshold = USUAL } = model
  const body = await encodeCheckpoint(perceptronCodec, stored.state)
  const { task, preparation, hyperparameters } = stored
  const said = { format: 'sagp-model', version: VERSION, task, preparation, hyperparameters, threshold } as const
  // through JSON, so that what is undefined is left out of the digest as it is of the file
  const plain = JSON.parse(JSON.stringify(said)) as typeof said
  return joinBytes([utf8(JSON.stringify({ ...plain, digest: await digestOf(plain, body) }) + '\n'), body])
}

/** Whether a scaling is of so many columns, none of them turned over; a factor of 0 is that of a column that never varied. */
const scales = ({ offset, factor }: Scaling, columns: number): boolean =>
  offset.length === columns && factor.length === columns && factor.every(f => f >= 0)

/** What is wrong with a model whose parts are each sound, if anything is. */
const faultOf = (
  { task: { kind, outputs }, preparation: { features, targets }, hyperparameters: { loss } }: Header,
  { clock, model: { facts } }: State<NdArray>
): string | undefined => {
  if (kind === 'classes' && new Set(outputs).size < outputs.length) return 'two of its classes have the same name'
  if (losses[loss].suits !== kind) return `the loss ${loss} does not suit ${kind}`
  if (!scales(features, facts.inputs)) return `its features are not a scaling of ${facts.inputs} inputs`
  if (targets && !scales(targets, facts.outputs)) return `its targets are not a scaling of ${facts.outputs} outputs`
  if (facts.bornAt.some((at, i) => at > clock.updates || at < (facts.bornAt[i - 1] ?? 0)))
    return 'neurons were born out of their turn'
  return clock.progress.bestEpoch > clock.epoch ? 'its best epoch is yet to come' : undefined
}

const isBytes = (u: unknown): boolean => Object.prototype.toString.call(u) === '[object Uint8Array]'

/** The model in bytes that `encodeModel` gave, on an open backend, or on simd of its own, closed with it.
 * @throws FailureError (rejects) if they are no whole, undamaged model
 */
export const decodeModel = async <T = Tensor>(
  bytes: Uint8Array,
  options: { readonly backend?: Backend<T> | undefined } = {}
): Promise<AnyModel> => {
  const { backend } = checkedOptions(options)
  if (!isBytes(bytes)) {
    const cure = 'Await what encodeModel gave; of an ArrayBuffer make one by new Uint8Array(buffer)'
    refuse('model', `it must be a Uint8Array, not ${named(bytes)}`, cure)
  }
  const broken = (what: string): never => {
    throw new FailureError(failure('file', 'model', what, 'Save the model again, or ask for the file anew'))
  }
  /** The Right; what is wrong with a part of the file is mended as the whole is. */
  const sound = <A>(part: E.Either<Failure, A>): A => (E.isLeft(part) ? broken(part.left.what) : part.right)
  const end = bytes.subarray(0, LONGEST_HEADER).indexOf(10)
  if (end < 0) broken('not a model: it has no header line')
  const json = ((): unknown => {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end)))
    } catch {
      return broken('not a model: its first line is not JSON')
    }
  })()
  const said = sound(decode(header, 'model')(json))
  if (said.version !== VERSION) broken(`format version ${said.version}, but this sagp reads version ${VERSION}`)
  const body = bytes.subarray(end + 1)
  const { digest, ...rest } = said
  const plain = JSON.parse(JSON.stringify(rest)) as typeof rest
  if ((await digestOf(plain, body)) !== digest) broken('damaged or edited: its digest does not fit')
  const state = sound(await decodeCheckpoint(perceptronCodec, body, 'model'))
  const { task, preparation, hyperparameters, threshold } = said
  const features = preparation.features.offset.map((_, j) => `x${j}`)
  sound(checkShapes(state, { features, task, name: 'the model' }, hyperparameters.steps, 'model'))
  const fault = faultOf(said, state)
  if (fault !== undefined) broken(fault)
  const b = backend ?? (settle(await open('simd')()) as unknown as Backend<T>)
  const close = (): void => {
    if (!backend) b.close?.()
  }
  const stored = { state, hyperparameters, preparation, task }
  switch (task.kind) {
    case 'classes':
      return classifierOf(b, stored, close)
    case 'labels':
      return labellerOf(b, stored, threshold, close)
    case 'numbers':
      return regressorOf(b, stored, close)
  }
}
