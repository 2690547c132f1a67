/** Which rows are learned from, watched, and judged by. */
import { range } from '../core/ndarray.js'
import { address, permutation, Purpose } from '../core/random.js'

/** Row numbers of the three parts, each in ascending order. */
export interface Split {
  readonly training: readonly number[]
  readonly validation: readonly number[]
  readonly test: readonly number[]
}

const ascending = (rows: readonly number[]): readonly number[] => [...rows].sort((a, b) => a - b)

/** 60 : 20 : 20 at random by seed; the test part gets what rounding leaves.
 * @example randomSplit(1797, 1).training.length // => 1078
 */
export const randomSplit = (rows: number, seed: number): Split => {
  const order = permutation(address(seed, 0, Purpose.split), rows)
  const validation = Math.floor(rows / 5)
  const training = Math.floor((rows * 3) / 5)
  return {
    training: ascending(order.slice(0, training)),
    validation: ascending(order.slice(training, training + validation)),
    test: ascending(order.slice(training + validation))
  }
}

/**
 * The same within each group, so that each part holds its share of every class; `share` of a group, rounded, is for
 * validation and as many for the test. A small group goes to training.
 */
export const stratifiedSplit = (groups: readonly number[], seed: number, share: number = 0.2): Split => {
  const members = new Map<number, number[]>()
  groups.forEach((g, row) => members.set(g, [...(members.get(g) ?? []), row]))
  const parts = [...members]
    .sort(([a], [b]) => a - b)
    .map(([group, rows]) => {
      const order = permutation(address(seed, group, Purpose.split, 1), rows.length).map(i => rows[i] as number)
      const held = Math.min(Math.floor(rows.length * share + 0.4), Math.floor(rows.length / 2))
      return {
        validation: order.slice(0, held),
        test: order.slice(held, 2 * held),
        training: order.slice(2 * held)
      }
    })
  return {
    training: ascending(parts.flatMap(p => p.training)),
    validation: ascending(parts.flatMap(p => p.validation)),
    test: ascending(parts.flatMap(p => p.test))
  }
}

/** Everything is learned from. */
export const noSplit = (rows: number): Split => ({ training: range(rows), validation: [], test: [] })
