/** Public data sets by name. */
import * as E from 'fp-ts/lib/Either.js'
import { hint } from '../codecs/nearest.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { sourceNamed, sourceNames } from '../data/sources/index.js'
import type { Source } from '../data/sources/source.js'

/** Finds a public data set; a misspelt name is told the nearest one. */
export const findSource = (name: string): E.Either<Failure, Source> =>
  E.fromNullable(failure('usage', `data ${name}`, 'no such data set', hint(name, sourceNames)))(sourceNamed(name))
