/** What each stage of a run has come to: sizes and scores of its network. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { restore, tensors } from '../core/learning/state.js'
import { topologyOf } from '../core/network/topology.js'
import type { Failure } from '../core/port/failure.js'
import { evaluateOn, usualUse } from '../estimators/evaluation.js'
import type { Metrics, TrajectoryLine } from '../estimators/trajectory.js'
import { demandOf, shortfall } from '../estimators/warnings.js'
import { readCheckpoint } from './checkpoints.js'
import type { Run } from './run.js'
import { stageNetworks } from './stage-networks.js'

/** A stage with its network: the best of `StageNetworks`, or the last where there are no validation rows. */
export interface StagePoint {
  /** Its place in the schedule, 0 the first, and its name there. */
  readonly stage: number
  readonly name: string
  readonly epochs: number
  /** Effective synapses when it was entered, and of its network. */
  readonly synapsesAtEntry: number
  readonly synapses: number
  readonly epoch: number
  /** Of its network on the validation rows, as its line has it: no price on synapses, no temperature. NaN without such rows. */
  readonly loss: number
  readonly validation: Metrics
  readonly test: Metrics
}

/** Which stages have come to fewer synapses than they were to keep, as warnings; what settles then has no fault in it. */
export const shortfalls = (
  { stages }: Pick<Run['experiment'], 'stages'>,
  points: readonly StagePoint[]
): readonly string[] =>
  points
    .filter(({ name }) => name !== 'consolidate')
    .flatMap(({ stage, synapses, synapsesAtEntry }) =>
      shortfall(synapses, demandOf(stages, { index: stage, epoch: 0, synapses: synapsesAtEntry })).map(
        said => `stage ${stage + 1}: ${said}`
      )
    )

/** Whether stages make a path: one whose masks are fixed after another. */
export const isPath = (points: readonly StagePoint[]): boolean =>
  points.filter(({ name }) => name !== 'life').length > 1

/** The stages of a run up to an epoch, with losses of its lines; one whose network cannot be read is left out. */
export const stagePoints = (
  { folder, experiment, engine, dataset }: Pick<Run, 'folder' | 'experiment' | 'engine' | 'dataset'>,
  trajectory: readonly TrajectoryLine[],
  upTo: number
): TE.TaskEither<Failure, readonly StagePoint[]> =>
  attempt(async get => {
    const points: StagePoint[] = []
    const losses = new Map(trajectory.map(line => [line.epoch, line.losses.validation]))
    const use = usualUse(dataset.validation.rows.length)
    for (const { over: _, best, last, ...of } of await get(stageNetworks(folder, experiment, upTo))) {
      const read = await readCheckpoint(folder, use === 'best' ? best : last)()
      if (E.isLeft(read)) continue
      const { model, clock } = read.right
      const state = restore(engine.backend, read.right)
      try {
        const validation = await evaluateOn(engine, state, dataset, dataset.validation)
        const test = await evaluateOn(engine, state, dataset, dataset.test)
        points.push({
          stage: of.stage,
          name: experiment.stages[of.stage]?.name ?? '',
          epochs: of.epochs,
          synapsesAtEntry: of.synapsesAtEntry,
          synapses: topologyOf(model, experiment.hyperparameters).effectiveSynapses,
          epoch: clock.epoch,
          loss: losses.get(clock.epoch) ?? NaN,
          validation: validation?.evaluation.metrics ?? {},
          test: test?.evaluation.metrics ?? {}
        })
      } finally {
        engine.backend.release(tensors(state))
      }
    }
    return points
  })
