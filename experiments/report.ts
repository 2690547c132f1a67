/** The HTML report of a run: what its reader asks, in that order. */
import { hyperparameterNames } from '../core/network/hyperparameters.js'
import { meaningOf } from '../core/network/meanings.js'
import { figure, page, paragraph, section, tableOf } from '../reports/html.js'
import { topologyPicture } from '../reports/pictures.js'
import { escape } from '../reports/svg.js'
import { modelNamed } from '../models/rivals.js'
import type { Experiment } from './experiment.js'
import { sparsenessOf } from './named.js'
import { dataSection } from './report/data.js'
import { fitSection } from './report/fit.js'
import { growthSection } from './report/growth.js'
import { inputsSection } from './report/inputs.js'
import { mistakesSection } from './report/mistakes.js'
import type { ReportParts } from './report/parts.js'
import { counted } from './report/parts.js'
import { scoreSection } from './report/score.js'
import { stagesSection } from './report/stages.js'
import { endedEarly } from './summary.js'

export type { ReportParts } from './report/parts.js'

/** A name with its settings. */
const inWords = ({ name, ...settings }: { readonly name: string }): string =>
  [name, ...Object.entries(settings).map(([setting, value]) => `${setting} ${value}`)].join(', ')

const networkSection = ({ experiment, dataset, evaluation: { used, summary } }: ReportParts): string => {
  const names = { inputs: dataset.features, outputs: dataset.task.outputs }
  const { topology } = summary[summary.used]
  const picture = topologyPicture(used.state, experiment.hyperparameters, names, dataset.image)
  const legend = 'blue adds, orange subtracts, the width is the weight; what is hollow is of no effect'
  return section('What does the network look like?', [
    paragraph(
      `${counted(topology.effectiveSynapses, 'synapse')} and ${counted(topology.effectiveNeurons, 'hidden neuron')} are of effect.`,
      'lead'
    ),
    `<div class="half">${figure(picture.svg, `${picture.shown}: ${legend}.`)}</div>`
  ])
}

const settingsOf = ({ model, rule, optimiser, stages, hyperparameters, forked = [] }: Experiment): string =>
  tableOf(
    [
      ['setting', 'value', 'meaning'],
      ...forked.map(({ run, epoch }) => ['forked from', `${run}@${epoch}`, 'the moment that it goes on from']),
      ['model', inWords(model), 'what learns'],
      ['rule', inWords(rule), 'who is born and dies'],
      ['optimiser', inWords(optimiser), 'by what the weights move'],
      ...stages.map(({ with: differing = {}, ...stage }, i) => [
        `stage ${i + 1}`,
        inWords({ ...stage, ...differing }),
        'what differs while it lasts'
      ]),
      ...hyperparameterNames.map(name => [name, String(hyperparameters[name]), meaningOf(name)])
    ],
    { words: true }
  )

/** How a run ended, beside the number of its epochs. */
const endings: Readonly<Record<ReportParts['evaluation']['summary']['ended'], string>> = {
  epochs: 'all that were asked for',
  patience: 'ended as the loss fell no lower',
  stable: 'ended as the topology stood still',
  target: 'ended as the way down to the score that was asked for was over',
  interrupted: 'not all that were asked for',
  diverged: 'ended as the loss diverged'
}

/** A self-contained page about a run. */
export const reportOf = (parts: ReportParts): string => {
  const { experiment, evaluation } = parts
  const { summary } = evaluation
  const sparse = sparsenessOf(experiment)
  const model = `${modelNamed(experiment.model).title}${sparse === undefined ? '' : ` by ${sparse}`}`
  const title = `${model} on ${experiment.data}: ${experiment.preset}, seed ${experiment.seed}`
  const ending = endedEarly(experiment, summary)
    ? `of ${experiment.hyperparameters.epochs}, as not every stage lived all of its epochs`
    : endings[summary.ended]
  const course = `${counted(summary.epochs, 'epoch')}, ${ending}; ${summary.seconds.toFixed(1)} s, backend ${summary.backend}`
  return page(
    title,
    [
      `<h1>${escape(title)}</h1>`,
      paragraph(course, 'soft'),
      scoreSection(parts),
      inputsSection(parts),
      growthSection(parts),
      stagesSection(parts),
      fitSection(parts),
      mistakesSection(parts),
      networkSection(parts),
      dataSection(parts),
      section('With which settings?', [
        `<details><summary>All hyperparameters</summary>${settingsOf(experiment)}</details>`,
        `<p class="soft">Digest of the last state: <code>${escape(summary.digest)}</code></p>`
      ])
    ].join('')
  )
}
