/** What a report is made of, and how its numbers are written. */
import type { Dataset } from '../../data/dataset.js'
import type { TableProfile } from '../../data/profile.js'
import type { TrajectoryLine } from '../../estimators/trajectory.js'
import type { Experiment } from '../experiment.js'
import type { Findings } from '../findings.js'
import type { StagePoint } from '../stage-points.js'
import type { RunEvaluation, Summary } from '../summary.js'
import type { Bound } from '../../reports/chart.js'

/** A run with all that is said of it. */
export interface ReportParts {
  readonly experiment: Experiment
  readonly dataset: Dataset
  readonly evaluation: RunEvaluation
  /** The epoch of the network that is used, and why this one. */
  readonly which: string
  readonly trajectory: readonly TrajectoryLine[]
  /** Of the network that is used. */
  readonly findings: Findings
  /** What a table of one's own was taken for. */
  readonly profile?: TableProfile | undefined
  /** What its stages have come to; none where it has none. */
  readonly stages: readonly StagePoint[]
}

/** Where each stage begins in a trajectory, by number and name; by number alone where there is no more room. */
export const boundsOf = ({ experiment: { stages }, trajectory }: ReportParts): readonly Bound[] =>
  trajectory.flatMap(({ epoch, stage }, i) =>
    stage === undefined || stage === trajectory[i - 1]?.stage
      ? []
      : [{ at: epoch, name: `${stage + 1} ${stages[stage]?.name ?? ''}`, short: String(stage + 1) }]
  )

/** A count with its word.
 * @example counted(1, 'row') // => '1 row'
 */
export const counted = (n: number, one: string, many: string = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** Names in a row, the first few of them.
 * @example someOf(['a', 'b', 'c'], 2) // => 'a, b and 1 more'
 */
export const someOf = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`

/** The numbers of the network that is used. */
export const usedOf = (summary: Summary): Summary['last'] => summary[summary.used]
