/** What did each stage do? */
import type { Metrics } from '../../estimators/trajectory.js'
import { figure, paragraph, section, tableOf } from '../../reports/html.js'
import { pathPicture } from '../../reports/path-picture.js'
import type { StagePoint } from '../stage-points.js'
import { isPath, shortfalls } from '../stage-points.js'
import { metricName, metricText } from '../summary-cells.js'
import type { RunTarget, Summary } from '../summary.js'
import type { ReportParts } from './parts.js'
import { counted } from './parts.js'
import { headline } from '../../estimators/evaluation.js'

/** The picture of stages as a path: their scores against their synapses. */
export const pictureOfStages = (stages: readonly StagePoint[], metric: keyof Metrics): string =>
  pathPicture(
    stages.map(({ synapses, validation, test }) => ({
      synapses,
      validation: validation[metric] ?? NaN,
      test: test[metric] ?? NaN
    })),
    metricName(metric)
  )

/** Stages as rows of cells, a head first. */
export const stageCells = (stages: readonly StagePoint[], metric: keyof Metrics): readonly (readonly string[])[] => {
  const name = metricName(metric)
  return [
    ['stage', 'epochs', 'synapses before', 'after', 'validation loss', `validation ${name}`, `test ${name}`],
    ...stages.map(s => [
      `${s.stage + 1} ${s.name}`,
      ...[s.epochs, s.synapsesAtEntry, s.synapses].map(String),
      ...[s.loss, s.validation[metric], s.test[metric]].map(metricText)
    ])
  ]
}

/** Which network of a stage is told, and that another may begin the next one, in words. */
export const networkInWords = (
  { stages }: Pick<ReportParts['experiment'], 'stages'>,
  { validation }: Pick<ReportParts['dataset'], 'validation'>
): string => {
  const settled = stages.some(({ name }) => name === 'thin')
    ? ', of a stage of thin and of what lives between two its last'
    : ''
  const network =
    validation.rows.length > 0
      ? `The network of a stage is that of its lowest validation loss since its last cut${settled}; the next stage goes on from its last one, which may have other synapses.`
      : 'The network of a stage is its last.'
  return `${network} Synapses are those of effect, before its first epoch and of its network.`
}

/** What came of a score that was to be kept, in words. */
export const targetInWords = ({ f1, validation, kept, synapses }: RunTarget): string =>
  kept
    ? `${counted(synapses, 'synapse')} ${synapses === 1 ? 'keeps' : 'keep'} F1-micro ${f1} on the validation rows: ${metricText(validation)}`
    : `no network of the path keeps F1-micro ${f1} on the validation rows: the best has ${metricText(validation)} with ${counted(synapses, 'synapse')}`

const foundOf = ({ targetF1 }: Summary): string => (targetF1 ? ` Asked for: ${targetInWords(targetF1)}.` : '')

/** Epochs, effective synapses and scores of each stage, and of several the path of their networks; nothing without stages. */
export const stagesSection = ({ experiment, dataset, evaluation: { summary }, stages }: ReportParts): string => {
  if (stages.length === 0) return ''
  const metric = headline(dataset)
  const [first, last] = [stages[0] as StagePoint, stages.at(-1) as StagePoint]
  const course = `${counted(stages.length, 'stage')} of ${experiment.stages.length}: from ${counted(first.synapsesAtEntry, 'effective synapse')} at the entry of the first to ${last.synapses} at the end of the last.`
  return section('What did each stage do?', [
    paragraph(course + foundOf(summary), 'lead'),
    tableOf(stageCells(stages, metric)),
    paragraph(networkInWords(experiment, dataset), 'soft'),
    ...shortfalls(experiment, stages)
      .filter(said => !summary.warnings.some(told => said.endsWith(told))) // which is said of the network already
      .map(said => paragraph(`Warning: ${said}.`)),
    isPath(stages)
      ? `<div class="half">${figure(pictureOfStages(stages, metric), `${metricName(metric)} of the networks of the stages, on rows that they did not learn from.`)}</div>`
      : ''
  ])
}
