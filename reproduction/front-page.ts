/** The front as Markdown. Pure. */
import type { Bar } from './bars.js'
import type { FrontChoice } from './front-choices.js'
import type { FrontCell } from './front-compare.js'
import type { DataName } from './front-methods.js'
import { FEW_SEEDS, isRival, UNASSEMBLED } from './front-methods.js'
import { pointText } from './front-points.js'
import { count, difference, digits, score, signed, table } from './markdown.js'
import { missingText } from './work.js'

/** All that is told of the front. */
export interface FrontReport {
  readonly command: string
  /** Of sagp and of processors that results were made with. */
  readonly versions: readonly string[]
  readonly processors: readonly string[]
  readonly seeds: readonly number[]
  /** Trainings that are told, and those that are not finished. */
  readonly trainings: number
  readonly missing: number
  /** What was left out, in sentences. */
  readonly cut: readonly string[]
  /** Hours of one thread: of the trainings told here, and of the search of their settings. */
  readonly hours: { readonly front: number; readonly search: number }
  readonly choices: readonly FrontChoice[]
  readonly cells: readonly FrontCell[]
  readonly bars: readonly Bar[]
}

const head = [
  ...['synapses', 'method', 'test F1-micro', 'SAGP ahead by', 'seeds', 'effective', 'hidden', 'validation', 'epochs'],
  ...['epoch used', 'seconds', 'diverged']
] as const

const rowOf = (cell: FrontCell): readonly string[] => [
  ...[String(cell.synapses), cell.method, score(cell.score), cell.sagpAhead ? signed(cell.sagpAhead.gap) : ''],
  ...[String(cell.seeds.length), digits(cell.effectiveSynapses, 1), digits(cell.living, 1), digits(cell.validation, 4)],
  ...[count(cell.epochs), count(cell.used), digits(cell.seconds, 1), String(cell.diverged)]
]

const section = (data: DataName, cells: readonly FrontCell[]): readonly string[] => [
  ...[`## ${data}`, ''],
  ...table(head, cells.filter(cell => cell.data === data).map(rowOf))
]

const shortHead = [
  'data',
  'synapses',
  'seeds',
  '`sagp`',
  'best rival',
  'its score',
  '`sagp` ahead by',
  `ahead of \`${UNASSEMBLED}\` by`
]

/** A SAGP at each number of synapses, the rival of the highest mean there, and what it is without self-assembly. */
export const shortTable = (cells: readonly FrontCell[]): readonly string[] => {
  const known = cells.filter(({ seeds }) => seeds.length >= FEW_SEEDS)
  const rows = known
    .filter(({ method }) => method === 'sagp')
    .map(sagp => {
      const here = known.filter(cell => cell.data === sagp.data && cell.synapses === sagp.synapses)
      const [best] = here.filter(({ method }) => isRival(method)).sort((a, b) => b.score.mean - a.score.mean)
      const ahead = (cell: FrontCell | undefined): string => (cell?.sagpAhead ? signed(cell.sagpAhead.gap) : '')
      return [
        ...[sagp.data, count(sagp.synapses), count(sagp.seeds.length), score(sagp.score)],
        ...[best?.method ?? '', best ? score(best.score) : ''],
        ...[ahead(best), ahead(here.find(({ method }) => method === UNASSEMBLED))]
      ]
    })
  return table(shortHead, rows)
}

const barRow = ({ what, found, is, wanted, met }: Bar): readonly string[] => {
  const by = is === 'at least' ? found - wanted : wanted - found
  return [what, digits(found, 4), `${is} ${digits(wanted, 4)}`, met ? 'yes' : 'no', difference(by)]
}

const choiceRow = ({
  data,
  method,
  point,
  validation,
  synapses,
  seeds,
  epochs,
  tried
}: FrontChoice): readonly string[] => [
  ...[
    data,
    method,
    pointText(point),
    digits(validation, 4),
    String(synapses),
    String(seeds),
    String(epochs),
    String(tried)
  ]
]

const choiceHead = [
  'data',
  'method',
  'settings',
  'validation F1-micro',
  'synapses',
  'seeds',
  'epochs',
  'tried'
] as const

/** The page. */
export const frontPage = (report: FrontReport): string => {
  const { command, versions, processors, seeds, missing, cut, hours, choices, cells, bars } = report
  const data = [...new Set(cells.map(cell => cell.data))]
  return [
    '# The front: F1 against effective synapses',
    '',
    `Made by \`${command}\` with sagp ${versions.join(' and ')} on ${processors.join(' and ')}, one thread each; seeds ` +
      `${seeds.join(', ')}, each of the split where it is drawn, of the first weights and of all noise.` +
      (missing > 0 ? ` **${missingText(missing)}.**` : ''),
    '',
    'F1-micro on the test rows: means over the seeds ± standard errors. Each method lives the same epochs; the network is ' +
      'that of the lowest validation loss since the last cut, of rivals in the last quarter of the epochs. "SAGP ahead by" is ' +
      'the score of `sagp` less that of the method, paired by seed. Seconds are medians. A training whose loss was no longer ' +
      'finite is judged by its best network before, and counted. Splits of several seeds have rows in common, which standard ' +
      'errors do not know: of other rows they tell too little.',
    '',
    ...cut.map(line => `- ${line}`),
    `- It cost ${digits(hours.front, 2)} hours of one core, pauses among them, and the search of settings ${digits(hours.search, 2)}. What later trainings replaced is not counted.`,
    '',
    ...(cells.length === 0
      ? []
      : [
          '## In short',
          '',
          `Of rivals with ${FEW_SEEDS} seeds at least the one of the highest mean is told, which is the best by chance, too.`,
          '',
          ...shortTable(cells)
        ]),
    ...(bars.length === 0
      ? []
      : ['## What must hold', '', ...table(['what', 'found', 'wanted', 'met', 'by'], bars.map(barRow))]),
    ...data.flatMap(name => section(name, cells)),
    ...(choices.length === 0
      ? ['No search has chosen settings: all are as the preset has them.', '']
      : ['## Settings, chosen on validation rows', '', ...table(choiceHead, choices.map(choiceRow))])
  ].join('\n')
}
