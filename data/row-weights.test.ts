/** Weights that a column holds. */
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { weightsOf } from './row-weights.js'
import { columnOf } from './sheet.js'

const weighed = (cells: readonly string[], training: readonly number[], decimal?: ','): readonly number[] | string => {
  const made = weightsOf('f', { marks: ['x'], decimal }, training)(columnOf('w', cells))
  return E.isLeft(made) ? made.left.what : made.right
}

test('are numbers as people write them', () => {
  expect(weighed(['1', '0.5', '0'], [0, 1])).toEqual([1, 0.5, 0])
  expect(weighed(['1,5', '1,5'], [0])).toEqual([1.5, 1.5])
  expect(weighed(['1,500', '1,25'], [0], ',')).toEqual([1.5, 1.25])
  expect(weighed(['50 %', '25 %'], [0])).toEqual([50, 25])
})

test('are in every row, and not all 0 where something is to be learned', () => {
  expect(weighed(['1', ''], [0])).toBe('row 2, column w: empty is no weight')
  expect(weighed(['1', 'x'], [0])).toBe('row 2, column w: "x" is no weight')
  expect(weighed(['1', '-1'], [0])).toBe('row 2, column w: "-1" is no weight')
  expect(weighed(['0', '3'], [0])).toBe('column w: all training rows weigh nothing')
})
