/** Does it overfit? */
import { headline } from '../../estimators/evaluation.js'
import type { TrajectoryLine } from '../../estimators/trajectory.js'
import { lineChart } from '../../reports/chart.js'
import { figure, paragraph, section, sideBySide } from '../../reports/html.js'
import { metricName, metricText } from '../summary-cells.js'
import type { ReportParts } from './parts.js'
import { boundsOf, counted, usedOf } from './parts.js'

const xLabel = 'epoch'
/** R2 may fall without end: so far down is drawn, and it is said how many points are lower. */
const LOWEST = -1

/** From how much on a gap between training and validation score is worth a word, and from how much on a warning. */
const [SOME, MUCH] = [0.03, 0.1] as const
/** From how much on a validation loss has risen since its best. */
const RISEN = 1.1

/** The line of the lowest validation loss, the earliest of equals. */
const lowestOf = (trajectory: readonly TrajectoryLine[]): TrajectoryLine | undefined =>
  trajectory.reduce<TrajectoryLine | undefined>(
    (low, line) => ((line.losses.validation ?? Infinity) < (low?.losses.validation ?? Infinity) ? line : low),
    undefined
  )

/** Whether stages took synapses between two epochs: then a larger loss is no fault of what was learned since. */
const isCut = (stages: ReportParts['experiment']['stages'], from: TrajectoryLine, to: TrajectoryLine): boolean =>
  from.synapses !== to.synapses &&
  stages.slice(from.stage ?? 0, (to.stage ?? -1) + 1).some(({ name }) => name !== 'life')

/** The training score against the validation score, and what became of the validation loss after its lowest. */
const answerOf = (parts: ReportParts): string => {
  const { experiment, dataset, trajectory } = parts
  const { summary } = parts.evaluation
  const { training } = parts.findings
  const main = headline(dataset)
  if (dataset.validation.rows.length === 0) return 'It cannot be said: no rows are kept for validation.'
  const [known, unknown] = [training.metrics[main] ?? NaN, usedOf(summary).validation[main] ?? NaN]
  const [low, end] = [lowestOf(trajectory), trajectory.at(-1)]
  const [lowest, last] = [low?.losses.validation ?? NaN, end?.losses.validation ?? NaN]
  const cut = low !== undefined && end !== undefined && isCut(experiment.stages, low, end)
  const risen = last > RISEN * lowest && !cut
  const gap = known - unknown
  const knows = main === 'f1Micro' || known > 0 // the mean has R2 0
  const verdict = Number.isNaN(gap)
    ? 'It cannot be said'
    : !knows
      ? 'It does not even know its training rows'
      : gap > MUCH
        ? 'Yes'
        : gap > SOME || risen
          ? 'Somewhat'
          : 'There is little sign of it'
  const rows = training.rows < training.of ? `${training.rows} of ${training.of} training rows` : 'the training rows'
  const scores = `${verdict}: ${metricName(main)} is ${metricText(known)} on ${rows}, ${metricText(unknown)} on the validation rows.`
  if (!low || !end) return scores
  if (low === end) return `${scores} The validation loss is at its lowest, ${metricText(last)}, in the last epoch.`
  const course = `${scores} The validation loss was lowest, ${metricText(lowest)}, at epoch ${low.epoch}`
  if (cut)
    return `${course}, with ${counted(low.synapses, 'open synapse')}, and is ${metricText(last)} at the last, ${end.epoch}, with ${end.synapses}.`
  return risen
    ? `${course}; at the last, ${end.epoch}, it is ${metricText(last)}: what it learned since did harm.`
    : `${course}, and is ${metricText(last)} at the last, ${end.epoch}.`
}

/** Losses and validation score over the epochs, and whether they say that it learned by heart. */
export const fitSection = (parts: ReportParts): string => {
  const { dataset, trajectory } = parts
  const main = headline(dataset)
  const watched = dataset.validation.rows.length > 0
  const xs = trajectory.map(line => line.epoch)
  const series = (name: string, f: (line: TrajectoryLine) => number): { name: string; values: number[] } => ({
    name,
    values: trajectory.map(f)
  })
  const losses = lineChart(
    xs,
    [
      series('task', l => l.losses.task),
      series('auxiliary', l => l.losses.auxiliary),
      ...(watched ? [series('validation', l => l.losses.validation ?? NaN)] : [])
    ],
    { title: 'Losses (logarithmic)', xLabel, logarithmic: true, bounds: boundsOf(parts) }
  )
  const scores = series('validation', l => l.metrics[main] ?? NaN)
  const lowest = scores.values.reduce((low, v) => (v < low ? v : low), 0)
  const quality = lineChart(xs, [scores], {
    title: metricName(main),
    xLabel,
    limits: [Math.max(LOWEST, lowest), 1]
  })
  return section('Does it overfit?', [
    paragraph(answerOf(parts), 'lead'),
    trajectory.length === 0
      ? ''
      : sideBySide([
          figure(
            losses,
            `Task and auxiliary loss in training, under noise${watched ? '; task loss on the validation rows, without' : ''}.`
          ),
          watched ? figure(quality, 'On the validation rows, without noise.') : ''
        ])
  ])
}
