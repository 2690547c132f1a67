/** How one of the networks at the ends of the stages is chosen, and what that is worth. Pure. */
import { power } from '../core/port/elementary.js'
import type { Mean } from './compare.js'
import { meanOf } from './compare.js'
import type { VariantName } from './ablation-variants.js'

/** A network at the end of a stage, by the two halves of the validation rows. */
export interface Candidate {
  readonly synapses: number
  /** Its losses on each half: of its outputs as they are, then, but for numbers, at the temperatures of a contest. */
  readonly losses: readonly (readonly number[])[]
  /** F1-micro or R2 on each half. */
  readonly scores: readonly number[]
}

/** What a variant came to on a problem, with one seed. */
export interface Screened {
  readonly problem: string
  readonly variant: VariantName
  readonly seed: number
  /** Rows that were learned from. */
  readonly rows: number
  /** Weights of a perceptron of 100 hidden neurons. */
  readonly size: number
  readonly candidates: readonly Candidate[]
}

/** How a network is chosen among candidates. */
export interface ChoosingRule {
  /** Whether networks that are too sure of themselves are judged at the best of the temperatures. */
  readonly calibrated: boolean
  /** Of a larger loss nobody knows how much can be learned: it makes no synapse dearer. */
  readonly learnable: number
  /** Synapses that a row speaks for. */
  readonly synapsesPerRow: number
  /** A network divides the loss of one without synapses by this if it is worth its size; 1 is no price. */
  readonly price: number
}

/** That of the preset. */
export const presetRule: ChoosingRule = { calibrated: true, learnable: 0.3, synapsesPerRow: 20, price: 2 }

/** The rules that are compared, the preset's first. */
export const rules: readonly ChoosingRule[] = [
  presetRule,
  { ...presetRule, calibrated: false },
  { ...presetRule, learnable: Infinity },
  { ...presetRule, synapsesPerRow: Infinity },
  ...[1, 3, 4, 9].map(price => ({ ...presetRule, price }))
]

/** What of a rule is not as the preset has it, in words. */
export const ruleText = (rule: ChoosingRule): string =>
  [
    ...(rule.calibrated ? [] : ['losses at temperature 1 alone']),
    ...(rule.learnable === presetRule.learnable ? [] : ['all of a loss is priced']),
    ...(rule.synapsesPerRow === presetRule.synapsesPerRow ? [] : ['rows do not matter']),
    ...(rule.price === presetRule.price ? [] : [rule.price === 1 ? 'no price' : `price ${rule.price}`])
  ].join(', ')

/** The loss of a candidate on a half, with the price of its synapses. */
export const pricedAs = (
  { synapses, losses }: Candidate,
  half: number,
  { rows, size }: Pick<Screened, 'rows' | 'size'>,
  { calibrated, learnable, synapsesPerRow, price }: ChoosingRule
): number => {
  const known = losses[half] ?? []
  const loss = calibrated ? Math.min(...known) : (known[0] ?? NaN)
  const worth = Math.min(size, synapsesPerRow * rows)
  return loss + Math.min(loss, learnable) * (power(price, synapses / worth) - 1)
}

/** What a choice is worth. */
export interface Worth {
  readonly score: number
  readonly synapses: number
}

/** Chosen by one half of the validation rows and judged by the other, both ways: the mean of both. */
export const worthOf = (screened: Screened, rule: ChoosingRule): Worth => {
  const ways = [0, 1].map(half => {
    const priced = screened.candidates.map(candidate => pricedAs(candidate, half, screened, rule))
    const best = priced.reduce((least, v, i) => (v < (priced[least] as number) ? i : least), 0)
    const { synapses, scores } = screened.candidates[best] as Candidate
    return { score: scores[1 - half] as number, synapses }
  })
  return { score: meanOf(ways.map(w => w.score)).mean, synapses: meanOf(ways.map(w => w.synapses)).mean }
}

/** A choice over several problems. */
export interface Judged {
  /** Means over seeds of each problem. */
  readonly scores: Readonly<Record<string, number>>
  /** Mean over problems of these. */
  readonly score: number
  /** Synapses over all problems by the weights of perceptrons of 100 hidden neurons. */
  readonly ratio: number
}

/** Judges a rule by what was screened. */
export const judged = (screened: readonly Screened[], rule: ChoosingRule): Judged => {
  const problems = [...new Set(screened.map(({ problem }) => problem))]
  const worth = screened.map(s => ({ ...worthOf(s, rule), problem: s.problem, size: s.size }))
  const scores = problems.map(p => [p, meanOf(worth.filter(w => w.problem === p).map(w => w.score)).mean] as const)
  return {
    scores: Object.fromEntries(scores),
    score: meanOf(scores.map(([, score]) => score)).mean,
    ratio: meanOf(worth.map(w => w.synapses)).mean / meanOf(worth.map(w => w.size)).mean
  }
}

/** A variant and a rule against the preset, on the problems and seeds that both have. */
export interface Compared extends Judged {
  readonly variant: VariantName
  readonly rule: ChoosingRule
  readonly problems: number
  /** The preset on the same. */
  readonly preset: Judged
  /** Score less the preset's, paired by problems. */
  readonly gap: Mean
}

const keyOf = ({ problem, seed }: Screened): string => `${problem} ${seed}`

/** What of a variant is there for the same problems and seeds as of all others that are given. */
const shared = (screened: readonly Screened[], names: readonly VariantName[]): readonly Screened[] => {
  const has = names.map(name => new Set(screened.filter(({ variant }) => variant === name).map(keyOf)))
  return screened.filter(s => names.includes(s.variant) && has.every(keys => keys.has(keyOf(s))))
}

/** Each variant by the preset's rule, then the preset by each rule. */
export const comparisons = (screened: readonly Screened[]): readonly Compared[] => {
  const names = [...new Set(screened.map(({ variant }) => variant))]
  const against = (variant: VariantName, rule: ChoosingRule): readonly Compared[] => {
    const both = shared(screened, [...new Set<VariantName>(['preset', variant])])
    const own = both.filter(s => s.variant === variant)
    if (own.length === 0) return []
    const preset = judged(
      both.filter(s => s.variant === 'preset'),
      presetRule
    )
    const made = judged(own, rule)
    const gaps = Object.entries(made.scores).map(([problem, score]) => score - (preset.scores[problem] as number))
    return [{ variant, rule, problems: gaps.length, preset, gap: meanOf(gaps), ...made }]
  }
  return [
    ...names.flatMap(name => against(name, presetRule)),
    ...rules.slice(1).flatMap(rule => against('preset', rule))
  ]
}

/** A third of the problems, for which variant and rule are chosen by the others. */
export interface Fold {
  readonly left: readonly string[]
  readonly variant: VariantName
  readonly rule: ChoosingRule
  /** On the problems left out: what the others chose, the preset, the worst choice. */
  readonly score: number
  readonly preset: number
  readonly worst: number
}

/** Most synapses of a choice, by weights. */
const MOST = 0.1

/** Chosen by cross-validation over problems: each third of them is left out once. */
export const folds = (screened: readonly Screened[]): readonly Fold[] => {
  const names = [...new Set(screened.map(({ variant }) => variant))]
  const common = shared(screened, names)
  const problems = [...new Set(common.map(({ problem }) => problem))].sort()
  const choices = names.flatMap(variant => rules.map(rule => ({ variant, rule })))
  return [0, 1, 2].flatMap(fold => {
    const left = problems.filter((_, i) => i % 3 === fold)
    const of = (variant: VariantName, inside: boolean): readonly Screened[] =>
      common.filter(s => s.variant === variant && left.includes(s.problem) === inside)
    const scored = choices
      .map(choice => ({ ...choice, ...judged(of(choice.variant, false), choice.rule) }))
      .filter(({ ratio }) => ratio <= MOST)
    const [first, ...others] = scored
    if (left.length === 0 || first === undefined) return []
    const { variant, rule } = others.reduce((best, next) => (next.score > best.score ? next : best), first)
    const there = choices.map(choice => judged(of(choice.variant, true), choice.rule).score)
    return [
      {
        ...{ left, variant, rule },
        score: judged(of(variant, true), rule).score,
        preset: judged(of('preset', true), presetRule).score,
        worst: Math.min(...there)
      }
    ]
  })
}
