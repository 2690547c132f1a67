/**
 * A model as one array of bytes, to keep or to send: a JSON line (format, version, task, preparation, hyperparameters,
 * threshold, a digest of what follows), then the checkpoint of its state. Everything is checked on the way in.
 */
import type { Tensor } from '../backends/open.js'
import { open } from '../backends/open.js'
import { settle } from '../codecs/attempt.js'
import { canonicalJson, joinBytes, sha256, utf8 } from '../codecs/bytes.js'
import { decodeCheckpoint, encodeCheckpoint } from '../codecs/checkpoint.js'
import { HyperparametersCodec } from '../codecs/hyperparameters.js'
import { perceptronCodec } from '../codecs/model-codec.js'
import type { Codec } from '../codecs/strict.js'
import { choice, decode, number, record, text, whole } from '../codecs/strict.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { Task } from '../data/dataset.js'
import type { Preparation } from '../data/preparation.js'
import { PreparationCodec, TaskCodec } from './data-card.js'
import type { Classifier, Labeller, Regressor } from './model.js'
import { classifierOf, labellerOf, regressorOf } from './model.js'
import { checkShapes } from './on-backend.js'

const VERSION = 1
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

/** A model as bytes.
 * @param threshold of a labeller, if it is not the usual 0.5
 */
export const encodeModel = async (
  { stored }: Pick<AnyModel, 'stored'>,
  threshold: number = 0.5
): Promise<Uint8Array> => {
  const body = await encodeCheckpoint(perceptronCodec, stored.state)
  const { task, preparation, hyperparameters } = stored
  const said = { format: 'sagp-model', version: VERSION, task, preparation, hyperparameters, threshold } as const
  // through JSON, so that what is undefined is left out of the digest as it is of the file
  const plain = JSON.parse(JSON.stringify(said)) as typeof said
  return joinBytes([utf8(JSON.stringify({ ...plain, digest: await digestOf(plain, body) }) + '\n'), body])
}

/** The model in bytes that `encodeModel` gave, on an open backend, or on simd of its own, closed with it.
 * @throws FailureError if they are no whole, undamaged model
 */
export const decodeModel = async <T = Tensor>(
  bytes: Uint8Array,
  { backend }: { readonly backend?: Backend<T> | undefined } = {}
): Promise<AnyModel> => {
  const broken = (what: string): never => {
    throw new FailureError(failure('file', 'model', what, 'Give the bytes that encodeModel gave'))
  }
  const end = bytes.subarray(0, LONGEST_HEADER).indexOf(10)
  if (end < 0) broken('not a model: it has no header line')
  const json = ((): unknown => {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end)))
    } catch {
      return broken('not a model: its first line is not JSON')
    }
  })()
  const said = settle(decode(header, 'model')(json))
  if (said.version !== VERSION) broken(`format version ${said.version}, but this sagp reads version ${VERSION}`)
  const body = bytes.subarray(end + 1)
  const { digest, ...rest } = said
  const plain = JSON.parse(JSON.stringify(rest)) as typeof rest
  if ((await digestOf(plain, body)) !== digest) broken('damaged or edited: its digest does not fit')
  const state = settle(await decodeCheckpoint(perceptronCodec, body, 'model'))
  const { task, preparation, hyperparameters, threshold } = said
  const features = preparation.features.offset.map((_, j) => `x${j}`)
  settle(checkShapes(state, { features, task, name: 'the model' }, hyperparameters.steps, 'model'))
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
