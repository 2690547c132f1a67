/** The HTML report of a run. */
import type { NdArray } from '../core/port/ndarray.js'
import type { State } from '../core/learning/state.js'
import type { Dataset } from '../data/dataset.js'
import { hyperparameterNames } from '../core/network/hyperparameters.js'
import { meaningOf } from '../core/network/meanings.js'
import { outDegrees } from '../core/network/topology.js'
import { lineChart } from '../reports/chart.js'
import { figure, page, tableOf } from '../reports/html.js'
import { confusionPicture, degreeBars, degreeMap, topologyPicture } from '../reports/pictures.js'
import { escape } from '../reports/svg.js'
import { headline } from '../estimators/evaluation.js'
import type { Experiment } from './experiment.js'
import type { NamedParts } from './named.js'
import type { RunEvaluation, NetworkEvaluation, Summary } from './summary.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'

const MOST_CLASSES = 24

const number = (v: number | undefined): string =>
  v === undefined || Number.isNaN(v)
    ? '-'
    : v !== 0 && Math.abs(v) < 0.001
      ? v.toPrecision(4) // an error in tiny units is not none
      : Math.abs(v) < 10
        ? v.toFixed(4)
        : v.toFixed(1)

const labels: Readonly<Record<string, string>> = {
  f1Micro: 'F1-micro',
  f1Macro: 'F1-macro',
  aucMicro: 'AUC-micro',
  aucMacro: 'AUC-macro',
  rmse: 'RMSE',
  r2: 'R2',
  mae: 'MAE'
}

/** The summary as rows of cells, a head first: the last epoch, and the best, which has the lowest validation loss. */
export const summaryCells = ({ last, best }: Pick<Summary, 'last' | 'best'>): readonly (readonly string[])[] => {
  const names = Object.keys(last.test).length > 0 ? Object.keys(last.test) : Object.keys(last.validation)
  const row = (what: string, j: NetworkEvaluation): readonly (readonly string[])[] =>
    (['validation', 'test'] as const)
      .filter(part => Object.keys(j[part]).length > 0)
      .map(part => [
        `${what} ${part}`,
        String(j.epoch),
        String(j.topology.living),
        String(j.topology.open),
        String(j.topology.synapses),
        String(j.topology.effectiveSynapses),
        ...names.map(n => number(j[part][n]))
      ])
  return [
    ['', 'epoch', 'living', 'open', 'synapses', 'effective', ...names.map(n => labels[n] ?? n)],
    ...row('last', last),
    ...row('best', best)
  ]
}

const curves = (trajectory: readonly TrajectoryLine[], main: 'f1Micro' | 'r2', watched: boolean): string => {
  const xs = trajectory.map(l => l.epoch)
  const series = (name: string, f: (l: TrajectoryLine) => number): { name: string; values: number[] } => ({
    name,
    values: trajectory.map(f)
  })
  const xLabel = 'epoch'
  const neurons = lineChart(xs, [series('living', l => l.living), series('open', l => l.open)], {
    title: 'Hidden neurons',
    xLabel
  })
  const synapses = lineChart(xs, [series('open', l => l.synapses)], { title: 'Synapses', xLabel })
  const losses = lineChart(
    xs,
    [
      series('task', l => l.losses.task),
      series('auxiliary', l => l.losses.auxiliary),
      series('validation', l => l.losses.validation ?? NaN)
    ],
    { title: 'Losses (logarithmic)', xLabel, logarithmic: true }
  )
  const quality = lineChart(xs, [series('validation', l => l.metrics[main] ?? NaN)], {
    title: labels[main] ?? main,
    xLabel,
    limits: [0, 1]
  })
  return [
    figure(neurons, 'Alive, and open among them (mask logit above 0), after each epoch.'),
    figure(synapses, 'Open synapse masks; those leaving a closed neuron are left out.'),
    figure(losses, 'Task and auxiliary loss in training, under noise; task loss on validation data, without.'),
    watched ? figure(quality, 'On the validation data, without noise.') : ''
  ].join('')
}

/** A name with its settings. */
const inWords = ({ name, ...settings }: NamedParts['rule'] | NamedParts['optimiser']): string =>
  [name, ...Object.entries(settings).map(([setting, value]) => `${setting} ${value}`)].join(', ')

/** A self-contained page about a run. */
export const reportOf = (
  experiment: Experiment,
  dataset: Dataset,
  { summary, used }: RunEvaluation,
  trajectory: readonly TrajectoryLine[],
  state: State<NdArray>
): string => {
  const degrees = outDegrees(state.model)
  const confusion = used.test?.evaluation.confusion
  const watched = dataset.validation.rows.length > 0
  const title = `SAGP on ${experiment.data}: ${experiment.preset}, seed ${experiment.seed}`
  const settings = tableOf([
    ['setting', 'value', 'meaning'],
    ['rule', inWords(experiment.rule), 'who is born and dies'],
    ['optimiser', inWords(experiment.optimiser), 'by what the weights move'],
    ...hyperparameterNames.map(name => [name, String(experiment.hyperparameters[name]), meaningOf(name)])
  ])
  const inputs = dataset.image
    ? figure(degreeMap(degrees, dataset.image), 'Open synapses that leave each pixel: where the network looks.')
    : figure(degreeBars(degrees, dataset.features), 'Open synapses that leave each input: which features matter.')
  const mistakes =
    confusion && confusion.length <= MOST_CLASSES
      ? figure(
          confusionPicture(confusion, dataset.task.outputs),
          `Test data, epoch ${used.state.clock.epoch}: rows are true classes, columns predicted ones.`
        )
      : ''
  return page(
    title,
    [
      `<h1>${escape(title)}</h1>`,
      `<p class="soft">${summary.epochs} epochs, ${summary.births} neurons born, ended by: ${escape(summary.ended)}, ${summary.seconds.toFixed(1)} s, backend ${escape(summary.backend)}</p>`,
      tableOf(summaryCells(summary)),
      `<p class="soft">"best" is the epoch of the lowest ${watched ? 'validation' : 'training'} loss.</p>`,
      '<h2>The assembly</h2><div class="grid2">',
      curves(trajectory, headline(dataset), watched),
      '</div><h2>The network</h2>',
      figure(
        topologyPicture(
          state,
          experiment.hyperparameters,
          { inputs: dataset.features, outputs: dataset.task.outputs },
          dataset.image
        ),
        'Inputs, hidden neurons and outputs with the synapses on a path to an output: blue adds, orange subtracts, width is the weight.'
      ),
      `<h2>Inputs and mistakes</h2><div class="grid2 narrow">${inputs}${mistakes}</div>`,
      `<h2>Settings</h2><details><summary>All hyperparameters</summary>${settings}</details>`,
      `<p class="soft">Digest of the last state: <code>${escape(summary.digest)}</code></p>`
    ].join('')
  )
}
