/** The rows that a network answers worst. */
import type { NdArray } from '../../core/port/ndarray.js'
import { range } from '../../core/port/ndarray.js'
import type { Dataset, Part } from '../../data/dataset.js'
import { unscaled } from '../../data/preparation.js'
import { shortestText } from '../../estimators/shortest-text.js'
import { largest, sigmoidEach, softmaxRows } from '../../reports/metrics.js'

const MOST = 10

/** A row of a part by its place, with how bad its answer is, and that in words. */
interface Answered {
  readonly place: number
  readonly badness: number
  readonly cells: readonly string[]
}

const at = ({ shape: [, columns], data }: NdArray, i: number, j: number): number => data[i * columns + j] as number

const share = (p: number): string => p.toFixed(3)

/** Outputs of a regression and their truth, in the truth's own units, as texts and numbers. */
export const numbersOf = (d: Dataset, z: NdArray): NdArray =>
  d.preparation.targets ? unscaled(z, d.preparation.targets) : z

/** A number with as many digits as the deviation of its target can use. */
export const digitsOf = (d: Dataset, output: number): ((v: number) => string) => {
  const factor = d.preparation.targets?.factor[output] ?? 1
  const tolerance = factor > 0 ? 1e-4 / factor : 1e-4
  return v => (Number.isFinite(v) ? shortestText(v, tolerance) : String(v))
}

const ofClasses = (d: Dataset, part: Part, z: NdArray): readonly Answered[] => {
  const [p, truth, predicted] = [softmaxRows(z), largest(part.truth), largest(z)]
  return range(truth.length)
    .filter(i => truth[i] !== predicted[i])
    .map(i => {
      const [t, q] = [truth[i] as number, predicted[i] as number]
      const cells = [d.task.outputs[t] ?? '', d.task.outputs[q] ?? '', share(at(p, i, q)), share(at(p, i, t))]
      return { place: i, badness: 1 - at(p, i, t), cells }
    })
}

const ofLabels = (d: Dataset, part: Part, z: NdArray): readonly Answered[] => {
  const p = sigmoidEach(z)
  const missing = (i: number, j: number): number => Math.abs(at(part.truth, i, j) - at(p, i, j))
  return range(z.shape[0]).flatMap(i => {
    const worst = range(z.shape[1]).reduce((k, j) => (missing(i, j) > missing(i, k) ? j : k), 0)
    const yes = at(p, i, worst) >= 0.5
    const isYes = at(part.truth, i, worst) === 1
    const cells = [d.task.outputs[worst] ?? '', isYes ? 'yes' : 'no', yes ? 'yes' : 'no', share(at(p, i, worst))]
    return yes === isYes ? [] : [{ place: i, badness: missing(i, worst), cells }]
  })
}

const ofNumbers = (d: Dataset, part: Part, z: NdArray): readonly Answered[] => {
  const answers = numbersOf(d, z)
  const error = (i: number, j: number): number => at(answers, i, j) - at(part.truth, i, j)
  // errors of different targets are compared in their deviations
  const size = (i: number, j: number): number => Math.abs(error(i, j)) * (d.preparation.targets?.factor[j] ?? 1)
  return range(z.shape[0]).map(i => {
    const worst = range(z.shape[1]).reduce((k, j) => (size(i, j) > size(i, k) ? j : k), 0)
    const text = digitsOf(d, worst)
    const numbers = [at(part.truth, i, worst), at(answers, i, worst), error(i, worst)].map(text)
    return { place: i, badness: size(i, worst), cells: [d.task.outputs[worst] ?? '', ...numbers] }
  })
}

const heads = {
  classes: ['row', 'true', 'predicted', 'its p', 'p of true'],
  labels: ['row', 'label', 'true', 'predicted', 'p of yes'],
  numbers: ['row', 'target', 'true', 'predicted', 'error']
} as const

const answered = { classes: ofClasses, labels: ofLabels, numbers: ofNumbers } as const

/** A table of the worst answers to the rows of a part, the worst first, its head included; 1 is the first row of the data. */
export const worstRows = (d: Dataset, part: Part, z: NdArray): readonly (readonly string[])[] => {
  const worst = answered[d.task.kind](d, part, z)
    .filter(({ badness }) => badness > 0)
    .toSorted((a, b) => b.badness - a.badness || a.place - b.place)
    .slice(0, MOST)
  return [heads[d.task.kind], ...worst.map(({ place, cells }) => [String((part.rows[place] as number) + 1), ...cells])]
}
