/** A result of a table, as a line of JSON. Node only. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Codec } from '../codecs/strict.js'
import { choice, list, number, record, text, whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { Fit } from './fit.js'
import { appendLine, readLines } from './lines.js'

/** How long a network is trained: as its preset says, or for 100 epochs. */
export type Length = 'usual' | 'short'

/** What is to be finished: a table, a seed and a length; `identity` tells the settings and the data apart. */
export interface Unit {
  readonly table: string
  readonly seed: number
  readonly length: Length
  /** SHA-256 of all settings and of the table. */
  readonly identity: string
  /** SHA-256 of the encoded matrices. */
  readonly matrices: string
  readonly kind: 'classes' | 'labels' | 'numbers'
  /** Names of the target columns. */
  readonly target: readonly string[]
  /** Rows of all three parts. */
  readonly rows: number
  /** Columns of the encoded matrix. */
  readonly inputs: number
  readonly outputs: number
}

/** A finished one. */
export interface Result extends Unit, Fit {
  readonly version: string
  readonly processor: string
}

const some = number(-Number.MAX_VALUE, Number.MAX_VALUE)

/** The codec of a line. */
export const ResultCodec: Codec<Result> = record<Result>('a result', {
  table: text(),
  seed: whole(0),
  length: choice('usual', 'short'),
  identity: text(64),
  matrices: text(64),
  kind: choice('classes', 'labels', 'numbers'),
  target: list(text(), 10_000),
  rows: whole(1),
  inputs: whole(1),
  outputs: whole(1),
  ended: choice('epochs', 'patience', 'stable', 'target', 'diverged'),
  epochs: whole(0),
  used: whole(0),
  validationLoss: some,
  validation: some,
  test: some,
  effectiveSynapses: whole(0),
  living: whole(0),
  seconds: number(0, Number.MAX_VALUE),
  version: text(),
  processor: text()
})

/** Results of a file, none if there is no such file. */
export const readResults = (file: string): TE.TaskEither<Failure, readonly Result[]> => readLines(ResultCodec, file)

/** Appends a result, if it is sound. */
export const appendResult = (file: string, result: Result): TE.TaskEither<Failure, void> => {
  const { table, seed, validationLoss, validation, test } = result
  return [validationLoss, validation, test].every(Number.isFinite)
    ? appendLine(file, result)
    : TE.left(failure('diverged', `${table}, seed ${seed}`, 'a score is not finite', 'Lower the learning rate'))
}
