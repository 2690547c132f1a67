/** Generated hyperparameters of small lives: every row of the table is drawn, whether or not anybody thought of it here. */
import * as fc from 'fast-check'
import type { HyperparameterRow, Hyperparameters } from '../core/network/hyperparameters.js'
import { hyperparameterNames, hyperparameterRows } from '../core/network/hyperparameters.js'
import { fitsKind } from '../core/port/checks.js'

/** Numbers that suit a small life, where those around the default do not; one that stands twice is drawn twice as often. */
const moderate: { readonly [Name in keyof Hyperparameters]?: readonly number[] } = {
  steps: [1, 2, 3, 4],
  alpha: [0.05, 0.2, 0.5, 1, 2],
  gamma1: [0, 0.05, 0.3],
  gamma2: [0, 0.001, 0.1],
  tau: [0.5, 1, 2],
  initialLogit: [0, 0, 0.5, -1],
  beta: [0.5, 0, 0.2, 0.9],
  growthPatience: [1, 2, 3, 4],
  maxHidden: [0, 1, 2, 3, 4, 5, 6, 7],
  initialHidden: [0, 1, 2, 3, 4],
  newbornScale: [0.5, 1],
  newbornMean: [0, 0, 0.5, -0.3],
  newbornVariance: [1, 1, 0.5, 2],
  dropout: [0, 0, 0.3],
  learningRate: [0.001, 0.01, 0.05],
  weightDecay: [0, 0.0001, 0.01],
  clipNorm: [0, 0, 0.5],
  batchSize: [0, 0, 2, 3],
  epochs: [12],
  stopPatience: [0, 0, 3],
  stopStable: [0, 0, 3]
}

/** The default and legal numbers near it. */
const around = (row: HyperparameterRow & { readonly default: number }): readonly number[] => {
  const d = row.default
  return [d, ...('whole' in row ? [d + 1, d - 1, d + 3] : [d / 2, 2 * d, d + 0.1])].filter(v => fitsKind(row, v))
}

/** A generator for a row: both flags, all words, some numbers; those given, or the ones around the default. */
export const drawnFrom = (row: HyperparameterRow, numbers?: readonly number[]): fc.Arbitrary<unknown> => {
  if ('of' in row) return fc.constantFrom(...row.of)
  if (typeof row.default === 'boolean') return fc.boolean()
  return fc.constantFrom(...(numbers ?? around(row as HyperparameterRow & { readonly default: number })))
}

/** The same hyperparameters with no more neurons at the start than may ever be born. */
export const bounded = (h: Hyperparameters): Hyperparameters => ({
  ...h,
  initialHidden: Math.min(h.initialHidden, h.maxHidden)
})

/** Hyperparameters of small lives: every option, moderate numbers. */
export const hyperparameters: fc.Arbitrary<Hyperparameters> = fc
  .record(Object.fromEntries(hyperparameterNames.map(n => [n, drawnFrom(hyperparameterRows[n], moderate[n])])))
  .map(h => bounded(h as unknown as Hyperparameters))
