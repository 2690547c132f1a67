/** What a flag says, by the codec of what it means. */
import * as E from 'fp-ts/lib/Either.js'
import type { Codec } from '../codecs/strict.js'
import { decode } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'

/** A number where the text is one; what it is not is told by its codec. */
export const numeric = (text: string | undefined): unknown =>
  text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)

/** The value of a flag; one that does not fit is a mistake in using the command, and is named by its flag. */
export const flagValue = <A>(flag: string, codec: Codec<A>, text: string | undefined): E.Either<Failure, A> =>
  E.mapLeft((f: Failure): Failure => ({ ...f, kind: 'usage', what: f.what.replace(/^it /, '') }))(
    decode(codec, flag)(codec.is(text) ? text : numeric(text))
  )
