/** Lists that strangers wrote. */
import * as E from 'fp-ts/lib/Either.js'
import { identity } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import type { Codec } from '../../codecs/strict.js'

/** A list of at most `longest` items, of which the first wrong one is told: millions of them cost no more than one. */
export const items = <A>(item: Codec<A>, longest: number): Codec<readonly A[]> =>
  new t.Type<readonly A[], unknown>(
    `a list of ${item.name}`,
    (u): u is readonly A[] => Array.isArray(u) && u.every(item.is),
    (u, c) => {
      if (!Array.isArray(u) || u.length > longest) return t.failure(u, c, `must be a list of at most ${longest} items`)
      const decoded: A[] = []
      for (const [i, value] of (u as readonly unknown[]).entries()) {
        if (typeof value !== 'object' && item.is(value)) {
          decoded.push(value) // plain values are decoded as they are: millions of them need no trail
          continue
        }
        const made = item.validate(value, t.appendContext(c, String(i), item, value))
        if (E.isLeft(made)) return made
        decoded.push(made.right)
      }
      return t.success(decoded)
    },
    identity
  )
