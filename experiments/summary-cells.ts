/** A summary as cells of text: for tables on the terminal, within 80 columns, and on pages. */
import type { Metrics } from '../estimators/trajectory.js'
import type { NetworkEvaluation, Summary } from './summary.js'

const names: Readonly<Record<string, string>> = {
  f1Micro: 'F1-micro',
  f1Macro: 'F1-macro',
  aucMicro: 'AUC-micro',
  aucMacro: 'AUC-macro',
  rmse: 'RMSE',
  r2: 'R2',
  mae: 'MAE'
}

/** A metric's name for people. */
export const metricName = (metric: string): string => names[metric] ?? metric

/** A metric for people; '-' where it is undefined. */
export const metricText = (v: number | undefined): string => {
  if (v === undefined || Number.isNaN(v)) return '-'
  const size = Math.abs(v)
  if (v !== 0 && size < 0.001) return v.toPrecision(4) // an error in tiny units is not none
  if (size >= 1e5 && size < 1e7) return v.toFixed(0)
  return size < 10 ? v.toFixed(4) : v.toPrecision(6)
}

/** Metrics in a row: `R2 0.9123, RMSE 1.2000, MAE 0.8000`. */
export const metricsInWords = (metrics: Metrics): string =>
  Object.entries(metrics)
    .map(([metric, v]) => `${metricName(metric)} ${metricText(v)}`)
    .join(', ')

type Cells = readonly (readonly string[])[]

type Networks = Pick<Summary, 'last' | 'best' | 'used'>

/** What the first network of a summary is: the last of the run, or that of an epoch that somebody asked for. */
export type First = 'last' | 'asked'

/** Networks of a summary by name; the last and the best may be one. */
const networksOf = ({ last, best }: Networks, first: First): readonly (readonly [string, NetworkEvaluation])[] =>
  last.epoch === best.epoch
    ? [[first, last]]
    : [
        [first, last],
        ['best', best]
      ]

/** The networks of a summary as rows of cells, a head first: their epochs and sizes, and which one is used. */
export const networkCells = (summary: Networks, first: First = 'last'): Cells => [
  ['', 'epoch', 'living', 'open', 'synapses', 'effective'],
  ...networksOf(summary, first).map(([name, { epoch, topology: t }], i) => [
    ...[
      summary.last.epoch === summary.best.epoch
        ? `${first}, best`
        : (i === 0) === (summary.used === 'last')
          ? `${name}, used`
          : name
    ],
    ...[epoch, t.living, t.open, t.synapses, t.effectiveSynapses].map(String)
  ])
]

/** The scores of a summary's networks as rows of cells, a head first, and below them what who learns nothing gets. */
export const scoreCells = (
  { baseline, ...networks }: Networks & Pick<Summary, 'baseline'>,
  first: First = 'last'
): Cells => {
  const metrics = Object.keys({ ...networks.last.validation, ...networks.last.test })
  const rows = [...networksOf(networks, first), ['baseline', baseline] as const]
  return [
    ['', ...metrics.map(metricName)],
    ...rows.flatMap(([name, parts]) =>
      (['validation', 'test'] as const)
        .filter(part => Object.keys(parts[part]).length > 0)
        .map(part => [`${name} ${part}`, ...metrics.map(metric => metricText(parts[part][metric]))])
    )
  ]
}
