/** Sounds as tables: each as the means over time of its 180 audio features. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../../core/port/failure.js'
import type { Rate } from '../audio/features.js'
import { featureNames } from '../audio/features.js'
import { splitOfParts } from '../split.js'
import type { Table } from '../table.js'
import type { Shelf, Source } from './source.js'

/** A recording: its file, its class, and the part that it belongs to (0 training, 1 validation, 2 test). */
export interface Clip {
  readonly path: string
  readonly value: number
  readonly part: number
}

/** Recordings as a table, heard at a rate, divided as their source says. */
export const soundTable = (
  { name, terms }: Pick<Source, 'name' | 'terms'>,
  classes: readonly string[],
  clips: readonly Clip[],
  rate: Rate,
  shelf: Shelf
): TE.TaskEither<Failure, Table> =>
  pipe(
    shelf.sounds(
      clips.map(c => c.path),
      rate
    ),
    TE.map((x): Table => ({
      name,
      features: featureNames,
      x,
      names: clips.map(c => c.path.split('/').at(-1) ?? c.path),
      target: { kind: 'classes', names: classes, values: clips.map(c => c.value) },
      targets: ['class'],
      division: { kind: 'given', split: splitOfParts(clips.map(c => c.part)) },
      source: terms
    }))
  )
