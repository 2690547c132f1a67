/** Where does it err? */
import { range } from '../../core/port/ndarray.js'
import type { Dataset, Part } from '../../data/dataset.js'
import type { PartAnswers, PartEvaluation } from '../../estimators/evaluation.js'
import { figure, paragraph, section, sideBySide, tableOf } from '../../reports/html.js'
import type { Confusion } from '../../reports/metrics.js'
import { reliabilityPicture } from '../../reports/reliability.js'
import { residualPicture, scatterPicture } from '../../reports/residuals.js'
import type { ClassScores } from '../../reports/scores.js'
import { confusionPicture } from '../../reports/shades.js'
import { cut } from '../../reports/svg.js'
import { metricName, metricText } from '../summary-cells.js'
import type { ReportParts } from './parts.js'
import { counted } from './parts.js'
import { numbersOf, worstRows } from './worst.js'

const [MOST_CLASSES, MOST_CONFUSIONS, MOST_SCORES, MOST_OUTPUTS] = [24, 15, 30, 4] as const
const LETTERS = 40

const percent = (share: number): string => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`)

/** What is taken for what, the most frequent first. */
const confusions = (table: Confusion, names: readonly string[]): readonly (readonly [string, string, number])[] =>
  table
    .flatMap((row, i) => row.map((n, j) => [names[i] as string, names[j] as string, i === j ? 0 : n] as const))
    .filter(([, , n]) => n > 0)
    .toSorted(([, , a], [, , b]) => b - a)

const ofClasses = (table: Confusion, names: readonly string[]): string => {
  if (names.length <= MOST_CLASSES)
    return figure(
      confusionPicture(table, names),
      'Rows are the true classes, columns the predicted ones; each row is shaded by its shares.'
    )
  const all = confusions(table, names)
  const shown = all.slice(0, MOST_CONFUSIONS)
  const rest = all.length > shown.length ? `, the first ${shown.length} of ${all.length}` : ''
  return (
    paragraph(`Which classes are taken for which${rest}:`) +
    tableOf([['true', 'predicted', 'rows'], ...shown.map(([t, p, n]) => [t, p, String(n)])], { most: LETTERS })
  )
}

const scoresOf = (scores: readonly ClassScores[], what: string): string => {
  const worst = range(scores.length).toSorted((i, j) => (scores[i]?.f1 || 0) - (scores[j]?.f1 || 0) || i - j)
  const shown = worst.slice(0, MOST_SCORES).toSorted((i, j) => i - j)
  const rest = shown.length < scores.length ? `, the ${shown.length} of ${scores.length} with the lowest F1` : ''
  const rows = shown.map(i => {
    const { name, precision, recall, f1, support } = scores[i] as ClassScores
    return [name, metricText(precision), metricText(recall), metricText(f1), String(support)]
  })
  return (
    `<div>${paragraph(`Each ${what} by itself${rest}:`)}` +
    `${tableOf([[what, 'precision', 'recall', 'F1', 'rows'], ...rows], { most: LETTERS })}</div>`
  )
}

const probabilities = ({ calibration = [], logLoss, brier }: PartEvaluation, what: string): string => {
  const bins = calibration.map(({ from, to, rows, confidence, frequency }) => [
    `${from.toFixed(1)} to ${to.toFixed(1)}`,
    String(rows),
    percent(confidence),
    percent(frequency)
  ])
  const picture = figure(
    reliabilityPicture(calibration),
    `Ten bins by ${what}: on the line it is as often so as is said, below it less often. Log loss ${metricText(logLoss)}, Brier score ${metricText(brier)}.`
  )
  const table = tableOf([['probability', 'rows', 'said', 'so'], ...bins])
  return `<div>${picture}<details><summary>The ten bins</summary>${table}</details></div>`
}

const ofNumbers = (d: Dataset, part: Part, { z, evaluation: { perOutput } }: PartAnswers): string => {
  const answers = numbersOf(d, z)
  const columns = d.task.outputs.length
  const column = (data: ArrayLike<number>, j: number): readonly number[] =>
    range(part.rows.length).map(i => data[i * columns + j] as number)
  const pictures = range(Math.min(columns, MOST_OUTPUTS)).map(j => {
    const name = cut(d.task.outputs[j] as string, LETTERS)
    const [truth, predicted] = [column(part.truth.data, j), column(answers.data, j)]
    if (!predicted.every(Number.isFinite)) return paragraph(`${name}: some answers are not finite numbers.`)
    const scatter = scatterPicture(name, truth, predicted)
    const errors = residualPicture(
      name,
      truth.map((t, i) => (predicted[i] as number) - t)
    )
    const some = scatter.drawn < truth.length ? ` ${scatter.drawn} of ${truth.length} rows are drawn.` : ''
    return sideBySide([
      figure(scatter.svg, `On the line both are equal.${some}`),
      figure(errors, 'How many rows have errors of which size; to the right the answer is too high.')
    ])
  })
  const scores = (perOutput ?? []).map(({ name, r2, rmse, mae }) => [
    name,
    metricText(r2),
    metricText(rmse),
    metricText(mae)
  ])
  const table =
    scores.length > 0
      ? tableOf([['target', ...['r2', 'rmse', 'mae'].map(metricName)], ...scores], { most: LETTERS })
      : ''
  const left = columns > MOST_OUTPUTS ? paragraph(`The first ${MOST_OUTPUTS} of ${columns} targets are drawn.`) : ''
  return table + pictures.join('') + left
}

const lead = (d: Dataset, { metrics, confusion, perClass, perOutput }: PartEvaluation, rows: string): string => {
  const [least] = (perOutput ?? []).filter(({ r2 }) => !Number.isNaN(r2)).toSorted((a, b) => a.r2 - b.r2)
  if (least) return `On ${rows} the weakest target is ${cut(least.name, LETTERS)}, with R2 ${metricText(least.r2)}.`
  if (d.task.kind === 'numbers')
    return `On ${rows} it is off by ${metricText(metrics['mae'])} on average (MAE), by ${metricText(metrics['rmse'])} in the root mean square.`
  if (confusion) {
    const [most] = confusions(confusion, d.task.outputs)
    const wrong = confusions(confusion, d.task.outputs).reduce((sum, [, , n]) => sum + n, 0)
    const often = most
      ? `; most often ${cut(most[0], LETTERS)} is taken for ${cut(most[1], LETTERS)}, ${counted(most[2], 'time')}`
      : ''
    return wrong === 0 ? `No mistake on ${rows}.` : `${counted(wrong, 'mistake')} on ${rows}${often}.`
  }
  // a label that is in no row, and rightly never predicted, tells nothing
  const [worst] = (perClass ?? []).filter(({ f1 }) => !Number.isNaN(f1)).toSorted((a, b) => a.f1 - b.f1)
  if (worst) return `On ${rows} the weakest label is ${cut(worst.name, LETTERS)}, with F1 ${metricText(worst.f1)}.`
  return perClass
    ? `On ${rows} no label is given or predicted.`
    : `On ${rows} nothing can be told: an output is not a number.`
}

/** Mistakes of the network that is used, on the test rows; on the validation rows where there are none for test. */
export const mistakesSection = ({ dataset: d, evaluation: { used } }: ReportParts): string => {
  const question = 'Where does it err?'
  const name = used.test ? 'test' : 'validation'
  const answers = used[name]
  if (!answers)
    return section(question, [paragraph('It cannot be said: no rows are kept for validation or test.', 'lead')])
  const part = d[name]
  const { evaluation } = answers
  const { confusion, perClass, calibration } = evaluation
  const worst = worstRows(d, part, answers.z)
  const what = d.task.kind === 'labels' ? 'label' : 'class'
  const believed = d.task.kind === 'labels' ? 'the probability of each label' : "the predicted class's probability"
  return section(question, [
    paragraph(lead(d, evaluation, counted(part.rows.length, `${name} row`)), 'lead'),
    d.task.kind === 'numbers'
      ? ofNumbers(d, part, answers)
      : sideBySide([
          ...(confusion ? [`<div>${ofClasses(confusion, d.task.outputs)}</div>`] : []),
          ...(perClass ? [scoresOf(perClass, what)] : []),
          ...(calibration ? [probabilities(evaluation, believed)] : [])
        ]),
    worst.length > 1 ? `<h3>The worst answers to ${name} rows</h3>${tableOf(worst, { most: LETTERS })}` : ''
  ])
}
