/** What kernels that draw noise are told of rows and columns. */
import type { Key } from '../../core/port/random.js'
import type { Runtime } from './runtime.js'
import { float } from './runtime.js'

/** Columns whose words, of two rows or of a panel of 16, fit a thread's scratch. */
const COLUMNS = { rows: 2048, panels: 256 } as const

/** How what the noise is for lies: as rows, or as panels of 16 rows. */
export type Layout = keyof typeof COLUMNS
/** Some columns of noise: the blocks of their words, and from the first column on whose word lies elsewhere the byte of each. */
interface Part {
  readonly first: number
  readonly width: number
  readonly numbers: Uint32Array
  /** How many columns lie in their place, then the others' bytes: each above the one before, so that words can move in place. */
  readonly picks: Uint32Array
}

const partOf = (columns: readonly number[], first: number, layout: Layout): Part => {
  const [word, copies] = layout === 'rows' ? [4, 1] : [64, 4]
  const numbers: number[] = []
  let blocks = 0
  let last = -1
  const picks = columns.slice(first, first + COLUMNS[layout]).map(column => {
    if (numbers.at(-1) !== column >>> 1 || column <= last) {
      for (let i = 0; i < copies; i++) numbers.push(column >>> 1)
      blocks += 1
    }
    last = column
    return word * (2 * (blocks - 1) + (column & 1))
  })
  while (layout === 'rows' && numbers.length % 8 > 0) numbers.push(0)
  const moved = picks.findIndex((pick, j) => pick !== word * j)
  const inPlace = moved < 0 ? picks.length : moved
  return {
    first,
    width: picks.length,
    numbers: Uint32Array.from(numbers),
    picks: Uint32Array.from([inPlace, ...picks.slice(inPlace)])
  }
}

/** The same list of columns comes again for each portion of a batch and each step. */
const known: Readonly<Record<Layout, WeakMap<readonly number[], readonly Part[]>>> = {
  rows: new WeakMap(),
  panels: new WeakMap()
}

const partsOf = (columns: readonly number[], layout: Layout): readonly Part[] => {
  const found = known[layout].get(columns)
  if (found) return found
  const parts: Part[] = []
  for (let first = 0; first < columns.length; first += COLUMNS[layout]) parts.push(partOf(columns, first, layout))
  known[layout].set(columns, parts)
  return parts
}

/** Calls `launch` for parts of the columns, with the arguments of noise and the bytes before each part in a row or panel. */
export const noisy = (
  m: Runtime,
  key: Key,
  rows: readonly number[],
  columns: readonly number[],
  out: number,
  launch: (args: readonly number[], before: number) => void,
  layout: Layout = 'rows'
): void => {
  if (rows.length === 0) return
  const height = layout === 'rows' ? 1 : 16
  const missing = Math.ceil(rows.length / height) * height - rows.length
  const rowBlock = m.numbers(missing === 0 ? rows : [...rows, ...Array<number>(missing).fill(0)])
  for (const { first, width, numbers, picks } of partsOf(columns, layout)) {
    const [numberBlock, pickBlock] = [m.numbers(numbers), m.numbers(picks)]
    const before = 4 * height * first
    const words = [key[0], key[1], rowBlock.at, numberBlock.at, numbers.length, pickBlock.at]
    launch([...words, height * width, out + before, 4 * height * columns.length], before)
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
