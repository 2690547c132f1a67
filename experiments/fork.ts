/** A run that goes on from a moment of another with other settings: network, moments and clock as they were. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import { digest } from '../codecs/checkpoint.js'
import { decode } from '../codecs/strict.js'
import type { State } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { checkMemory } from '../estimators/memory-estimate.js'
import { checkShapes } from '../estimators/on-backend.js'
import { machineMemory } from '../storage/environment.js'
import { readWhole } from '../storage/files.js'
import { checkClassWeights } from './check-choices.js'
import { newestResumable, readCheckpoint } from './checkpoints.js'
import type { RunEnvironment } from './environment.js'
import { ExperimentCodec } from './experiment.js'
import { checkFixed, forkSettings } from './fork-settings.js'
import { loadNetwork } from './load-model.js'
import type { Choices, Plan } from './plan.js'
import { fastestFor } from './plan.js'
import type { Moment } from './rebuild.js'
import { stateAt } from './rebuild.js'
import { paths, readSettings, readTrajectory } from './run-folder.js'
import type { RunName } from './run-name.js'
import { nameOf } from './run-name.js'
import { sameData } from './same-data.js'
import { keptEpochs, stageNetworks } from './stage-networks.js'

/** The moment that a name means: its epoch, the end of its stage, or the newest that can be resumed. */
const momentOf = ({ folder, epoch, stage }: RunName, environment: RunEnvironment): TE.TaskEither<Failure, Moment> =>
  attempt(async get => {
    if (epoch !== undefined) return get(stateAt(folder, epoch, environment))
    if (stage === undefined) return (await get(newestResumable(folder))).found
    return { state: (await get(loadNetwork(folder, { stage, use: 'last' }))).state }
  })

/** The networks of a run's stages that are over at an epoch, as far as they can be read. */
const ofStages = (
  folder: string,
  experiment: Plan['experiment'],
  epoch: number
): TE.TaskEither<Failure, readonly State<NdArray>[]> =>
  attempt(async get => {
    const kept: State<NdArray>[] = []
    for (const known of new Set(keptEpochs(await get(stageNetworks(folder, experiment, epoch))))) {
      const read = await readCheckpoint(folder, known)()
      if (E.isRight(read)) kept.push(read.right)
    }
    return kept
  })

/**
 * A run that goes on from a moment of another, with what is chosen in place of its settings, as a plan for `openRun` or
 * `begin`. Its trajectory begins with that of its run, so that curves are whole; its first checkpoints are that moment, the
 * best network until then, and those of stages that are over. The data are those of the run.
 */
export const planFork = (
  name: RunName,
  choices: Choices,
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, Plan> =>
  attempt(async get => {
    const { folder } = name
    const { experiment: parent, identity } = await get(readSettings(folder))
    checkFixed(parent, choices) // before the moment is rebuilt, which may take minutes
    const moment = await get(momentOf(name, environment))
    const { state } = moment
    const { epoch, progress } = state.clock
    const loaded = await get(sameData(folder, parent, environment))
    const { dataset } = loaded
    settle(checkShapes(state, dataset, parent.hyperparameters.steps, folder))
    const { births } = state.model.facts
    const at = { clock: state.clock, births, validationRows: dataset.validation.rows.length }
    const { experiment, clock } = forkSettings(parent, choices, at)
    checkClassWeights(experiment.classWeights, dataset.task)
    settle(checkMemory(experiment.hyperparameters, dataset, machineMemory()))
    const best =
      progress.bestEpoch === epoch
        ? state
        : (moment.best ?? (await get(stateAt(folder, progress.bestEpoch, environment))).state)
    const begunAs = parent.extended?.[0]?.was ?? identity
    const fork = { run: folder, identity: begunAs, epoch, births, digest: await digest(state) }
    const made = {
      ...experiment,
      ...(choices.backend === 'auto' ? { backend: await fastestFor(dataset, experiment.hyperparameters) } : {}),
      forked: [fork, ...(parent.forked ?? [])]
    }
    const goingOn = { ...state, clock }
    const known = [epoch, progress.bestEpoch]
    const kept = (await get(ofStages(folder, parent, epoch))).filter(s => !known.includes(s.clock.epoch))
    const remark = `forked from ${nameOf({ folder, epoch })}`
    return {
      experiment: settle(decode(ExperimentCodec, 'fork')(made)),
      loaded: { ...loaded, remarks: [remark, ...loaded.remarks] },
      fork: {
        state: goingOn,
        best: best === state ? goingOn : best,
        kept,
        past: await get(readTrajectory(folder, epoch)),
        input: parent.input === '' ? undefined : await get(readWhole(paths(folder).input))
      }
    }
  })
