/** The numbers of a run as cells of a table. */
import type { NetworkEvaluation, Summary } from './summary.js'

/** A score as text: as many digits as a reader can use. */
export const number = (v: number | undefined): string =>
  v === undefined || Number.isNaN(v)
    ? '-'
    : v !== 0 && Math.abs(v) < 0.001
      ? v.toPrecision(4) // an error in tiny units is not none
      : Math.abs(v) < 10
        ? v.toFixed(4)
        : v.toFixed(1)

/** Names of scores for people. */
export const metricNames: Readonly<Record<string, string>> = {
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
    ['', 'epoch', 'living', 'open', 'synapses', 'effective', ...names.map(n => metricNames[n] ?? n)],
    ...row('last', last),
    ...row('best', best)
  ]
}
