/** Building blocks of codecs: numbers in ranges, choices, and records that refuse unknown keys. */
import * as E from 'fp-ts/lib/Either.js'
import { identity } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import type { Failure } from '../core/port/failure.js'
import type { Kind } from '../core/port/checks.js'
import { fitsKind, kindCure, kindName, shown } from '../core/port/checks.js'
import { failure } from '../core/port/failure.js'
import { hint } from '../core/port/nearest.js'

/** Decoding unknown values into A; encoding gives back plain data. */
export type Codec<A> = t.Type<A, unknown>

/** A value that `is` fit, called `name` in messages; `cure` says how to mend another. */
export const where = <A>(
  name: string,
  is: (u: unknown) => u is A,
  cure: (u: unknown) => string = () => `Give ${name}`
): Codec<A> =>
  new t.Type<A, unknown>(
    name,
    is,
    (u, c) => (is(u) ? t.success(u) : t.failure(u, c, `must be ${name}. ${cure(u)}`)),
    identity
  )

/** The codec of a kind of plain values. */
export const kindCodec = <A>(kind: Kind): Codec<A> =>
  where(
    kindName(kind),
    (u): u is A => fitsKind(kind, u),
    u => kindCure(kind, u)
  )

/** A finite number from `min` to `max`; `open` leaves an end out. */
export const number = (min: number, max: number, open: 'none' | 'min' | 'max' = 'none'): Codec<number> =>
  kindCodec({ number: [min, max], ...(open === 'none' ? {} : { open }) })

/** A whole number from `min` to `max`. */
export const whole = (min: number, max?: number): Codec<number> =>
  kindCodec({ whole: max === undefined ? [min] : [min, max] })

/** One of some words. */
export const choice = <A extends string>(...words: readonly A[]): Codec<A> => kindCodec({ of: words })

/** True or false. */
export const boolean: Codec<boolean> = kindCodec({ default: false })

/** A text of at most `longest` characters. */
export const text = (longest: number = 10_000): Codec<string> =>
  where(`a text of at most ${longest} characters`, (u): u is string => typeof u === 'string' && u.length <= longest)

/** A list of at most `longest` items. */
export const list = <A>(item: Codec<A>, longest: number = 10_000_000): Codec<readonly A[]> =>
  new t.Type<readonly A[], unknown>(
    `a list of ${item.name}`,
    (u): u is readonly A[] => Array.isArray(u) && u.every(item.is),
    (u, c) => {
      if (!Array.isArray(u) || u.length > longest) return t.failure(u, c, `must be a list of at most ${longest} items`)
      return t.readonlyArray(item).validate(u, c)
    },
    identity
  )

type Fields<A> = { readonly [K in keyof A]-?: Codec<A[K]> }

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** A record with exactly these fields; what a prototype has does not count. Whatever field is left out is taken from `fallback`. */
export const record = <A extends object>(name: string, fields: Fields<A>, fallback: Partial<A> = {}): Codec<A> => {
  const names = Object.keys(fields) as (keyof A & string)[]
  return new t.Type<A, unknown>(
    name,
    (u): u is A => isRecord(u) && names.every(n => fields[n].is(u[n])) && Object.keys(u).every(k => k in fields),
    (u, c) => {
      if (!isRecord(u)) return t.failure(u, c, `must be ${name}, a record`)
      const errors: t.Errors = []
      for (const key of Object.keys(u)) {
        if (!(names as string[]).includes(key)) {
          errors.push({
            value: u[key],
            context: t.appendContext(c, key, t.unknown),
            message: `is unknown. ${hint(key, names)}`
          })
        }
      }
      const decoded: Partial<A> = {}
      for (const n of names) {
        const given: unknown = Object.hasOwn(u, n) ? u[n] : Object.hasOwn(fallback, n) ? fallback[n] : undefined
        const at = t.appendContext(c, n, fields[n], given)
        if (given === undefined && !fields[n].is(undefined))
          errors.push({ value: given, context: at, message: 'is missing' })
        else {
          const made = fields[n].validate(given, at)
          if (E.isLeft(made)) for (const error of made.left) errors.push(error)
          else if (made.right !== undefined) decoded[n] = made.right
        }
      }
      return errors.length > 0 ? t.failures(errors) : t.success(decoded as A)
    },
    identity
  )
}

/** Another codec's value, or nothing. */
export const optional = <A>(codec: Codec<A>): Codec<A | undefined> =>
  new t.Type<A | undefined, unknown>(
    `${codec.name} or nothing`,
    (u): u is A | undefined => u === undefined || codec.is(u),
    (u, c) => (u === undefined ? t.success(undefined) : codec.validate(u, c)),
    identity
  )

/** One codec's value or another's; what is wrong is told by the one that finds less of it. */
export const either = <A, B>(a: Codec<A>, b: Codec<B>): Codec<A | B> =>
  new t.Type<A | B, unknown>(
    `${a.name} or ${b.name}`,
    (u): u is A | B => a.is(u) || b.is(u),
    (u, c) => {
      const first = a.validate(u, c)
      if (E.isRight(first)) return first
      const second = b.validate(u, c)
      return E.isLeft(second) && first.left.length < second.left.length ? first : second
    },
    identity
  )

/** The first thing wrong, as a failure at `place`. */
export const describe = (errors: t.Errors, place: string): Failure => {
  const first = errors[0] as t.ValidationError
  const path = first.context
    .map(c => c.key)
    .filter(Boolean)
    .join('.')
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const message = first.message ?? 'does not fit'
  const [what = message, cure = 'Give it'] = message.split('. ')
  const missing = what === 'is missing' || what === 'is unknown'
  return failure('input', place, `${path || 'it'} ${what}${missing ? '' : `, not ${shown(first.value)}`}${more}`, cure)
}

/** Decodes, or says what is wrong at `place`. */
export const decode =
  <A>(codec: Codec<A>, place: string) =>
  (u: unknown): E.Either<Failure, A> => {
    const made = codec.decode(u)
    return E.isLeft(made) ? E.left(describe(made.left, place)) : E.right(made.right)
  }

/** Parses JSON, then decodes. */
export const parse =
  <A>(codec: Codec<A>, place: string) =>
  (json: string): E.Either<Failure, A> => {
    try {
      return decode(codec, place)(JSON.parse(json) as unknown)
    } catch (error) {
      return E.left(failure('input', place, `not JSON: ${(error as Error).message}`, 'Write it as JSON'))
    }
  }
