/**
 * Randomness is a function, not a stream: a draw is addressed by what it is for, nothing is ever advanced. So a resumed
 * life equals an unbroken one, and one neuron's death changes nobody else's noise.
 * Generator: Threefry-2x32-20 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 */
import { log } from './elementary.js'

/** Two 32-bit words that name a family of draws. */
export type Key = readonly [number, number]

/** What a draw is for. Numbers are part of the format: changing one changes every life. */
export const Purpose = {
  weight: 0,
  synapse: 1,
  neuron: 2,
  inputDropout: 3,
  hiddenDropout: 4,
  order: 5,
  split: 6,
  /** Added to the purposes of masks: 8 and 9 are taken. */
  evaluation: 7,
  importance: 10
} as const

const PARITY = 0x1bd11bda

const rotated = (x: number, by: number): number => (x << by) | (x >>> (32 - by))

/** One block: 20 rounds of Threefry-2x32, written out for speed, to `out[0]` and `out[1]`. */
const block = (out: Uint32Array, k0: number, k1: number, c0: number, c1: number): void => {
  const k2 = PARITY ^ k0 ^ k1
  let x0 = (c0 + k0) | 0
  let x1 = (c1 + k1) | 0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 13) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 15) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 26) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 6) ^ x0
  x0 = (x0 + k1) | 0
  x1 = (x1 + k2 + 1) | 0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 17) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 29) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 16) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 24) ^ x0
  x0 = (x0 + k2) | 0
  x1 = (x1 + k0 + 2) | 0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 13) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 15) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 26) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 6) ^ x0
  x0 = (x0 + k0) | 0
  x1 = (x1 + k1 + 3) | 0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 17) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 29) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 16) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 24) ^ x0
  x0 = (x0 + k1) | 0
  x1 = (x1 + k2 + 4) | 0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 13) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 15) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 26) ^ x0
  x0 = (x0 + x1) | 0
  x1 = rotated(x1, 6) ^ x0
  x0 = (x0 + k2) | 0
  x1 = (x1 + k0 + 5) | 0
  out[0] = x0
  out[1] = x1
}

/** Threefry-2x32-20 of a counter under a key, as Random123 defines it.
 * @example threefry([0, 0], [0, 0]) // => [0x6b200159, 0x99ba4efe]
 */
export const threefry = ([k0, k1]: Key, [c0, c1]: readonly [number, number]): Key => {
  const out = new Uint32Array(2)
  block(out, k0, k1, c0, c1)
  return [out[0] as number, out[1] as number]
}

/** The key of a seed, a whole number from 0 to 2^53 - 1. */
export const key = (seed: number): Key => [seed % 2 ** 32, Math.floor(seed / 2 ** 32)]

/**
 * The seed of a named layer, as JAX folds numbers into keys: layers of one training draw different noise. The empty name
 * is the seed itself.
 * @example foldIn(7, '') // => 7
 */
export const foldIn = (seed: number, name: string): number => {
  if (name === '') return seed
  let hash = 0x811c9dc5 // FNV-1a
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  const [low, high] = threefry(key(seed), [hash >>> 0, name.length])
  return (high & 0x1fffff) * 2 ** 32 + low
}

/** The key of one purpose at one moment of a training. */
export const address = (seed: number, epoch: number, purpose: number, update: number = 0, step: number = 0): Key =>
  threefry(threefry(key(seed), [epoch, purpose]), [update, step])

/**
 * A word for each (row, column) of two lists of numbers, row by row. A word depends on its own row and column number
 * alone, never on who else is in the lists; columns 2j and 2j + 1 share a block.
 */
export const randomBits = ([k0, k1]: Key, rows: readonly number[], columns: readonly number[]): Uint32Array => {
  const out = new Uint32Array(rows.length * columns.length)
  const pair = new Uint32Array(2)
  let at = 0
  for (const row of rows) {
    let made = -1
    for (const column of columns) {
      if (made !== column >>> 1) block(pair, k0, k1, row, (made = column >>> 1))
      out[at++] = pair[column & 1] as number
    }
  }
  return out
}

/** 23 bits of a word as a number strictly inside (0, 1): (2k + 1) / 2^24, exact in Float32.
 * @example toUnit(0) // => 2 ** -24
 */
export const toUnit = (word: number): number => (2 * (word >>> 9) + 1) / 16777216

const mapped = (source: Uint32Array, f: (u: number) => number): Float32Array => {
  const out = new Float32Array(source.length)
  for (let i = 0; i < out.length; i++) out[i] = f(toUnit(source[i] as number))
  return out
}

/** Logistic(0, 1) noise, log u - log(1 - u), rounded once to Float32. `[rows, columns]` */
export const logistic = (k: Key, rows: readonly number[], columns: readonly number[]): Float32Array =>
  mapped(randomBits(k, rows, columns), u => log(u / (1 - u)))

/** A sample of inverted dropout: for which rows and columns, at what rate. */
export interface Dropout {
  readonly key: Key
  readonly rows: readonly number[]
  readonly columns: readonly number[]
  /** From 0 on, below 1. */
  readonly rate: number
}

/** The factors of inverted dropout: 0 with probability `rate`, else 1 / (1 - rate). `[rows, columns]` */
export const dropoutFactors = ({ key, rows, columns, rate }: Dropout): Float32Array => {
  const drawn = randomBits(key, rows, columns)
  const out = new Float32Array(drawn.length)
  const kept = 1 / (1 - rate)
  for (let i = 0; i < out.length; i++) out[i] = toUnit(drawn[i] as number) < rate ? 0 : kept
  return out
}

/** Uniform in (-bound, bound). `[rows, columns]` */
export const uniform = (k: Key, rows: readonly number[], columns: readonly number[], bound: number): Float32Array =>
  mapped(randomBits(k, rows, columns), u => (2 * u - 1) * bound)

/**
 * A permutation of 0 .. n - 1 (Fisher and Yates; the bias of 32-bit draws is below n / 2^32).
 * @example [...permutation(key(1), 4)].sort() // => [0, 1, 2, 3]
 */
export const permutation = (k: Key, n: number): readonly number[] => {
  const order = Array.from({ length: n }, (_, i) => i)
  const draws = randomBits(k, [0], order)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(((draws[i] as number) / 2 ** 32) * (i + 1))
    const moved = order[i] as number
    order[i] = order[j] as number
    order[j] = moved
  }
  return order
}
