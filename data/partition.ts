/** Divisions of rows that keep something together: the past before the future, groups whole, folds for cross-validation. */
import { range } from '../core/port/ndarray.js'
import { address, permutation, Purpose } from '../core/port/random.js'
import type { Split } from './split.js'
import { splitOfParts } from './split.js'

/** Share of the rows for validation, and for the test. */
const HELD = 0.2

/**
 * The earliest three fifths to learn from, the next fifth to watch, the latest to judge by: nobody learns from the future.
 * Rows of one time stay in one part.
 * @example timeSplit([5, 1, 4, 2, 3]).test // => [0]
 */
export const timeSplit = (times: readonly number[]): Split => {
  const timeOf = (row: number): number => times[row] as number
  const order = [...range(times.length)].sort((a, b) => timeOf(a) - timeOf(b) || a - b)
  /** Where a part ends: not between two rows of one time. */
  const end = (share: number): number => {
    let place = Math.floor(order.length * share)
    while (place > 0 && place < order.length && timeOf(order[place - 1] as number) === timeOf(order[place] as number))
      place++
    return place
  }
  const [first, second] = [end(1 - 2 * HELD), end(1 - HELD)]
  const parts = new Uint8Array(times.length)
  order.forEach((row, place) => (parts[row] = place < first ? 0 : place < second ? 1 : 2))
  return splitOfParts(parts)
}

const rowsByGroup = (groups: readonly number[]): readonly (readonly number[])[] => {
  const members: number[][] = []
  groups.forEach((group, row) => (members[group] ??= []).push(row))
  return members
}

/** Groups numbered from 0, in an order drawn by seed, with their rows. */
const shuffledGroups = (groups: readonly number[], seed: number): readonly (readonly number[])[] => {
  const members = rowsByGroup(groups)
  return permutation(address(seed, 0, Purpose.split, 3), members.length).map(g => members[g] as readonly number[])
}

/**
 * About 60 : 20 : 20, whole groups drawn by seed: no part knows anybody of another. The largest group is learned from, and
 * each part has one if there are three. Groups are numbered from 0.
 */
export const groupSplit = (groups: readonly number[], seed: number): Split => {
  const parts = new Uint8Array(groups.length)
  const wanted = groups.length * HELD
  let [watched, judged] = [0, 0]
  const all = shuffledGroups(groups, seed)
  const largest = all.reduce((most, rows) => (rows.length > most.length ? rows : most), [])
  const fits = (given: number, { length }: readonly number[]): boolean => given === 0 || given + length / 2 <= wanted
  for (const rows of all) {
    if (rows === largest) continue // parts are 0 where nothing else is said
    const part = watched > 0 && judged === 0 ? 2 : fits(watched, rows) ? 1 : fits(judged, rows) ? 2 : 0
    watched += part === 1 ? rows.length : 0
    judged += part === 2 ? rows.length : 0
    for (const row of rows) parts[row] = part
  }
  return splitOfParts(parts)
}

/** The fold of each row, of `folds`: whole groups if there are any, else each class spread evenly; drawn by seed. */
const foldOf = (
  folds: number,
  classes: readonly number[],
  groups: readonly number[] | undefined,
  seed: number
): Uint32Array => {
  const fold = new Uint32Array(classes.length)
  if (groups) {
    const sizes = new Array<number>(folds).fill(0)
    for (const rows of shuffledGroups(groups, seed)) {
      const smallest = sizes.indexOf(sizes.reduce((a, b) => Math.min(a, b), Infinity))
      sizes[smallest] = (sizes[smallest] as number) + rows.length
      for (const row of rows) fold[row] = smallest
    }
    return fold
  }
  let next = 0
  rowsByGroup(classes).forEach((rows, group) => {
    for (const i of permutation(address(seed, group, Purpose.split, 4), rows.length))
      fold[rows[i] as number] = next++ % folds
  })
  return fold
}

/**
 * One of `folds` runs of a cross-validation: the fold is for the test, the next one for validation, the others to learn
 * from. Over all runs each row is judged once. `classes` are 0 for all rows where there are none.
 */
export const foldSplit = (
  fold: number,
  folds: number,
  classes: readonly number[],
  groups: readonly number[] | undefined,
  seed: number
): Split => {
  const of = foldOf(folds, classes, groups, seed)
  return splitOfParts(of.map(f => (f === fold ? 2 : f === (fold + 1) % folds ? 1 : 0)))
}
