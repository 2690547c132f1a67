/** Methods against each other: by data set and number of synapses, paired by seed. Pure. */
import { median } from '../data/preparation.js'
import type { Mean } from './compare.js'
import { meanOf } from './compare.js'
import type { DataName, MethodName } from './front-methods.js'
import type { FrontRecord } from './front-units.js'

/** A difference to a method, over the seeds that both have. */
export interface Paired {
  readonly seeds: readonly number[]
  readonly gap: Mean
}

/** A method at a number of synapses. */
export interface FrontCell {
  readonly data: DataName
  readonly synapses: number
  readonly method: MethodName
  readonly seeds: readonly number[]
  /** F1-micro on the test rows. */
  readonly score: Mean
  readonly validation: number
  readonly effectiveSynapses: number
  /** Hidden neurons. */
  readonly living: number
  /** Epochs that were lived, and that of the network that is used. */
  readonly epochs: number
  readonly used: number
  /** Median wall time: a machine that pauses is no part of it. */
  readonly seconds: number
  /** Trainings whose loss was no longer finite, judged by their last network that was. */
  readonly diverged: number
  /** The SAGP's score less this one's, by seed. */
  readonly sagpAhead?: Paired
}

/** A record that was judged by its test rows. */
export type JudgedRecord = FrontRecord & { readonly test: number }

/** Those of some records that were judged. */
export const judged = (records: readonly FrontRecord[]): readonly JudgedRecord[] =>
  records.filter((r): r is JudgedRecord => r.test !== undefined)

/** First scores less second ones, by seed; none if no seed is in both. */
export const pairedBy = (first: readonly JudgedRecord[], second: readonly JudgedRecord[]): Paired | undefined => {
  const pairs = first.flatMap(a => second.filter(b => b.seed === a.seed).map(b => [a.seed, a.test - b.test] as const))
  return pairs.length === 0
    ? undefined
    : { seeds: pairs.map(([seed]) => seed), gap: meanOf(pairs.map(([, gap]) => gap)) }
}

const cellOf = (own: readonly JudgedRecord[], sagp: readonly JudgedRecord[]): FrontCell => {
  const { data, synapses, method } = own[0] as JudgedRecord
  const mean = (of: (r: JudgedRecord) => number): number => meanOf(own.map(of)).mean
  const ahead = method === 'sagp' ? undefined : pairedBy(sagp, own)
  return {
    ...{ data, synapses, method },
    seeds: own.map(({ seed }) => seed),
    score: meanOf(own.map(({ test }) => test)),
    validation: mean(r => r.validation),
    effectiveSynapses: mean(r => r.effectiveSynapses),
    living: mean(r => r.living),
    epochs: mean(r => r.epochs),
    used: mean(r => r.used),
    seconds: median(Float64Array.from(own, r => r.seconds).sort()),
    diverged: own.filter(({ ended }) => ended === 'diverged').length,
    ...(ahead ? { sagpAhead: ahead } : {})
  }
}

/** Cells of all records, by data set and number in the order in which they come, by method in the order of `methods`. */
export const cellsOf = (records: readonly FrontRecord[], methods: readonly MethodName[]): readonly FrontCell[] => {
  const all = judged(records)
  return [...new Set(all.map(({ data }) => data))].flatMap(data => {
    const here = all.filter(r => r.data === data)
    const numbers = [...new Set(here.map(({ synapses }) => synapses))].sort((a, b) => b - a)
    return numbers.flatMap(synapses => {
      const of = (method: MethodName): readonly JudgedRecord[] =>
        here.filter(r => r.synapses === synapses && r.method === method)
      return methods.map(of).flatMap(own => (own.length === 0 ? [] : [cellOf(own, of('sagp'))]))
    })
  })
}
