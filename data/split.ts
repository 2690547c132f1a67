/** Which rows are learned from, watched, and judged by. */
import { range } from '../core/port/ndarray.js'
import { address, permutation, Purpose } from '../core/port/random.js'

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

/** Row numbers by group, groups ascending. */
const byGroup = (groups: readonly number[]): readonly (readonly [group: number, rows: readonly number[]])[] => {
  const members = new Map<number, number[]>()
  groups.forEach((group, row) => {
    const known = members.get(group)
    if (known) known.push(row)
    else members.set(group, [row])
  })
  return [...members].sort(([a], [b]) => a - b)
}

/**
 * The same within each group, so that each part holds its share of every class; `share` of a group, rounded, is for
 * validation and as many for the test. A small group goes to training.
 */
export const stratifiedSplit = (groups: readonly number[], seed: number, share: number = 0.2): Split => {
  const parts = byGroup(groups).map(([group, rows]) => {
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

/** `each` rows of every class to learn from, as many to watch, the rest to judge by; drawn by seed. */
export const perClassSplit = (groups: readonly number[], each: number, seed: number): Split => {
  const training: number[] = []
  const validation: number[] = []
  const test: number[] = []
  for (const [group, rows] of byGroup(groups)) {
    const order = permutation(address(seed, group, Purpose.split, 2), rows.length).map(i => rows[i] as number)
    order.forEach((row, i) => (i < each ? training : i < 2 * each ? validation : test).push(row))
  }
  return { training: ascending(training), validation: ascending(validation), test: ascending(test) }
}

/** How a data set is divided. */
export type Division =
  | { readonly kind: 'random' }
  /** At random within each class. */
  | { readonly kind: 'stratified' }
  /** So many rows of each class for training, as many for validation. */
  | { readonly kind: 'perClass'; readonly each: number }
  /** As its source says, whatever the seed. */
  | { readonly kind: 'given'; readonly split: Split }

/** Divides rows, whose classes are `groups` if they have any. */
export const divided = (division: Division, rows: number, groups: readonly number[], seed: number): Split => {
  switch (division.kind) {
    case 'random':
      return randomSplit(rows, seed)
    case 'stratified':
      return stratifiedSplit(groups, seed)
    case 'perClass':
      return perClassSplit(groups, division.each, seed)
    case 'given':
      return division.split
  }
}

/** A split of parts that are named row by row: 0 is training, 1 validation, 2 test. */
export const splitOfParts = (parts: ArrayLike<number>): Split => {
  const rows = (part: number): readonly number[] => range(parts.length).filter(i => parts[i] === part)
  return { training: rows(0), validation: rows(1), test: rows(2) }
}

/** Everything is learned from. */
export const noSplit = (rows: number): Split => ({ training: range(rows), validation: [], test: [] })
