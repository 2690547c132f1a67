/** What a trajectory's lines give for curves, as `writeTensorboard` of exports draws them. */
import type { ScalarLine } from '../exports/graphs/tensorboard.js'
import type { TrajectoryLine } from './trajectory.js'

/**
 * The scalars of a trajectory's lines, in their order: `size/living`, `size/open`, `size/synapses`, `life/births`,
 * `life/deaths`, `loss/task`, `loss/auxiliary`, `loss/validation` where there are validation rows, `metrics/` with each
 * metric's name, `stage` (0 the first) where there are stages, and `time/epoch`, its milliseconds. `elapsed` adds up the
 * times of the lines before.
 */
export const trajectoryScalars = (lines: readonly TrajectoryLine[]): readonly ScalarLine[] => {
  let elapsed = 0
  return lines.map(({ epoch, living, open, synapses, births, deaths, losses, metrics, stage, ms }) => {
    elapsed += ms
    return {
      epoch,
      elapsed,
      scalars: [
        ['size/living', living],
        ['size/open', open],
        ['size/synapses', synapses],
        ['life/births', births],
        ['life/deaths', deaths],
        ['loss/task', losses.task],
        ['loss/auxiliary', losses.auxiliary],
        ...(losses.validation === undefined ? [] : [['loss/validation', losses.validation] as const]),
        ...Object.entries(metrics).map(([name, value]) => [`metrics/${name}`, value] as const),
        ...(stage === undefined ? [] : [['stage', stage] as const]),
        ['time/epoch', ms]
      ]
    }
  })
}
