/** A model card as Markdown. */
import { defaults, hyperparameterNames } from '../core/network/hyperparameters.js'
import { modelNamed } from '../models/rivals.js'
import { cut } from '../reports/svg.js'
import type { Experiment } from './experiment.js'
import type { Latency } from './latency.js'
import { foldedInWords } from './load-program.js'
import { metricName, metricText } from './summary-cells.js'
import { sparsenessOf } from './named.js'
import type { CardColumn, CardPart, ModelCard } from './model-card.js'

/** Names that are listed before the rest is counted. */
const LISTED = 30
/** Characters of a cell. */
const LONGEST = 120

/** A text that Markdown shows as it stands, in one line. */
const plain = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>()#+!|~&]/g, mark => `\\${mark}`)
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')

const number = (v: number): string =>
  Number.isInteger(v) ? v.toLocaleString('en-US') : String(Number(v.toPrecision(4)))

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
  ''
]

const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, LISTED).map(plain).join(', ')
  return names.length > LISTED ? `${shown} and ${number(names.length - LISTED)} more` : shown
}

const scoreRows = (scores: readonly CardPart[]): readonly (readonly string[])[] =>
  scores.flatMap(({ part, rows, metrics, baseline }) =>
    Object.keys(metrics).map(metric => [
      `${part} (${number(rows)} rows)`,
      metricName(metric),
      metricText(metrics[metric]),
      metricText(baseline[metric])
    ])
  )

/** Settings of which people ask first, and those that are not the defaults. */
const settingsText = ({ hyperparameters: h, stages }: Experiment): string => {
  const shown = hyperparameterNames.filter(name => h[name] !== defaults[name] || ['epochs', 'loss'].includes(name))
  const told = shown.map(name => `${name} ${String(h[name])}`)
  return [...told, ...(stages.length > 0 ? [`${stages.length} stages (see the JSON)`] : [])].join(', ')
}

const latency = ({ format, microseconds, notRun }: Latency): string =>
  `${format} ${microseconds === undefined ? `not run (${plain(notRun ?? '')})` : number(microseconds)}`

const columnRow = ({ name, as, what, inputs, used }: CardColumn): readonly string[] => [
  plain(name),
  as,
  plain(cut(what, LONGEST)),
  number(inputs),
  number(used)
]

/** What a network is; of an imported one it is not known. */
const whatOf = (settings: Experiment | undefined): string => {
  if (settings === undefined) return 'An imported network'
  const sparse = sparsenessOf(settings)
  return `A ${modelNamed(settings.model).what}${sparse === undefined ? '' : ` made sparse by ${sparse}`}`
}

/** A card for people: what a JSON card says, in Markdown. */
export const cardText = (card: ModelCard): string => {
  const { name, which, task, size, columns, unused, training, scores, baseline, remarks } = card
  const settings = training?.settings
  return [
    `# ${plain(name)}`,
    '',
    `${whatOf(settings)}: ${number(size.synapses)} synapses${foldedInWords('synapses', size.synapses, size.effectiveSynapses)}, ` +
      `${number(size.neurons)} hidden neurons${foldedInWords('neurons', size.neurons, size.effectiveNeurons)}, ` +
      `${number(size.usedInputs)} of ${number(size.inputs)} inputs in use; ${size.steps} steps, ${size.activation}.`,
    '',
    `Answers: ${task.kind} of ${listed(task.targets)}${task.kind === 'classes' ? ` (${listed(task.outputs)})` : ''}.`,
    '',
    ...remarks.flatMap(remark => [`**Note:** ${plain(remark)}`, '']),
    '## How good it is',
    '',
    ...(scores.length > 0
      ? [
          ...table(['part', 'metric', 'this network', 'baseline'], scoreRows(scores)),
          `The baseline answers ${plain(baseline ?? '')}. The network was chosen on the validation rows: the test rows tell what to expect.`
        ]
      : ['Not known here.']),
    '',
    '## What it was made of',
    '',
    ...(training && settings
      ? table(
          ['what', 'value'],
          [
            ['data', plain(training.data)],
            ['fingerprint', training.fingerprint],
            [
              'rows',
              `${number(training.rows.training)} training, ${number(training.rows.validation)} validation, ${number(training.rows.test)} test`
            ],
            [
              'preset, model, rule, optimiser',
              [settings.preset, settings.model.name, settings.rule.name, settings.optimiser.name].map(plain).join(', ')
            ],
            ['seed', String(settings.seed)],
            ['settings', plain(settingsText(settings))],
            ['network', plain(which)],
            ['digest', training.digest],
            ['made with', `sagp ${card.sagp}`]
          ]
        )
      : ['An imported network: nothing is known of its training.', '']),
    '## What it needs',
    '',
    ...table(['column', 'taken as', 'what stands there', 'inputs', 'in use'], columns.slice(0, LISTED).map(columnRow)),
    ...(columns.length > LISTED ? [`and ${number(columns.length - LISTED)} more columns.`, ''] : []),
    unused.length === 0 ? 'Every input is in use.' : `Never used (${number(unused.length)}): ${listed(unused)}.`,
    '',
    '## Exports',
    '',
    ...table(
      ['format', 'weights', 'bytes', 'compressed', 'flash', 'RAM'],
      card.exports.map(({ format, precision, bytes, gzip, memory }) => [
        ...[format, precision, number(bytes), number(gzip)],
        ...(memory ? [number(memory.flash), number(memory.ram)] : ['', ''])
      ])
    ),
    'What goes into the model of ONNX:',
    '',
    ...table(
      ['input', 'type', 'holds'],
      card.onnxInputs.slice(0, LISTED).map(({ input, type, holds }) => [plain(input), type, plain(holds)])
    ),
    `One row of encoded numbers, in microseconds of processor time (${plain(card.latencies.processor)}, Node ${plain(card.latencies.node)}): ${card.latencies.formats.map(latency).join('; ')}.`,
    ''
  ].join('\n')
}
