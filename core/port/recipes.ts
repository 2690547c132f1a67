/** What ships by name: tables of recipes, each with its settings as rows and what it makes of them. Checks, codecs and flags read the rows. */
import type { NumberKind, WholeKind } from './checks.js'
import { entryOf, mustFit, shown } from './checks.js'
import { refuse } from './failure.js'
import { hint } from './nearest.js'

/** A setting as data: its range, and what it is if left out. */
export type SettingRow = (NumberKind | WholeKind) & { readonly default: number }

/** How an A is made of plain settings. */
export interface Recipe<A> {
  readonly settings: Readonly<Record<string, SettingRow>>
  readonly make: (settings: never) => A
}

/** Recipes by name. */
export type Recipes<A> = Readonly<Record<string, Recipe<A>>>

/** One of a table by its name, with all of its settings: plain data. */
export type ChoiceOf<T extends Recipes<unknown>> = {
  readonly [N in keyof T & string]: { readonly name: N } & { readonly [S in keyof T[N]['settings']]: number }
}[keyof T & string]

/** The same with some of its settings. */
export type SomeChoiceOf<T extends Recipes<unknown>> = {
  readonly [N in keyof T & string]: { readonly name: N } & {
    readonly [S in keyof T[N]['settings']]?: number | undefined
  }
}[keyof T & string]

/** What a table's recipes make. */
export type MadeOf<T extends Recipes<unknown>> = ReturnType<T[keyof T]['make']>

/** Settings by name, all of them; those left out stand at their defaults.
 * @throws FailureError if one is unknown or out of its range
 */
export const checkedSettings = <N extends string>(
  where: string,
  rows: Readonly<Record<N, SettingRow>>,
  given: Readonly<Record<string, unknown>>
): Readonly<Record<N, number>> => {
  const stranger = Object.keys(given).find(setting => !Object.hasOwn(rows, setting))
  if (stranger !== undefined) {
    const known = Object.keys(rows)
    refuse(where, `${stranger} is unknown`, known.length === 0 ? 'It has no settings' : hint(stranger, known))
  }
  const made = Object.entries<SettingRow>(rows).map(([setting, row]) => {
    const value = given[setting] ?? row.default
    mustFit(where, setting, row, value)
    return [setting, value]
  })
  return Object.fromEntries(made) as Readonly<Record<N, number>>
}

/** Refuses what is no record with a name; `what` is chosen.
 * @throws FailureError
 */
export const mustBeNamed = (what: string, table: Recipes<unknown>, u: unknown): void => {
  if (typeof u === 'object' && u !== null && 'name' in u && typeof u.name === 'string') return
  const cure = `Write it as in { name: '${Object.keys(table)[0]}' }`
  refuse(what, `it must be a record with a name, not ${shown(u)}`, cure)
}

/** A choice with all of its settings, in the table's order; `what` is chosen.
 * @throws FailureError if it is no record with a name, if the name or a setting is unknown, or a setting out of its range
 */
export const checkedChoice = <T extends Recipes<unknown>>(
  what: string,
  table: T,
  choice: SomeChoiceOf<T>
): ChoiceOf<T> => {
  mustBeNamed(what, table, choice)
  const { name, ...given }: Readonly<Record<string, unknown>> & { readonly name: string } = choice
  const { settings } = entryOf(what, table, name)
  return { name, ...checkedSettings(`${what} ${name}`, settings, given) } as ChoiceOf<T>
}

/** What a choice is the name of.
 * @throws FailureError as `checkedChoice` does
 */
export const madeOf = <T extends Recipes<unknown>>(what: string, table: T, choice: SomeChoiceOf<T>): MadeOf<T> => {
  const checked = checkedChoice(what, table, choice)
  const make = (table[checked.name] as Recipe<unknown>).make as (settings: ChoiceOf<T>) => MadeOf<T>
  return make(checked)
}
