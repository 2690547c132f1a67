/**
 * Which inputs matter: how much worse the answers are where an input's values are dealt out anew among the rows (Breiman
 * 2001). Columns that are one thing (the words of a column with the mark of what is missing, the channels of a pixel) move
 * together. Noise comes from a seed, and the sample from a count of work, never from a clock: all machines draw the same.
 */
import { compile } from '../core/learning/trainable.js'
import type { State } from '../core/learning/state.js'
import { restore, tensors } from '../core/learning/state.js'
import type { Engine } from '../core/life/engine.js'
import { pathStrengths } from '../core/network/path-strength.js'
import { effectiveSynapses } from '../core/network/topology.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { address, permutation, Purpose } from '../core/port/random.js'
import type { Dataset, Part } from '../data/dataset.js'
import { headline, watchedMetricsOf } from './evaluation.js'
import type { InputGroup } from './input-groups.js'
import { inputGroups } from './input-groups.js'
import { rowsOf, sampledRows } from './sample-rows.js'

/** How much an input matters. */
export interface InputImportance extends InputGroup {
  /** What the headline score loses on average, and the deviation among the repeats; undefined where it was not computed. */
  readonly drop?: { readonly mean: number; readonly deviation: number }
  /** The share of all path strength, 0 to 1. */
  readonly strength: number
  /** Whether any effective synapse leaves it: nothing depends on an input that is not used. */
  readonly used: boolean
}

/** What came of permuting the inputs. */
export interface Importance {
  readonly inputs: readonly InputImportance[]
  /** Which score: F1-micro, or R2 for numbers; and what it is where nothing is permuted. */
  readonly metric: ReturnType<typeof headline>
  readonly score: number
  readonly repeats: number
  /** Validation rows, or training rows where there are none. */
  readonly part: 'validation' | 'training'
  /** Rows that were permuted, of so many. */
  readonly rows: number
  readonly of: number
}

/** How inputs are permuted. */
export interface ImportanceOptions {
  readonly seed: number
  /** Permutations of each input; 5 if left out. */
  readonly repeats?: number
  /** Most multiplications, about; what takes some seconds on the backend if left out: beyond, a sample of the rows, then the strongest inputs alone. */
  readonly work?: number
  /** Is told how many of the inputs that are permuted are done: all of them may take many seconds. */
  readonly onInput?: ((done: number, of: number) => void) | undefined
}

/** About 5 s of one core, on `simd` and on `reference`: a slow machine that does other things too has done it in 30 s. */
const MOST_WORK = { float32: 1e10, float64: 5e8 } as const
/** Fewer rows than these tell nothing: rather fewer inputs. */
const FEWEST_ROWS = 200

/** Multiplications that take as long as to deal out an input's value, check it and put it on the backend. */
const MOVED = 8

/** The same inputs, but some columns taken from the rows of a permutation. */
const dealt = ({ shape, data }: NdArray, columns: readonly number[], order: readonly number[]): NdArray => {
  const out = data.slice()
  for (const j of columns) order.forEach((row, i) => (out[i * shape[1] + j] = data[row * shape[1] + j] as number))
  return { shape, data: out }
}

const meanOf = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0) / values.length

/** Mean and deviation (of a sample; 0 of one number). */
const spread = (values: readonly number[]): { readonly mean: number; readonly deviation: number } => {
  const mean = meanOf(values)
  const squares = values.reduce((s, v) => s + (v - mean) * (v - mean), 0)
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) }
}

/** The headline score of outputs for some rows of a part, again and again. */
const scorer = (d: Dataset, part: Part, rows: readonly number[]): ((z: NdArray) => number) => {
  const watched = watchedMetricsOf(d, rowsOf(part.truth, rows))
  return z => watched(z)[headline(d)] as number
}

/**
 * The permutation importance of all inputs of a network, with their path strength. Inputs that no effective synapse leaves
 * have exactly 0. The state is the caller's; what is put on the backend is freed.
 */
export const importanceOf = async <T>(
  engine: Engine<T, unknown>,
  state: State<NdArray>,
  d: Dataset,
  { seed, repeats = 5, work = MOST_WORK[engine.backend.precision], onInput }: ImportanceOptions
): Promise<Importance> => {
  const { backend: b, hyperparameters: h } = engine
  const part = d.validation.rows.length > 0 ? 'validation' : 'training'
  const synapses = effectiveSynapses(state.model, h)
  const strengths = pathStrengths(state.model, h)
  const all = strengths.reduce((s, v) => s + v, 0)
  // masks that are sampled for an evaluation may open any synapse
  const leaves = new Set(h.evaluationMasks === 'sampled' ? range(d.features.length) : synapses.map(e => e.from))
  const groups = inputGroups(d).map(group => ({
    ...group,
    strength: all > 0 ? group.columns.reduce((s, j) => s + (strengths[j] as number), 0) / all : 0,
    used: group.columns.some(j => leaves.has(j))
  }))
  const used = range(groups.length).filter(g => groups[g]?.used === true)

  const perRow = repeats * (MOVED * d.features.length + h.steps * synapses.length + 16 * d.task.outputs.length)
  const affordable = Math.floor(work / (perRow * Math.max(1, used.length)))
  const rows = sampledRows(d[part].rows.length, Math.max(FEWEST_ROWS, affordable), seed)
  const most = Math.max(1, Math.floor(work / (perRow * Math.max(1, rows.length))))
  const strongest = used.toSorted((i, j) => (groups[j]?.strength ?? 0) - (groups[i]?.strength ?? 0) || i - j)
  const chosen = new Set(strongest.slice(0, most))

  const loaded = restore(b, state)
  const predictor = compile(engine)(loaded)
  const scored = scorer(d, d[part], rows)
  const scoreOf = async (x: NdArray): Promise<number> => {
    const z = b.scope(
      () => predictor.outputs(b.constant(x)),
      outputs => [outputs]
    )
    try {
      return scored(await b.download(z))
    } finally {
      b.release([z])
    }
  }
  try {
    const x = d[part].inputs(rows)
    const score = await scoreOf(x)
    const inputs: InputImportance[] = []
    let done = 0
    for (const [g, group] of groups.entries()) {
      const drops: number[] = []
      for (let repeat = 0; chosen.has(g) && repeat < repeats; repeat++) {
        const order = permutation(address(seed, 0, Purpose.importance, g, repeat), rows.length)
        drops.push(score - (await scoreOf(dealt(x, group.columns, order))))
      }
      if (chosen.has(g)) onInput?.(++done, chosen.size)
      if (!group.used) inputs.push({ ...group, drop: { mean: 0, deviation: 0 } })
      else inputs.push(drops.length > 0 ? { ...group, drop: spread(drops) } : group)
    }
    return { inputs, metric: headline(d), score, repeats, part, rows: rows.length, of: d[part].rows.length }
  } finally {
    b.release([...tensors(loaded), ...predictor.tensors])
  }
}
