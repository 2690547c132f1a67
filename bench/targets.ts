/** Ratios of wall times that the project wants to hold, from the results of the sections. */
import type { Result } from './compare.js'

/** Results by section and contestant. */
export type Results = Readonly<Record<string, Readonly<Record<string, Result>>>>

/** A ratio with what it should be at most (or, counted the other way, at least). */
export interface Target {
  readonly what: string
  readonly ratio: number
  readonly wanted: string
  readonly stretch: string
  readonly met: boolean
}

/** All targets for which there are results. */
export const targets = (results: Results): readonly Target[] => {
  const time = (section: string, name: string): number => results[section]?.[name]?.wall.median ?? NaN
  const peak = (section: string, name: string): number => results[section]?.[name]?.answers.at(-1)?.peak_bytes ?? NaN
  const quotient = (section: string, a: string, b: string): number => time(section, a) / time(section, b)
  const most = (what: string, ratio: number, wanted: number, stretch: number): Target => ({
    what,
    ratio,
    wanted: `at most ${wanted}`,
    stretch: String(stretch),
    met: ratio <= wanted
  })
  const least = (what: string, ratio: number, wanted: number, stretch: number): Target => ({
    what,
    ratio,
    wanted: `at least ${wanted}`,
    stretch: String(stretch),
    met: ratio >= wanted
  })
  return [
    most('epoch / PyTorch dense', quotient('epoch', 'simd', 'torch'), 0.75, 0.6),
    most('epoch with BatchNorm / PyTorch dense', quotient('batchnorm', 'simd', 'torch'), 0.75, 0.6),
    least('PyTorch along edges / epoch', quotient('slow', 'edges', 'simd'), 75, 150),
    least('plain tfjs autograd / epoch', quotient('slow', 'autograd', 'simd'), 12, 16),
    most('epoch without dropout / its matrix products', quotient('still', 'simd', 'products'), 1.25, 1.15),
    most('SAGP / MLP, time', quotient('epoch', 'simd', 'mlp'), 2.2, 1.8),
    most('SAGP / MLP, peak bytes of tensors', peak('epoch', 'simd') / peak('epoch', 'mlp'), 2, 1.8),
    ...(
      [
        ['0', 4000, 0.38],
        ['0', 1500, 0.22],
        ['0.2', 4000, 0.45],
        ['0.2', 1500, 0.32]
      ] as const
    ).map(([dropout, alive, wanted]) =>
      most(
        `consolidation, ${alive} synapses, dropout ${dropout} / dense epoch`,
        quotient(`consolidation ${dropout}`, `${alive} alive`, 'dense'),
        wanted,
        wanted
      )
    ),
    most('consolidation, 4000 synapses / PyTorch dense', quotient('consolidation 0', '4000 alive', 'torch'), 0.7, 0.6),
    most(
      'consolidation, 4000 synapses / dense epoch, peak bytes of tensors',
      peak('consolidation 0', '4000 alive') / peak('consolidation 0', 'dense'),
      0.6,
      0.6
    ),
    least('one thread / two threads', quotient('threads', '1', '2'), 1.6, 1.85),
    least('600 rows: own dense / sparse', quotient('rows', 'dense', 'sparse'), 3, 5),
    least('600 rows: tfjs dense / sparse', quotient('rows', 'tfjs', 'sparse'), 10, 20),
    most('1 row, microseconds', 1000 * Math.min(time('row', 'sparse'), time('row', 'dense')), 10, 3),
    most('JavaScript export of 300 synapses, 1 row, microseconds', 1000 * time('exports 300', 'js'), 2, 2),
    most('JavaScript export of 1500 synapses, 1 row, microseconds', 1000 * time('exports 1500', 'js'), 6, 6)
  ].filter(({ ratio }) => Number.isFinite(ratio))
}
