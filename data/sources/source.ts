/** What a public data set is: where it is fetched from, what it must hold, how its files become a table. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { range } from '../../core/port/ndarray.js'
import type { Rate } from '../audio/features.js'
import type { Split } from '../split.js'
import type { Table } from '../table.js'
import { splitOf } from '../table.js'

/** A file to be fetched. */
export interface Remote {
  readonly url: string
  /** Where it belongs in the data folder; for an archive, the folder that its files go to. */
  readonly path: string
  /** Its exact size, where the source is a fixed file. */
  readonly bytes?: number
  /** Its checksum, where the source publishes one. */
  readonly md5?: string
  /** An archive: which of its files are wanted, the first folder of their paths left out. */
  readonly unpack?: { readonly kind: 'zip' | 'tar.gz'; readonly wanted: RegExp }
}

/** What a source may ask of the folder that holds its files. Paths are relative, with forward slashes. */
export interface Shelf {
  readonly read: (path: string) => TE.TaskEither<Failure, Uint8Array>
  /** Names in a folder, sorted. */
  readonly list: (folder: string) => TE.TaskEither<Failure, readonly string[]>
  /** Mean audio features of sound files. `[files, 180]` */
  readonly sounds: (paths: readonly string[], rate: Rate) => TE.TaskEither<Failure, NdArray>
}

/** What a data set must hold: the paper's Table 1. */
export interface Facts {
  readonly samples: number
  readonly features: number
  readonly classes: number
  /** Rows of each class, in the order of the classes' names. */
  readonly sizes: readonly number[]
  /** Rows for training, validation and test. */
  readonly parts: readonly [training: number, validation: number, test: number]
}

/** A public data set. */
export interface Source {
  readonly name: string
  readonly title: string
  /** Authors, place and terms. */
  readonly terms: string
  readonly facts: Facts
  /** How its rows are divided, in words. */
  readonly division: string
  readonly remotes: readonly Remote[]
  readonly load: (shelf: Shelf) => TE.TaskEither<Failure, Table>
}

/** Rows of each class. */
export const classSizes = ({ target }: Table): readonly number[] => {
  if (target.kind !== 'classes') return []
  const sizes = target.names.map(() => 0)
  for (const value of target.values) sizes[value] = (sizes[value] ?? 0) + 1
  return sizes
}

const lengths = ({ training, validation, test }: Split): Facts['parts'] => [
  training.length,
  validation.length,
  test.length
]

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && range(a.length).every(i => a[i] === b[i])

/** Checks a table against what it must hold: counts, class sizes, parts. */
export const checked =
  (name: string, facts: Facts) =>
  (table: Table): E.Either<Failure, Table> => {
    const { target } = table
    const classes = target.kind === 'classes' ? target.names.length : 0
    const found: readonly (readonly [what: string, is: readonly number[], should: readonly number[]])[] = [
      ['samples', [table.x.shape[0]], [facts.samples]],
      ['features', [table.x.shape[1]], [facts.features]],
      ['classes', [classes], [facts.classes]],
      ['rows of the classes', classSizes(table), facts.sizes],
      ['rows for training, validation and test', lengths(splitOf(table, 1)), facts.parts]
    ]
    const wrong = found.find(([, is, should]) => !same(is, should))
    return wrong
      ? E.left(
          failure(
            'input',
            `data ${name}`,
            `${wrong[1].join(', ')} ${wrong[0]} where ${wrong[2].join(', ')} should be`,
            `Fetch it anew: sagp data fetch ${name}`
          )
        )
      : E.right(table)
  }
