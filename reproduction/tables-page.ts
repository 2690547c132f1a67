/** The tables as Markdown. Pure. */
import type { Bar } from './bars.js'
import type { Comparison, TableComparison } from './compare.js'
import { count, digits, score, signed, table } from './markdown.js'

/** All that is told of the tables. */
export interface TablesReport {
  readonly command: string
  /** The preset with what was set beside it. */
  readonly method: string
  /** Of sagp and of processors that results were made with. */
  readonly versions: readonly string[]
  readonly processors: readonly string[]
  readonly seeds: readonly number[]
  /** What the rivals were made by. */
  readonly rivals: Readonly<Record<string, string>>
  readonly tables: Comparison
  readonly synthetic: Comparison
  readonly short: Comparison
  readonly bars: readonly Bar[]
}

const head = (method: string): readonly string[] => [
  ...['table', 'target', 'splits', 'rows', 'inputs', 'classes', 'logistic / ridge', 'MLP of 100', method],
  ...['gap to the better', 'effective synapses', 'weights of the MLP', 'living', 'epochs', 'epoch used', 'seconds']
]

const rowOf = (t: TableComparison): readonly string[] => [
  ...[t.table, t.target.join(', '), String(t.seeds.length), String(t.rows), String(t.inputs)],
  t.kind === 'numbers' ? 'numbers' : String(t.outputs),
  ...(t.rivals ? [score(t.rivals.linear), score(t.rivals.mlp)] : ['', '']),
  score(t.score),
  t.rivals ? signed(t.rivals.gap) : '',
  `${count(t.effectiveSynapses.mean)} ± ${count(t.effectiveSynapses.error)}`,
  t.rivals ? count(t.rivals.weights) : '',
  ...[digits(t.living, 1), count(t.epochs), count(t.used), digits(t.seconds, 1)]
]

const overallLines = ({ overall }: Comparison): readonly string[] => {
  if (!overall) return []
  const { gap, smallest, effectiveSynapses, weights, ratio, tables } = overall
  return [
    `Over ${tables} tables: mean gap ${signed(gap)}; smallest gap ${signed(smallest.gap)} (${smallest.table}); ` +
      `effective synapses ${count(effectiveSynapses)}, weights of the MLPs ${count(weights)}, ratio ${digits(ratio, 3)}. ` +
      'Standard errors are over splits of these tables: of others they say nothing.',
    ''
  ]
}

const section = (title: string, found: Comparison, method: string): readonly string[] =>
  found.tables.length === 0 ? [] : [`## ${title}`, '', ...table(head(method), found.tables.map(rowOf))]

const barLine = ({ what, found, is, wanted, met }: Bar): readonly string[] => [
  what,
  digits(found, 4),
  `${is} ${wanted}`,
  met ? 'yes' : 'no'
]

/** The page. */
export const tablesPage = (report: TablesReport): string => {
  const { command, method, versions, processors, seeds, rivals, tables, synthetic, short, bars } = report
  const about = Object.entries(rivals).map(([name, said]) => `${name}: ${said}`)
  return [
    '# Tables',
    '',
    `Made by \`${command}\` with sagp ${versions.join(' and ')} on ${processors.join(' and ')}, one thread; seeds ${seeds.join(', ')}, ` +
      'each of the split, of the first weights and of all noise.',
    '',
    'F1-micro of classes and R2 of numbers on the test rows: means over the splits ± standard errors. The gap is to the rival ' +
      'of the higher test mean, in its favour, paired by split. Networks are those of the lowest validation loss; rivals learn from the same ' +
      'matrices and choose their setting by the validation rows. The target is the last column, as `sagp train` takes it.',
    '',
    ...(about.length === 0 ? ['No rivals were found.'] : [`Rivals: ${about.join('; ')}.`]),
    '',
    ...section('Tables', tables, method),
    ...overallLines(tables),
    ...section('Made of a seed', synthetic, method),
    ...section('Regressions of 100 epochs', short, method),
    ...(bars.length === 0
      ? []
      : ['## What must hold', '', ...table(['what', 'found', 'wanted', 'met'], bars.map(barLine))])
  ].join('\n')
}
