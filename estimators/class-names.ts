/** Classes as people name them, and as models do: by text. */
import { isList, named, refuse } from './options.js'

/** What a class is given as. */
export type ClassName = string | number | boolean

/**
 * The names of given classes: a list of texts, finite numbers or booleans, of which no two have the same name.
 * @throws FailureError
 * @example namesOf([1, 2, 1], 'y') // => ['1', '2', '1']
 */
export const namesOf = (classes: readonly ClassName[], where: string): readonly string[] => {
  if (!isList(classes)) refuse(where, `it must be a list of classes, not ${named(classes)}`, 'Give one for each row')
  const known = new Map<string, ClassName>()
  return Array.from(classes, (given, i) => {
    const fits = typeof given === 'number' ? Number.isFinite(given) : ['string', 'boolean'].includes(typeof given)
    if (!fits) refuse(where, `row ${i}: ${named(given)} is not a class`, 'Give a text, a finite number, true or false')
    const name = String(given)
    const before = known.get(name) ?? given
    if (typeof before !== typeof given)
      refuse(where, `row ${i}: ${named(given)} and ${named(before)} are the same class`, 'Give all as text, or none')
    known.set(name, before)
    return name
  })
}
