/** Tables that are made of a seed: what a network has to multiply for, which no linear model can. */
import { sine } from '../core/port/elementary.js'
import { range } from '../core/port/ndarray.js'
import { address, uniform } from '../core/port/random.js'

/** Draws of these tables are addressed by a purpose that no training uses. */
const DATA = 64

/** A table of numbers drawn evenly from (-bound, bound), and what follows from each row, as CSV; `seed` draws them. */
const drawn = (
  columns: readonly string[],
  target: string,
  { rows, bound, seed }: { readonly rows: number; readonly bound: number; readonly seed: number },
  answer: (row: readonly number[]) => string
): string => {
  const numbers = uniform(address(seed, 0, DATA), range(rows), range(columns.length), bound)
  const lines = range(rows).map(i => {
    const row = range(columns.length).map(j => Number((numbers[i * columns.length + j] as number).toFixed(4)))
    return [...row, answer(row)].join(',')
  })
  return `${[...columns, target].join(',')}\n${lines.join('\n')}\n`
}

/**
 * The sign of a b, with two inputs that mean nothing; all four in (-1, 1). 400 rows of columns a, b, noise1, noise2, sign.
 * @example signOfProduct(1).split('\n').length // => 402
 */
export const signOfProduct = (seed: number): string =>
  drawn(['a', 'b', 'noise1', 'noise2'], 'sign', { rows: 400, bound: 1, seed }, ([a = 0, b = 0]) =>
    a * b < 0 ? 'minus' : 'plus'
  )

/**
 * a b + sin c without noise; a, b and c in (-3, 3), where the sine has nearly a whole turn. 600 rows of columns a, b, c, y.
 * @example productPlusSine(1).split('\n').length // => 602
 */
export const productPlusSine = (seed: number): string =>
  drawn(['a', 'b', 'c'], 'y', { rows: 600, bound: 3, seed }, ([a = 0, b = 0, c = 0]) => (a * b + sine(c)).toFixed(6))
