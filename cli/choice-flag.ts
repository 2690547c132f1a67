/** What ships by name, as flags: `stalled`, `stalled=5` or `adam=b2:0.99`. */
import * as E from 'fp-ts/lib/Either.js'
import type { Codec } from '../codecs/strict.js'
import { decode } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { ChoiceOf, Recipes } from '../core/port/recipes.js'
import { numeric } from './flag-value.js'

/** A table in words, each entry as one would type it, with its defaults: `paper, stalled=epochs:10 or none`. */
export const tableInWords = (table: Recipes<unknown>): string => {
  const words = Object.entries(table).map(([name, { settings }]) => {
    const typed = Object.entries(settings).map(([setting, row]) => `${setting}:${row.default}`)
    return typed.length === 0 ? name : `${name}=${typed.join()}`
  })
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' or ')
}

/** A choice as it is typed: a name, and after = its settings with commas, SETTING:VALUE or values in the table's order. */
export const choiceFlag = <T extends Recipes<unknown>>(
  flag: string,
  table: T,
  codec: Codec<ChoiceOf<T>>,
  typed: string | undefined
): E.Either<Failure, ChoiceOf<T> | undefined> => {
  if (typed === undefined) return E.right(undefined)
  const [name = '', ...rest] = typed.split('=')
  const told = (f: Failure): Failure => ({ ...f, kind: 'usage', what: f.what.replace(/^name (?=must)/, '') })
  const decoded = (u: object): E.Either<Failure, ChoiceOf<T>> => E.mapLeft(told)(decode(codec, flag)(u))
  const recipe = Object.hasOwn(table, name) ? table[name] : undefined
  if (recipe === undefined) return decoded({ name })
  const wrong = (what: string): E.Either<Failure, never> =>
    E.left(failure('usage', flag, what, `Write it as ${tableInWords({ [name]: recipe })}`))
  const order = Object.keys(recipe.settings)
  const given = new Map<string, unknown>()
  for (const [i, part] of (rest.length === 0 ? [] : rest.join('=').split(',')).entries()) {
    const [value, setting = order[i]] = part.split(':').reverse()
    if (setting === undefined)
      return wrong(`${name} has ${order.length === 0 ? 'no settings' : `only ${order.join()}`}`)
    if (given.has(setting)) return wrong(`${setting} is given twice`)
    given.set(setting, numeric(value))
  }
  return decoded({ ...Object.fromEntries(given), name })
}
