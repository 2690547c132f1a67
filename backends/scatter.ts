/** `scatter` made of other operations: for backends whose library or hardware has none that keeps the order of sums. */
import { filled, range } from '../core/port/ndarray.js'
import type { Ops } from '../core/port/ops.js'
import type { Cell, Memory } from './memory.js'
import { scattered } from './shapes.js'

/** All operations but `scatter`. */
export type WithoutScatter<T> = Omit<Ops<T>, 'scatter'>

/**
 * The n-th summands of all places are gathered and added at once: sums are in order, and each row or column moves only a
 * few times, however often a place repeats. (A product with a matrix of 0 and 1 would leave the order to the product, and
 * one Infinity would make a NaN of every place.)
 */
const scatter = <T>(ops: WithoutScatter<T>, a: T, indices: readonly number[], size: number, axis: 0 | 1): T => {
  const [rows, columns] = ops.shape(a)
  const part = (t: T, first: number, count: number): T =>
    axis === 0 ? ops.slice(t, [first, 0], [count, columns]) : ops.slice(t, [0, first], [rows, count])
  const bySummand = range(size).map((): number[] => [])
  indices.forEach((place, i) => bySummand[place]?.push(i))
  // places with the most summands first: those that have an n-th one are then the first of them
  const busiest = bySummand.filter(summands => summands.length > 0).sort((p, q) => q.length - p.length)
  const nth = (n: number, count: number): readonly number[] => busiest.slice(0, count).map(s => s[n] as number)
  const zero = ops.constant(filled(axis === 0 ? [1, columns] : [rows, 1]))
  let complete: readonly T[] = [zero]
  let sums = ops.add(ops.gather(a, nth(0, busiest.length), axis), zero) // so that a sum is never -0
  for (let n = 1, open = busiest.length; open > 0; n++) {
    let next = open
    while (next > 0 && (busiest[next - 1]?.length ?? 0) <= n) next -= 1
    if (next < open) complete = [part(sums, next, open - next), ...complete]
    if (next > 0) sums = ops.add(part(sums, 0, next), ops.gather(a, nth(n, next), axis))
    open = next
  }
  const found = new Map(busiest.map(([first = 0], i) => [indices[first], i]))
  const all = range(size).map(place => found.get(place) ?? busiest.length)
  return ops.gather(ops.concat(complete, axis), all, axis)
}

/** A backend's operations, `scatter` made of the others; `scope` frees what it makes on the way. */
export const withScatter = <D>(ops: WithoutScatter<Cell<D>>, scope: Memory<D>['scope']): Ops<Cell<D>> => ({
  ...ops,
  scatter: (a, indices, size, axis) => {
    scattered(a.shape, indices, size, axis)
    return scope(
      () => scatter(ops, a, indices, size, axis),
      t => [t]
    )
  }
})
