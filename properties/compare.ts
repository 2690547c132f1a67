/** Comparing what laws compare. */
import type { Backend } from '../core/port/backend.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { Perceptron } from '../core/network/parameters.js'
import type { Kind } from '../core/network/model.js'
import type { State } from '../core/learning/state.js'
import { entries } from '../core/learning/state.js'

/** Fails unless every entry of `actual` is within `tolerance` of `expected`, relative to 1 or the entry. */
export const near = (what: string, actual: NdArray, expected: NdArray, tolerance: number): void => {
  sameShape(what, actual, expected)
  expected.data.forEach((e: number, i: number) => {
    const a = actual.data[i] as number
    if (!(Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e)))) throw new Error(`${what}[${i}]: ${a}, not ${e}`)
  })
}

/** Fails unless both have the same bits. */
export const identical = (what: string, actual: NdArray, expected: NdArray): void => {
  sameShape(what, actual, expected)
  expected.data.forEach((e: number, i: number) => {
    if (!Object.is(actual.data[i], e)) throw new Error(`${what}[${i}]: ${actual.data[i]}, not the very ${e}`)
  })
}

const sameShape = (what: string, actual: NdArray, expected: NdArray): void => {
  if (actual.shape.join() !== expected.shape.join())
    throw new Error(`${what}: shape [${actual.shape}], not [${expected.shape}]`)
}

/** Fails unless a condition holds. */
export const ensure = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

/** What a state is besides its tensors, as text. */
export const facts = <K extends Kind = Perceptron>({ clock, model }: State<unknown, K>): string =>
  JSON.stringify({ clock, facts: model.facts })

/** Fails unless two host states have the same facts and the same bits. */
export const sameState = <K extends Kind = Perceptron>(
  actual: State<NdArray, K>,
  expected: State<NdArray, K>
): void => {
  ensure(facts(actual) === facts(expected), `${facts(actual)}, not ${facts(expected)}`)
  const other = new Map(entries(expected))
  ensure(entries(actual).length === other.size, 'as many matrices')
  for (const [path, array] of entries(actual)) identical(path, array, other.get(path) as NdArray)
}

/** Downloads a tensor that `f` makes, and frees it. */
export const downloaded = async <T>(b: Backend<T>, f: () => T): Promise<NdArray> => {
  const made = b.scope(f, t => [t])
  const array = await b.download(made)
  b.release([made])
  return array
}

/** A record and all it holds, frozen; tensors and arrays of numbers are left as they are. */
export const frozen = <A>(value: A): A => {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  if (plain && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(frozen)
  }
  return value
}
