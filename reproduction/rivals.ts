/** What others score on the same matrices: `reproduction/sklearn/tables.py` writes it. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Codec } from '../codecs/strict.js'
import { list, number, optional, parse, record, text, where, whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { readText } from '../storage/files.js'

/** A rival, its setting chosen by the validation rows. */
export interface RivalScore {
  readonly setting: number
  readonly validation: number
  /** F1-micro, or R2. */
  readonly test: number
  /** Weights without biases. */
  readonly weights?: number | undefined
}

/** Both rivals on the matrices of a table and a seed. */
export interface RivalUnit {
  readonly table: string
  readonly seed: number
  readonly matrices: string
  /** Logistic regression; ridge regression for numbers. */
  readonly linear: RivalScore
  /** One hidden layer of 100. */
  readonly mlp: RivalScore & { readonly weights: number }
  readonly seconds: number
}

/** All of them, with what they were made by. */
export interface Rivals {
  readonly made: Readonly<Record<string, string>>
  readonly results: readonly RivalUnit[]
}

const some = number(-Number.MAX_VALUE, Number.MAX_VALUE)
const score = { setting: some, validation: some, test: some }
const words = where(
  'a record of words',
  (u): u is Readonly<Record<string, string>> =>
    typeof u === 'object' && u !== null && Object.values(u).every(v => typeof v === 'string')
)

const RivalsCodec: Codec<Rivals> = record<Rivals>('rivals', {
  made: words,
  results: list(
    record<RivalUnit>('a rival', {
      table: text(),
      seed: whole(0),
      matrices: text(64),
      linear: record<RivalScore>('a score', { ...score, weights: optional(whole(0)) }),
      mlp: record<RivalUnit['mlp']>('a score', { ...score, weights: whole(1) }),
      seconds: number(0, Number.MAX_VALUE)
    })
  )
})

/** Rivals of a file. */
export const readRivals =
  (file: string): TE.TaskEither<Failure, Rivals> =>
  async () =>
    E.chain(parse(RivalsCodec, file))(await readText(file)())
