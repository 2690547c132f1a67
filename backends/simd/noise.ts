/** What kernels that draw noise are told of rows and columns. */
import type { Key } from '../../core/port/random.js'
import type { Runtime } from './runtime.js'
import { float } from './runtime.js'

/** Columns whose words, of two rows, fit a thread's scratch. */
const COLUMNS = 2048
/** Some columns of noise: the blocks of their words, and from the first column on whose word lies elsewhere the byte of each. */
interface Part {
  readonly first: number
  readonly width: number
  readonly numbers: Uint32Array
  /** How many columns lie in their place, then the others' bytes: each above the one before, so that words can move in place. */
  readonly picks: Uint32Array
}

const partOf = (columns: readonly number[], first: number): Part => {
  const numbers: number[] = []
  let last = -1
  const picks = columns.slice(first, first + COLUMNS).map(column => {
    if (numbers.at(-1) !== column >>> 1 || column <= last) numbers.push(column >>> 1)
    last = column
    return 8 * (numbers.length - 1) + 4 * (column & 1)
  })
  while (numbers.length % 8 > 0) numbers.push(0)
  const moved = picks.findIndex((pick, j) => pick !== 4 * j)
  const inPlace = moved < 0 ? picks.length : moved
  return {
    first,
    width: picks.length,
    numbers: Uint32Array.from(numbers),
    picks: Uint32Array.from([inPlace, ...picks.slice(inPlace)])
  }
}

/** The same list of columns comes again for each portion of a batch and each step. */
const known = new WeakMap<readonly number[], readonly Part[]>()

const partsOf = (columns: readonly number[]): readonly Part[] => {
  const found = known.get(columns)
  if (found) return found
  const parts: Part[] = []
  for (let first = 0; first < columns.length; first += COLUMNS) parts.push(partOf(columns, first))
  known.set(columns, parts)
  return parts
}

/** Calls `launch` for parts of the columns, with the arguments of noise and the first of them. */
export const noisy = (
  m: Runtime,
  key: Key,
  rows: readonly number[],
  columns: readonly number[],
  out: number,
  launch: (args: readonly number[], first: number) => void
): void => {
  if (rows.length === 0) return
  const rowBlock = m.numbers(rows)
  for (const { first, width, numbers, picks } of partsOf(columns)) {
    const [numberBlock, pickBlock] = [m.numbers(numbers), m.numbers(picks)]
    const words = [key[0], key[1], rowBlock.at, numberBlock.at, numbers.length, pickBlock.at]
    launch([...words, width, out + 4 * first, 4 * columns.length], first)
    m.give(pickBlock)
    m.give(numberBlock)
  }
  m.give(rowBlock)
}

/** Threshold on 23 bits and the factor of what is kept. */
export const rateArguments = (rate: number): readonly number[] => [
  Math.ceil((rate * 16777216 - 1) / 2), // (2 k + 1) / 2^24 < rate
  float(1 / (1 - rate))
]
