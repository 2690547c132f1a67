/** What came of the runs of a cross-validation: folds.json beside them. */
import type { Metrics } from '../estimators/trajectory.js'
import type { Summary } from './summary.js'

/** A score over all folds. */
export interface Spread {
  readonly mean: number
  /** Of a sample: divided by one less than there are folds. */
  readonly deviation: number
}

/** The runs of a cross-validation, and how their used networks did. */
export interface CrossValidation {
  readonly folds: number
  /** The runs, by their folders' names, in the order of the folds. */
  readonly runs: readonly string[]
  /** The networks' scores on the rows that judge, run by run. */
  readonly test: readonly Metrics[]
  readonly validation: readonly Metrics[]
  /** Mean and deviation of each score that every run has. */
  readonly spread: {
    readonly validation: Readonly<Record<string, Spread>>
    readonly test: Readonly<Record<string, Spread>>
  }
  /** Synapses on a path to an output, of the used networks. */
  readonly effectiveSynapses: Spread
}

/** Mean and deviation of some numbers.
 * @example spreadOf([1, 3]) // => { mean: 2, deviation: Math.SQRT2 }
 */
export const spreadOf = (values: readonly number[]): Spread => {
  const mean = values.reduce((s, v) => s + v, 0) / values.length
  const squares = values.reduce((s, v) => s + (v - mean) * (v - mean), 0)
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) }
}

const spreads = (all: readonly Metrics[]): Readonly<Record<string, Spread>> => {
  const names = Object.keys(all[0] ?? {}).filter(name => all.every(m => Number.isFinite(m[name])))
  return Object.fromEntries(names.map(name => [name, spreadOf(all.map(m => m[name] as number))]))
}

/** A cross-validation of runs that have ended. */
export const crossValidationOf = (runs: readonly string[], summaries: readonly Summary[]): CrossValidation => {
  const used = summaries.map(s => s[s.used])
  const [validation, test] = [used.map(n => n.validation), used.map(n => n.test)]
  return {
    folds: runs.length,
    runs,
    validation,
    test,
    spread: { validation: spreads(validation), test: spreads(test) },
    effectiveSynapses: spreadOf(used.map(n => n.topology.effectiveSynapses))
  }
}
