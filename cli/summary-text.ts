/** A run's summary on the terminal: what train, resume and evaluate end with. */
import type { First } from '../experiments/summary-cells.js'
import { networkCells, scoreCells } from '../experiments/summary-cells.js'
import { targetInWords } from '../experiments/report/stages.js'
import type { Summary } from '../experiments/summary.js'
import { columns, wrapped } from './output.js'

/** Sizes and scores of a run's networks, which of them is used, and what every score is to be held against. */
export const summaryText = (summary: Summary, which: string, first: First = 'last'): string =>
  [
    columns(networkCells(summary, first)),
    '',
    columns(scoreCells(summary, first)),
    '',
    `used      ${which}`,
    ...(summary.targetF1 ? [`target    ${targetInWords(summary.targetF1)}`] : []),
    `baseline  ${summary.baseline.what}`,
    ...summary.warnings.map(warning => wrapped(`warning   ${warning}`, 10))
  ].join('\n')
