/** NAME=VALUE as it is typed. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'

const valueOf = (text: string): unknown => {
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
}

/** A record of what is assigned: numbers, true and false where they are some, else words.
 * @example assignments('--set', ['gamma2=0.005', 'batchNorm=false']).right // => { gamma2: 0.005, batchNorm: false }
 */
export const assignments = (
  flag: string,
  given: readonly string[]
): E.Either<Failure, Readonly<Record<string, unknown>>> => {
  const odd = given.find(text => !/^\w+=/.test(text))
  if (odd !== undefined) return E.left(failure('usage', flag, `${odd} is not NAME=VALUE`, 'Write it as epochs=500'))
  return E.right(
    Object.fromEntries(
      given.map(text => [text.slice(0, text.indexOf('=')), valueOf(text.slice(text.indexOf('=') + 1))] as const)
    )
  )
}
