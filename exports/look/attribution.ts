/**
 * What each input contributed to an answer: integrated gradients (Sundararajan, Taly, Yan 2017). With a baseline x' and
 * x(t) = x' + t (x - x'),
 *
 *     contribution_i = (x_i - x'_i) integral over t from 0 to 1 of dz / dx_i (x(t)),   their sum = z(x) - z(x')
 *
 * Without hidden neurons z is linear and they are weight times distance, exactly. Else the path from x' to x is cut into
 * pieces. On each the integral is taken from two places (Gauss and Legendre), which is exact for cubics; what z itself
 * changes there, and the middle of the piece, say how far off that may be. Pieces that are too far off are halved: around
 * the kinks of relu, where no formula helps, they become as small as they must.
 */
import { range } from '../../core/port/ndarray.js'
import type { Gradient } from './gradient.js'
import { gradientRow } from './gradient.js'
import type { Program } from '../program.js'

/** What inputs contributed to an output. */
export interface Attribution {
  /** The output of the row. */
  readonly z: number
  /** The output of the baseline. */
  readonly from: number
  /** By input, in units of z: they add up to z - from + gap. */
  readonly contributions: Float64Array
  /** The sum of the contributions less z - from. */
  readonly gap: number
  /** Whether |gap| is at most 1e-3 of max(1, |z - from|). */
  readonly reached: boolean
  /** Places of the path at which gradients were taken; 1 where z is linear. */
  readonly gradients: number
}

/** What the sum may be off, as a share of max(1, |z - from|). */
const CLOSE = 1e-3
/** Pieces at the beginning, and those from which on none is halved. */
const [FEW, MANY] = [16, 2048] as const
/** The two places of Gauss and Legendre in a piece, and its middle. */
const [LEFT, MIDDLE, RIGHT] = [(1 - Math.sqrt(1 / 3)) / 2, 1 / 2, (1 + Math.sqrt(1 / 3)) / 2] as const

/** Whether outputs are sums of the inputs, times weights, and nothing else. */
export const isLinear = ({ hidden, steps, clampedInputs, outputLoops }: Program): boolean =>
  hidden.length === 0 && (steps === 1 || (clampedInputs && !outputLoops))

/** A piece of the path, and what inputs contributed on it. */
interface Piece {
  readonly start: number
  readonly width: number
  readonly contributions: Float64Array
  /** How far their sum is off, or any of them may be. */
  readonly error: number
}

const sumOf = (values: Iterable<number>): number => {
  let sum = 0
  for (const v of values) sum += v
  return sum
}

/** A program's contributions, ready for row after row. */
export type Attributed = (row: ArrayLike<number>, baseline: ArrayLike<number>, output: number) => Attribution

/**
 * Makes the contributions of a program's inputs ready: of a row and a baseline `[inputs]`, both in their own units, to an
 * output (0 the first). The more exact of two answers costs more time alone: no chance is in it.
 */
export const attributionOf = (p: Program): Attributed => {
  const gradient = gradientRow(p)
  return (row, baseline, output) => {
    const distance = Float64Array.from(p.inputs, (_, i) => (row[i] as number) - (baseline[i] as number))
    const at = (t: number): Gradient =>
      gradient(
        distance.map((d, i) => (baseline[i] as number) + t * d),
        output
      )
    const [z, from] = [gradient(row, output).z, gradient(baseline, output).z]
    const tolerance = CLOSE * Math.max(1, Math.abs(z - from))
    const finished = (contributions: Float64Array, gradients: number): Attribution => {
      const gap = sumOf(contributions) - (z - from)
      return { z, from, contributions, gap, reached: Math.abs(gap) <= tolerance, gradients }
    }
    if (isLinear(p)) {
      const { slopes } = gradient(row, output)
      return finished(
        distance.map((d, i) => d * (slopes[i] as number)),
        1
      )
    }
    const pieceOf = (start: number, width: number): Piece => {
      const [left, middle, right] = [LEFT, MIDDLE, RIGHT].map(t => at(start + t * width).slopes) as [
        Float64Array,
        Float64Array,
        Float64Array
      ]
      const contributions = distance.map((d, i) => (d * width * ((left[i] as number) + (right[i] as number))) / 2)
      const unlike = contributions.map((c, i) => Math.abs(c - (distance[i] as number) * width * (middle[i] as number)))
      const missed = sumOf(contributions) - (at(start + width).z - at(start).z)
      return { start, width, contributions, error: unlike.reduce((most, v) => Math.max(most, v), Math.abs(missed)) }
    }
    let [pieces, made] = [range(FEW).map(k => pieceOf(k / FEW, 1 / FEW)), FEW]
    for (;;) {
      const errors = pieces.map(({ error }) => error)
      if (!(sumOf(errors) > tolerance) || pieces.length >= MANY) break
      const share = tolerance / (2 * pieces.length)
      const before = pieces.length
      pieces = pieces.flatMap(piece => {
        const { start, width, error } = piece
        return error > share ? [pieceOf(start, width / 2), pieceOf(start + width / 2, width / 2)] : [piece]
      })
      made += 2 * (pieces.length - before)
    }
    const contributions = distance.map((_, i) => sumOf(pieces.map(piece => piece.contributions[i] as number)))
    return finished(contributions, 3 * made)
  }
}
