/** What may enter: kinds of plain values, which values fit them, and what to say of others. Needs no library. */
import { refuse } from './failure.js'
import { hint, nearest } from './nearest.js'

/** A finite number from the first end to the second; `open` leaves one of them out. */
export interface NumberKind {
  readonly number: readonly [min: number, max: number]
  readonly open?: 'min' | 'max'
}

/** A whole number from the first end to the second, if there is one. */
export interface WholeKind {
  readonly whole: readonly [min: number, max?: number]
}

/** One of some words. */
export interface WordKind {
  readonly of: readonly string[]
}

/** True or false. */
export interface FlagKind {
  readonly default: boolean
}

/** What a value may be, as plain data. */
export type Kind = NumberKind | WholeKind | WordKind | FlagKind

/** A kind in words.
 * @example kindName({ number: [0, 1], open: 'max' }) // => 'a number from 0 to below 1'
 */
export const kindName = (kind: Kind): string => {
  if ('number' in kind) {
    const [min, max] = kind.number
    const low = min === -Infinity ? '' : ` ${kind.open === 'min' ? 'above' : 'from'} ${min}`
    const high = max === Infinity ? '' : ` ${kind.open === 'max' ? 'to below' : 'to'} ${max}`
    return `a number${low}${high}`
  }
  if ('whole' in kind) {
    const [min, max] = kind.whole
    return `a whole number from ${min}${max === undefined ? '' : ` to ${max}`}`
  }
  return 'of' in kind ? `one of ${kind.of.join(', ')}` : 'true or false'
}

/** Whether a value is of a kind.
 * @example fitsKind({ whole: [1, 64] }, 1.5) // => false
 */
export const fitsKind = (kind: Kind, u: unknown): boolean => {
  if ('number' in kind) {
    const [min, max] = kind.number
    if (typeof u !== 'number' || !Number.isFinite(u)) return false
    return (kind.open === 'min' ? u > min : u >= min) && (kind.open === 'max' ? u < max : u <= max)
  }
  if ('whole' in kind) {
    const [min, max = Number.MAX_SAFE_INTEGER] = kind.whole
    return typeof u === 'number' && Number.isSafeInteger(u) && u >= min && u <= max
  }
  return 'of' in kind ? typeof u === 'string' && kind.of.includes(u) : typeof u === 'boolean'
}

/** How to mend a value that is not of a kind. */
export const kindCure = (kind: Kind, u: unknown): string => {
  if ('number' in kind || 'whole' in kind) return 'Give one in that range'
  if (!('of' in kind)) return 'Give true or false'
  return typeof u === 'string' && nearest(u, kind.of) !== undefined ? hint(u, kind.of) : 'Choose one of them'
}

/** A value for a message, shortened. */
export const shown = (u: unknown): string => {
  const plain = typeof u === 'number' || typeof u === 'bigint' || u === undefined
  const json = plain ? String(u) : ((JSON.stringify(u) as string | undefined) ?? `a ${typeof u}`)
  return json.length > 60 ? `${json.slice(0, 57)}...` : json
}

/** A table's entry by its name; a name that is not in the table, be it on a prototype, is refused with the nearest.
 * @throws FailureError
 */
export const entryOf = <A>(what: string, table: Readonly<Record<string, A>>, name: string): A => {
  if (Object.hasOwn(table, name)) return table[name] as A
  return refuse(what, `${name} is unknown`, hint(name, Object.keys(table)))
}

/** Refuses what is no record of options, and options that nobody knows, with the nearest that are.
 * @throws FailureError
 */
export const mustKnow = (where: string, names: readonly string[], given: unknown): void => {
  if (typeof given !== 'object' || given === null)
    return refuse(where, `options must be an object, not ${shown(given)}`, `Give { ${names[0]} }, or leave it out`)
  const stranger = Object.keys(given).find(name => !names.includes(name))
  if (stranger !== undefined) refuse(where, `${stranger} is unknown`, hint(stranger, names))
}

/** Refuses a value that is not of its kind.
 * @throws FailureError
 */
export const mustFit = (where: string, name: string, kind: Kind, u: unknown): void => {
  if (!fitsKind(kind, u)) refuse(where, `${name} must be ${kindName(kind)}, not ${shown(u)}`, kindCure(kind, u))
}
