/** Contestants of one setting, asked in turn: the only comparison that holds on a machine that others use too. */
import type { Answer, ChildProcess } from './child-process.js'

/** Median and quartiles. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** The value at a share of the way through sorted numbers, between neighbours linearly. */
const quantile = (sorted: readonly number[], share: number): number => {
  const place = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN]
  return below + (above - below) * (place - Math.floor(place))
}

/** Median and quartiles of some numbers.
 * @example spread([1, 2, 3, 4, 5]) // => { median: 3, low: 2, high: 4 }
 */
export const spread = (values: readonly number[]): Spread => {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) }
}

/** What a contestant needed, per epoch. */
export interface Result {
  readonly cpu: Spread
  readonly wall: Spread
  readonly answers: readonly Answer[]
}

/** Milliseconds of an epoch from which on fewer rounds have to do: so long ones say more each. */
const LONG = 1000
/** How many. */
const FEW = 5

/** How long to measure. */
export interface Effort {
  /** Rounds in which everybody is asked once. */
  readonly rounds: number
  /** Milliseconds that a contestant should compute each time. */
  readonly slice: number
  /** Milliseconds that it computes before it counts: JavaScript is compiled while it runs. */
  readonly warming: number
}

/** Warms everybody up, then asks them in turn, each for as many epochs as fill its slice. */
export const compare = async (
  rivals: Readonly<Record<string, ChildProcess>>,
  { rounds, slice, warming }: Effort
): Promise<Readonly<Record<string, Result>>> => {
  const entries = Object.entries(rivals)
  const counts = new Map<string, number>()
  let turns = rounds
  for (const [name, rival] of entries) {
    const first = await rival.run(3)
    const warm = 3 * first.wall_ms > warming ? first : await rival.run(Math.ceil(warming / first.wall_ms))
    counts.set(name, Math.max(1, Math.round(slice / warm.wall_ms)))
    if (warm.wall_ms > LONG) turns = Math.min(turns, FEW)
  }
  const answers = new Map<string, Answer[]>(entries.map(([name]) => [name, []]))
  for (let round = 0; round < turns; round++) {
    const order = round % 2 === 0 ? entries : [...entries].reverse()
    for (const [name, rival] of order) answers.get(name)?.push(await rival.run(counts.get(name) ?? 1))
  }
  return Object.fromEntries(
    [...answers].map(([name, given]) => [
      name,
      { cpu: spread(given.map(a => a.cpu_ms)), wall: spread(given.map(a => a.wall_ms)), answers: given }
    ])
  )
}
