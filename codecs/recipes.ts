/** What ships by name, from the outside: strict records of a name and its settings, by the rows of the table. */
import * as t from 'io-ts'
import type { ChoiceOf, Recipes } from '../core/port/recipes.js'
import type { Kind } from '../core/port/checks.js'
import type { Codec } from './strict.js'
import { choice, kindCodec, record } from './strict.js'

const nameOf = (u: unknown): unknown =>
  typeof u === 'object' && u !== null && Object.hasOwn(u, 'name') ? (u as { readonly name: unknown }).name : undefined

/** The codec of one of a table, called `what` in messages; settings left out take their defaults. */
export const choiceCodec = <T extends Recipes<unknown>>(what: string, table: T): Codec<ChoiceOf<T>> => {
  const codecs = new Map(
    Object.entries(table).map(([name, { settings }]): [unknown, Codec<ChoiceOf<T>>] => {
      const rows: readonly (readonly [string, Kind & { readonly default: number }])[] = Object.entries(settings)
      const fields = Object.fromEntries(rows.map(([setting, row]) => [setting, kindCodec<unknown>(row)]))
      const defaults = Object.fromEntries(rows.map(([setting, row]) => [setting, row.default]))
      const codec = record<Record<string, unknown>>(
        what,
        { name: kindCodec<unknown>({ of: [name] }), ...fields },
        defaults
      )
      return [name, codec as unknown as Codec<ChoiceOf<T>>]
    })
  )
  const unnamed = record<{ readonly name: string }>(what, { name: choice(...Object.keys(table)) })
  return new t.Type<ChoiceOf<T>, unknown>(
    what,
    (u): u is ChoiceOf<T> => codecs.get(nameOf(u))?.is(u) ?? false,
    (u, c) => {
      const found = codecs.get(nameOf(u))
      if (found) return found.validate(u, c)
      const name = nameOf(u)
      const named = typeof u === 'object' && u !== null && !Array.isArray(u) ? (name === undefined ? {} : { name }) : u
      return unnamed.validate(named, c) as t.Validation<ChoiceOf<T>>
    },
    t.identity
  )
}
