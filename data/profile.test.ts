import { expect, test } from 'vitest'
import { filled } from '../core/port/ndarray.js'
import { classCounts } from './profile.js'

const split = { training: [0, 1, 2], validation: [3], test: [4, 5] }

test('rows of each class in each part', () => {
  expect(classCounts({ kind: 'classes', names: ['a', 'b', 'c'], values: [0, 0, 1, 1, 0, 1] }, split)).toEqual([
    { name: 'a', training: 2, validation: 0, test: 1 },
    { name: 'b', training: 1, validation: 1, test: 1 },
    { name: 'c', training: 0, validation: 0, test: 0 }
  ])
})

test('rows that have each label in each part', () => {
  const values = { shape: [6, 2] as const, data: Float32Array.of(1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0) }
  expect(classCounts({ kind: 'labels', names: ['p', 'q'], values }, split)).toEqual([
    { name: 'p', training: 2, validation: 0, test: 2 },
    { name: 'q', training: 1, validation: 1, test: 1 }
  ])
  expect(classCounts({ kind: 'numbers', names: ['n'], values: filled([6, 1], 2) }, split)).toEqual([])
})

test('as many classes as rows are counted in the time of the rows', () => {
  const rows = 200_000
  const all = Array.from({ length: rows }, (_, i) => i)
  const counts = classCounts(
    { kind: 'classes', names: all.map(String), values: all },
    { training: all, validation: [], test: [] }
  )
  expect(counts.every(({ training, test }) => training === 1 && test === 0)).toBe(true)
}, 20_000)
