/** Divisions that keep something together, over generated tables. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { range } from '../core/port/ndarray.js'
import { foldSplit, groupSplit, timeSplit } from './partition.js'
import type { Split } from './split.js'

const all = ({ training, validation, test: judged }: Split): readonly number[] =>
  [...training, ...validation, ...judged].sort((a, b) => a - b)

test('by time: every row in one part, no row learned from later than one that judges, rows of one time together', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 }), times => {
      const split = timeSplit(times)
      expect(all(split)).toEqual(range(times.length))
      const of = (rows: readonly number[]): readonly number[] => rows.map(row => times[row] as number)
      for (const [before, after] of [
        [split.training, split.validation],
        [split.validation, split.test],
        [split.training, split.test]
      ] as const)
        if (before.length > 0 && after.length > 0) expect(Math.max(...of(before))).toBeLessThan(Math.min(...of(after)))
    })
  )
  const { training, validation, test: judged } = timeSplit(range(100).map(i => (i * 37) % 101))
  expect([training.length, validation.length, judged.length]).toEqual([60, 20, 20])
})

test('by group: every row in one part, no group in two, three parts where there are three groups', () => {
  const groups = fc.array(fc.nat(9), { minLength: 3, maxLength: 80 }).map(raw => {
    const known = new Map([...new Set(raw)].map((g, i) => [g, i]))
    return raw.map(g => known.get(g) as number)
  })
  fc.assert(
    fc.property(groups, fc.nat(), (of, seed) => {
      const split = groupSplit(of, seed)
      expect(all(split)).toEqual(range(of.length))
      const parts = [split.training, split.validation, split.test].map(rows => new Set(rows.map(row => of[row])))
      const distinct = new Set(of).size
      expect(parts.reduce((n, part) => n + part.size, 0)).toBe(distinct)
      expect(parts.map(part => part.size > 0)).toEqual([true, distinct > 1, distinct > 2])
      const sizes = range(distinct).map(g => of.filter(k => k === g).length)
      expect([...(parts[0] ?? [])].map(g => sizes[g as number])).toContain(Math.max(...sizes))
    })
  )
})

test('in folds: every row is judged once and watched once, classes spread evenly, groups whole', () => {
  const tables = fc.record({
    classes: fc.array(fc.nat(3), { minLength: 12, maxLength: 60 }),
    folds: fc.integer({ min: 3, max: 6 }),
    seed: fc.nat(),
    grouped: fc.boolean()
  })
  fc.assert(
    fc.property(tables, ({ classes, folds, seed, grouped }) => {
      const groups = grouped ? classes.map((_, i) => Math.floor(i / 2)) : undefined
      const splits = range(folds).map(fold => foldSplit(fold, folds, classes, groups, seed))
      for (const split of splits) expect(all(split)).toEqual(range(classes.length))
      for (const part of ['test', 'validation'] as const)
        expect(splits.flatMap(s => s[part]).sort((a, b) => a - b)).toEqual(range(classes.length))
      for (const split of splits) {
        if (groups) {
          const judged = new Set(split.test.map(row => groups[row]))
          expect(split.training.some(row => judged.has(groups[row] as number))).toBe(false)
        } else
          for (const c of new Set(classes)) {
            const rows = classes.filter(k => k === c).length
            const here = split.test.filter(row => classes[row] === c).length
            expect(Math.abs(here - rows / folds)).toBeLessThan(1)
          }
      }
    })
  )
})
