/** Networks against their rivals: paired by table and seed. Pure. */
import { refuse } from '../core/port/failure.js'
import type { Result } from './result.js'
import type { RivalUnit } from './rivals.js'

/** A mean over seeds, with its standard error: NaN of a single one. */
export interface Mean {
  readonly mean: number
  readonly error: number
}

/** A mean with its standard error.
 * @example meanOf([1, 2, 3]) // => { mean: 2, error: Math.sqrt(1 / 3) }
 */
export const meanOf = (values: readonly number[]): Mean => {
  const n = values.length
  const mean = values.reduce((sum, v) => sum + v, 0) / n
  const squares = values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0)
  return { mean, error: n < 2 ? NaN : Math.sqrt(squares / (n - 1) / n) }
}

/** A table's rivals, over the seeds that both sides have. */
export interface AgainstRivals {
  readonly seeds: readonly number[]
  /** Logistic regression, or ridge regression for numbers. */
  readonly linear: Mean
  readonly mlp: Mean
  /** Whose mean is the higher one. */
  readonly better: 'linear' | 'mlp'
  /** The network's score less that of the better rival, paired by seed. */
  readonly gap: Mean
  /** Weights of the MLP, without biases. */
  readonly weights: number
}

/** A table: F1-micro of classes, R2 of numbers, on test rows. */
export interface TableComparison {
  readonly table: string
  readonly kind: Result['kind']
  readonly target: readonly string[]
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
  readonly seeds: readonly number[]
  readonly score: Mean
  readonly lowest: number
  readonly effectiveSynapses: Mean
  readonly living: number
  readonly epochs: number
  /** Mean epoch of the network that is used. */
  readonly used: number
  readonly seconds: number
  readonly rivals?: AgainstRivals
}

/** All tables that have rivals, in a few numbers. */
export interface Overall {
  readonly tables: number
  /** Of the tables' gaps; its error is that of their errors, the tables taken as they are. */
  readonly gap: Mean
  readonly smallest: { readonly table: string; readonly gap: Mean }
  /** Sums of the tables' means, and the first by the second. */
  readonly effectiveSynapses: number
  readonly weights: number
  readonly ratio: number
}

/** Tables by name, and all of them together if any has rivals. */
export interface Comparison {
  readonly tables: readonly TableComparison[]
  readonly overall?: Overall
}

const against = (results: readonly Result[], rivals: readonly RivalUnit[]): AgainstRivals | undefined => {
  const pairs = results.flatMap(ours => {
    const theirs = rivals.find(({ table, seed }) => table === ours.table && seed === ours.seed)
    if (theirs && theirs.matrices !== ours.matrices)
      refuse(
        `the rivals of ${ours.table}, seed ${ours.seed}`,
        'they learned from other matrices',
        'Export the matrices anew, and run reproduction/sklearn/tables.py on them'
      )
    return theirs ? [{ ours, theirs }] : []
  })
  if (pairs.length === 0) return undefined
  const [linear, mlp] = [meanOf(pairs.map(p => p.theirs.linear.test)), meanOf(pairs.map(p => p.theirs.mlp.test))]
  const better = linear.mean > mlp.mean ? 'linear' : 'mlp'
  return {
    seeds: pairs.map(({ ours }) => ours.seed),
    linear,
    mlp,
    better,
    gap: meanOf(pairs.map(({ ours, theirs }) => ours.test - theirs[better].test)),
    weights: meanOf(pairs.map(({ theirs }) => theirs.mlp.weights)).mean
  }
}

const tableOf = (results: readonly Result[], rivals: readonly RivalUnit[]): TableComparison => {
  const { table, kind, target, rows, inputs, outputs } = results[0] as Result
  const mean = (of: (r: Result) => number): number => meanOf(results.map(of)).mean
  const found = against(results, rivals)
  return {
    ...{ table, kind, target, rows, outputs },
    inputs: Math.max(inputs, ...results.map(r => r.inputs)), // words of the training rows become inputs
    seeds: results.map(({ seed }) => seed),
    score: meanOf(results.map(({ test }) => test)),
    lowest: Math.min(...results.map(({ test }) => test)),
    effectiveSynapses: meanOf(results.map(r => r.effectiveSynapses)),
    living: mean(r => r.living),
    epochs: mean(r => r.epochs),
    used: mean(r => r.used),
    seconds: mean(r => r.seconds),
    ...(found ? { rivals: found } : {})
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0)

const overallOf = (tables: readonly TableComparison[]): Overall | undefined => {
  const judged = tables.flatMap(({ table, effectiveSynapses, rivals }) =>
    rivals ? [{ table, synapses: effectiveSynapses.mean, gap: rivals.gap, weights: rivals.weights }] : []
  )
  const [first, ...others] = judged
  if (first === undefined) return undefined
  const { table, gap } = others.reduce((least, t) => (t.gap.mean < least.gap.mean ? t : least), first)
  const [effectiveSynapses, weights] = [sum(judged.map(t => t.synapses)), sum(judged.map(t => t.weights))]
  return {
    tables: judged.length,
    gap: {
      mean: sum(judged.map(t => t.gap.mean)) / judged.length,
      error: Math.sqrt(sum(judged.map(t => t.gap.error * t.gap.error))) / judged.length
    },
    smallest: { table, gap },
    effectiveSynapses,
    weights,
    ratio: effectiveSynapses / weights
  }
}

/**
 * Results of one length, table by table, against the rivals that learned from the same matrices.
 * @throws FailureError if rivals learned from other matrices
 */
export const compare = (results: readonly Result[], rivals: readonly RivalUnit[]): Comparison => {
  const names = [...new Set(results.map(({ table }) => table))]
  const tables = names.map(name =>
    tableOf(
      results.filter(({ table }) => table === name),
      rivals
    )
  )
  const overall = overallOf(tables)
  return { tables, ...(overall ? { overall } : {}) }
}
