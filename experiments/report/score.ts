/** Is it better than guessing? */
import { paragraph, section, tableOf } from '../../reports/html.js'
import { headline } from '../../estimators/evaluation.js'
import type { Metrics } from '../../estimators/trajectory.js'
import { metricName, metricText, networkCells, scoreCells } from '../summary-cells.js'
import type { ReportParts } from './parts.js'
import { counted, usedOf } from './parts.js'

type Judged = 'validation' | 'test'

/** Yes, no, or what is between: a share of n rows varies by chance, by two deviations in one of twenty cases. */
const verdict = ({ task }: ReportParts['dataset'], score: number, guessed: number, rows: number): string => {
  if (Number.isNaN(score)) return 'It cannot be said: the score is not a number.'
  if (!(score > guessed)) return 'No.'
  if (task.kind === 'numbers' && score <= 0) return 'No: R2 is not above 0.'
  const chance = task.kind === 'classes' ? 2 * Math.sqrt((guessed * (1 - guessed)) / rows) : 0
  return score - guessed > chance ? 'Yes.' : 'Hardly: so small a difference may be chance.'
}

/** The score of the network that is used beside that of who learns nothing, its warnings, which epoch is used, and why. */
export const scoreSection = (parts: ReportParts): string => {
  const { dataset, evaluation } = parts
  const { summary } = evaluation
  const main = headline(dataset)
  const [used, { baseline }] = [usedOf(summary), summary]
  const judged = (['validation', 'test'] as const).filter(part => dataset[part].rows.length > 0)
  const of = (scores: Readonly<Record<Judged, Metrics>>, part: Judged): number => scores[part][main] ?? NaN
  const listed = (f: (part: Judged) => string): string => judged.map(f).join(' and ')
  const strictest = judged.at(-1)
  const answer =
    strictest === undefined
      ? 'It cannot be said: no rows are kept for validation or test.'
      : `${verdict(dataset, of(used, strictest), of(baseline, strictest), dataset[strictest].rows.length)} ` +
        `${metricName(main)} is ${listed(part => `${metricText(of(used, part))} on ${counted(dataset[part].rows.length, `${part} row`)}`)}; ` +
        `guessing ${baseline.what}, gets ${listed(part => metricText(of(baseline, part)))}.`
  const rows = judged.flatMap(part =>
    Object.keys(used[part]).map(name => [
      `${metricName(name)}, ${part}`,
      metricText(used[part][name]),
      metricText(baseline[part][name])
    ])
  )
  return section('Is it better than guessing?', [
    paragraph(answer, 'lead'),
    ...summary.warnings.map(warning => paragraph(`Warning: ${warning}.`)),
    ...(strictest === undefined ? [] : [tableOf([['', 'this network', 'guessing'], ...rows])]),
    paragraph(`Used is the network of ${parts.which}.`),
    ...(strictest === undefined
      ? []
      : [
          `<details><summary>The last and the best network</summary>${tableOf(networkCells(summary))}${tableOf(scoreCells(summary))}</details>`
        ])
  ])
}
