/** What outputs mean, as columns of text. */
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { Column } from '../data/sheet.js'
import { unscaled } from '../data/preparation.js'
import { decided, sigmoidEach, softmaxRows } from '../reports/metrics.js'
import type { DataCard } from './data-card.js'
import { shortestText } from './shortest-text.js'

/** Predictions as columns of text, a row for each row that was asked about. */
export interface Predictions {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const probability = (p: number): string => String(Number(p.toPrecision(7)))
/** Share of the targets' deviation that an answer's last digit may be off: about what Float32 outputs can tell. */
const FINEST = 1e-6
const row = ({ shape, data }: NdArray, i: number): readonly number[] =>
  Array.from(data.subarray(i * shape[1], (i + 1) * shape[1]))

/**
 * What outputs mean: the class and the probability of each; the labels and their probabilities; numbers in their units.
 * `threshold` is the probability from which a label, or the second of two classes, counts as given; if left out, a label
 * does from 0.5, and the likeliest class is taken.
 */
export const predictionsOf = (
  { task, preparation, targets }: Pick<DataCard, 'task' | 'preparation' | 'targets'>,
  z: NdArray,
  threshold?: number
): Predictions => {
  const rows = range(z.shape[0])
  switch (task.kind) {
    case 'classes': {
      const [classes, p] = [decided(z, threshold), softmaxRows(z)]
      return {
        header: [targets[0] ?? 'class', ...task.outputs.map(name => `p(${name})`)],
        rows: rows.map(i => [task.outputs[classes[i] as number] as string, ...row(p, i).map(probability)])
      }
    }
    case 'labels': {
      const [p, from] = [sigmoidEach(z), threshold ?? 0.5]
      return {
        header: [...task.outputs, ...task.outputs.map(name => `p(${name})`)],
        rows: rows.map(i => [...row(p, i).map(v => (v >= from ? '1' : '0')), ...row(p, i).map(probability)])
      }
    }
    case 'numbers': {
      const values = preparation.targets ? unscaled(z, preparation.targets) : z
      const tolerances = task.outputs.map((_, j) => {
        const factor = preparation.targets?.factor[j] ?? 1
        return factor === 0 ? 0 : FINEST / factor
      })
      const text = (v: number, j: number): string => shortestText(v, tolerances[j] as number)
      return { header: task.outputs, rows: rows.map(i => row(values, i).map(text)) }
    }
  }
}

/** Puts columns of the rows' own file in front of predictions; one that is called like an answer becomes "NAME (given)". */
export const besides = (kept: readonly Column[], p: Predictions): Predictions => {
  const taken = new Set([...p.header, ...kept.map(column => column.name)])
  const free = (name: string): string => (taken.has(name) ? free(`${name} (given)`) : name)
  return {
    header: [...kept.map(({ name }) => (p.header.includes(name) ? free(name) : name)), ...p.header],
    rows: p.rows.map((answers, i) => [...kept.map(({ text }) => text[i] as string), ...answers])
  }
}
