/** The way down to few synapses: its stages, and how far one goes for a score that is to be kept. */
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { power } from '../core/port/elementary.js'
import { refuse } from '../core/port/failure.js'
import type { SomeStageChoice } from '../rules/stages.js'

/** Power of squared gradients in what a synapse is worth: between none, |w| alone, and 1/2, |w| by what its sender sends. */
export const SLOPE = 0.25

/** Steps of the way down to a score: each keeps four of five synapses, and after so many one at most is left. */
const [SHARE, STEPS] = [0.8, 60] as const

/** So many networks in a row below the score may end the search: the last has a third of the synapses of the one before them. */
const MISSES = 5

/** The steps by which a score is looked for. */
export const stepsToScore: readonly number[] = Array.from({ length: STEPS }, () => SHARE)

/**
 * Numbers of synapses from one to another, each the same share of the one before, rounded.
 * @example evenly(4000, 1000, 3) // => [4000, 2000, 1000]
 */
export const evenly = (from: number, to: number, steps: number): readonly number[] =>
  Array.from({ length: steps }, (_, i) => Math.round(from * power(to / from, steps === 1 ? 0 : i / (steps - 1))))

/** The first of the numbers of synapses among steps, shares not counted, that is not below the one before it. */
export const notFalling = (steps: readonly number[]): number | undefined => {
  const numbers = steps.filter(step => step >= 1)
  return numbers.find((n, i) => n >= (numbers[i - 1] ?? Infinity))
}

/** A stage, by name or as a value, as far as a way down has to know it. */
interface Before {
  readonly epochs?: number | undefined
  readonly name?: string
  readonly contest?: object
}

/** Refuses stages before a way down that belong to a contest, which goes on for as long as that pays, and then ends them all.
 * @throws FailureError
 */
export const checkBefore = (where: string, stages: readonly Before[]): void => {
  const found = stages.find(({ name, contest }) => name === 'thin' || name === 'mean' || contest)
  if (!found) return
  const what = `${found.name ?? 'a contest'} looks for the best of several sizes, and may end before the way down`
  refuse(where, what, 'Leave it out, or put consolidate in its place')
}

/**
 * Stages, or where there are none a life of a quarter of `epochs` and another of consolidation; then down: a stage for each
 * step, an eighth of them long, down to a number of effective synapses over half of it, or, below 1, at once to a share of
 * those there are. A small network bears less dropout.
 * @example wayDown([], [0.5], { epochs: 8, learningRate: 0.01, dropout: 0 }).map(s => s.name) // => ['life', 'consolidate', 'shrink']
 */
export const wayDown = <S>(
  before: readonly S[],
  steps: readonly number[],
  { epochs, learningRate, dropout }: Pick<Hyperparameters, 'epochs' | 'learningRate' | 'dropout'>
): readonly (S | SomeStageChoice)[] => {
  const still = { slope: SLOPE, with: { learningRate, dropout: dropout / 2 } }
  const quarter = Math.ceil(epochs / 4)
  const usual: readonly SomeStageChoice[] = [
    { name: 'life', epochs: quarter },
    { name: 'consolidate', epochs: quarter, with: still.with }
  ]
  const each = Math.ceil(epochs / 8)
  const over = Math.floor(each / 2)
  const every = Math.max(1, Math.round(over / 50))
  return [
    ...(before.length === 0 ? usual : before),
    ...steps.map((step): SomeStageChoice =>
      step < 1
        ? { name: 'shrink', epochs: each, share: step, ...still }
        : { name: 'prune', epochs: each, synapses: step, over, every, ...still }
    )
  ]
}

/** What is known on the way down to a score. */
export interface Descent {
  /** Place of the network to use among the scores: the last that keeps the score, or the best if none does, of equals the smallest. */
  readonly chosen: number
  /** Whether it keeps the score. */
  readonly kept: boolean
  /** Whether the last five miss it, after one that keeps it or ever more of them: then nobody looks further down. */
  readonly over: boolean
}

/**
 * Where the way down to a score stands, by the scores of its networks so far, at least one; a score that is no number
 * misses. The largest networks may miss what smaller ones, which overfit less, keep: before any has kept the score, only a
 * fall from each of five networks to the next ends the search.
 * @example descentOf([0.9, 0.96, 0.93, 0.92], 0.95) // => { chosen: 1, kept: true, over: false }
 */
export const descentOf = (scores: readonly number[], target: number): Descent => {
  const keeps = scores.map(score => score >= target)
  const last = keeps.lastIndexOf(true)
  const best = scores.reduce(
    (most, score, i) => (score >= (scores[most] ?? NaN) || Number.isNaN(scores[most]) ? i : most),
    0
  )
  const missed = keeps.length >= MISSES && keeps.slice(-MISSES).every(kept => !kept)
  const recent = scores.slice(-MISSES - 1)
  const falling = recent.length > MISSES && recent.every((score, i) => i === 0 || !(score >= (recent[i - 1] as number)))
  const over = missed && (last >= 0 || falling)
  return { chosen: last < 0 ? best : last, kept: last >= 0, over }
}
