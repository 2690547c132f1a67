/** What the tables must hold, and whether they do. Pure. */
import type { Comparison, TableComparison } from './compare.js'

/** One thing that must hold. */
export interface Bar {
  readonly what: string
  readonly found: number
  readonly wanted: number
  /** `at least` or `at most` what is wanted. */
  readonly is: 'at least' | 'at most'
  readonly met: boolean
}

/** More than what a mean of scores is off by when it is summed up. */
const ROUNDING = 1e-9

/** A bar from below. */
export const atLeast = (what: string, found: number, wanted: number): Bar => ({
  ...{ what, found, wanted },
  is: 'at least',
  met: found >= wanted - ROUNDING
})

const ofTables = ({ tables, overall }: Comparison): readonly Bar[] => {
  if (!overall) return []
  const gaps = tables.flatMap(({ table, rivals }) => (rivals ? [{ table, ...rivals.gap }] : []))
  const worst = gaps
    .map(({ table, mean, error }) => atLeast(`gap of ${table}, plus two standard errors`, mean + 2 * error, -0.02))
    .reduce((least, bar) => (bar.found < least.found ? bar : least))
  const { effectiveSynapses, weights, ratio } = overall
  const what = `effective synapses ${Math.round(effectiveSynapses)} by weights of the MLPs ${Math.round(weights)}`
  return [
    atLeast(`mean gap of ${overall.tables} tables to the better rival`, overall.gap.mean, -0.005),
    { ...worst, what: `lowest ${worst.what}` },
    { what, found: ratio, wanted: 0.1, is: 'at most', met: ratio <= 0.1 }
  ]
}

/** The bars of the tables, of those that a seed makes, and of regressions of 100 epochs. */
export const barsOf = (
  tables: Comparison,
  synthetic: readonly TableComparison[],
  short: readonly TableComparison[]
): readonly Bar[] => [
  ...ofTables(tables),
  ...synthetic.map(({ table, kind, lowest, score }) =>
    kind === 'classes'
      ? atLeast(`F1-micro of ${table}, the lowest of all seeds`, lowest, 0.9)
      : atLeast(`R2 of ${table}, mean`, score.mean, 0.93)
  ),
  ...short.map(({ table, lowest }) => atLeast(`R2 of ${table} after 100 epochs, the lowest of all seeds`, lowest, 0))
]
