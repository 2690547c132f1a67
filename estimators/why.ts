/** Why a network answers a row as it does: what each input contributed, the words of one column together. */
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'
import { unscaled } from '../data/preparation.js'
import type { Attribution } from '../exports/look/attribution.js'
import { attributionOf, isLinear } from '../exports/look/attribution.js'
import { computeRow } from '../exports/compute.js'
import type { Program } from '../exports/program.js'
import { decided } from '../reports/metrics.js'
import type { InputGroup } from './input-groups.js'

/** What a row is held against, in the units of the program's inputs. `[inputs]` */
export interface StartingPoint {
  readonly row: Float64Array
  /** What it is, for people. */
  readonly what: string
}

/** Rows that are added up at once. */
const CHUNK = 1024

/** The mean of the training rows: of a word the share of the rows that have it. */
export const trainingMean = ({ training, features, preparation }: Dataset): StartingPoint => {
  const rows = training.rows.length
  const sums = new Float64Array(features.length)
  for (let from = 0; from < rows; from += CHUNK) {
    const { data } = training.inputs(range(Math.min(CHUNK, rows - from)).map(k => from + k))
    data.forEach((v: number, k: number) => {
      const j = k % sums.length
      sums[j] = (sums[j] as number) + v
    })
  }
  const mean: NdArray = { shape: [1, sums.length], data: sums.map(s => s / rows) }
  const what = `the mean of the ${rows} training rows`
  return { row: Float64Array.from(unscaled(mean, preparation.features).data), what }
}

/** What stands in for the training rows' mean where they are not there: 0 after standardisation. */
export const offsetsOf = ({ inputs }: Program): StartingPoint => ({
  row: Float64Array.from(inputs, ({ offset }) => offset),
  what: 'the stored means (0 of words and of what is not standardised)'
})

/** What an input contributed to an answer. */
export interface Contribution extends InputGroup {
  /** To z. */
  readonly contribution: number
  /** To a number, in its own units; left out of classes and labels. */
  readonly amount?: number
}

/** Why one output of a row is what it is. */
export interface OutputReasons extends Omit<Attribution, 'contributions'> {
  readonly output: string
  /** Whether the contributions are exact, as they are without hidden neurons; else integrated gradients. */
  readonly exact: boolean
  /** All inputs, the largest |contribution| first. */
  readonly contributions: readonly Contribution[]
  /** All contributions added up. */
  readonly sum: number
  /** A number in its own units, and that of the baseline; left out of classes and labels. */
  readonly value?: number
  readonly valueFrom?: number
}

/** The outputs that are the answer to a row of outputs z: the class; all labels; all numbers. */
export const answeredOutputs = ({ kind, outputs, threshold }: Program, z: Float64Array): readonly number[] =>
  kind === 'classes' ? decided({ shape: [1, z.length], data: z }, threshold) : range(outputs.length)

/**
 * Why outputs of a row `[inputs]`, in its own units, are what they are, held against a baseline: those named by number, or
 * those that are its answer. `groups` says which inputs are one thing (`inputGroups`).
 */
export const reasonsOf = (
  p: Program,
  groups: readonly InputGroup[],
  row: Float64Array,
  baseline: StartingPoint,
  outputs: readonly number[] = answeredOutputs(p, computeRow(p)(row))
): readonly OutputReasons[] => {
  const attributed = attributionOf(p)
  return outputs.map(j => {
    const { contributions, ...found } = attributed(row, baseline.row, j)
    const { name, offset, factor } = p.outputs[j] as Program['outputs'][number]
    const amountOf = (z: number): number => (factor === 0 ? 0 : z / factor)
    const ofNumber = p.kind === 'numbers'
    const own = groups.map((group): Contribution => {
      const contribution = group.columns.reduce((s, i) => s + (contributions[i] as number), 0)
      return { ...group, contribution, ...(ofNumber ? { amount: amountOf(contribution) } : {}) }
    })
    return {
      ...{ output: name, ...found, exact: isLinear(p), sum: own.reduce((s, c) => s + c.contribution, 0) },
      ...(ofNumber ? { value: offset + amountOf(found.z), valueFrom: offset + amountOf(found.from) } : {}),
      contributions: own.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    }
  })
}
