/** A run's network as a model: to predict with, or to go on from. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { State } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { DataCard } from '../estimators/data-card.js'
import type { Use } from '../estimators/evaluation.js'
import { usualUse } from '../estimators/evaluation.js'
import { checkShapes } from '../estimators/on-backend.js'
import type { StoredModel } from '../estimators/predictor.js'
import { checkpointEpochs, newestIntact, readCheckpoint } from './checkpoints.js'
import type { RunEnvironment } from './environment.js'
import type { Experiment } from './experiment.js'
import { stateAt } from './rebuild.js'
import { readCard, readConfig } from './run-folder.js'
import { stageNetworks } from './stage-networks.js'

/** Which of a run's networks is meant: by default the best, wherever there are validation rows, else the last. */
export interface NetworkChoice {
  /** That of an epoch: of its checkpoint, or trained anew from the one before it. */
  readonly epoch?: number | undefined
  /** That of the lowest validation loss, or that of the newest intact checkpoint. */
  readonly use?: Use | undefined
  /** That of a stage, 1 the first; `use` says which of its two. */
  readonly stage?: number | undefined
  /** Where the data lie if an epoch is to be trained anew, and who is told how far that is. */
  readonly environment?: RunEnvironment | undefined
}

/** A network of a run. */
export interface ChosenNetwork {
  readonly state: State<NdArray>
  /** Left out where an epoch was asked for. */
  readonly used?: Use
  /** Its epoch, and why this one: for people. */
  readonly which: string
  /** What is wrong with newer checkpoints. */
  readonly remarks: readonly string[]
}

/** A network of a run, with the settings and the data card that it was trained with. */
export interface RunNetwork extends ChosenNetwork {
  readonly experiment: Experiment
  readonly card: DataCard
}

/** What may decide which network is used, besides its loss. */
interface Why {
  /** Whether somebody wanted it so. */
  readonly asked?: boolean
  /** The F1-micro that was to be kept. */
  readonly target?: number | undefined
  /** The name of its stage. */
  readonly stage?: string | undefined
}

/** A network's epoch, and why this one is used: for people. */
export const whichNetwork = (
  used: Use,
  epoch: number,
  validationRows: number,
  { asked = false, target, stage }: Why = {}
): string => {
  const reason = ((): string => {
    if (epoch === 0) return 'before any training'
    if (used === 'best' && target !== undefined) return `chosen for F1-micro ${target} on the validation rows`
    const lowest = validationRows > 0 ? 'the lowest validation loss' : 'the lowest training loss'
    if (used === 'best' && stage === 'thin') return `${lowest}, with a price on synapses`
    if (used === 'best' && stage === 'mean') return 'the mean, than which no network found is better on validation rows'
    if (used === 'best' && stage === 'life') return `${lowest} of its stage`
    if (used === 'best' && stage !== undefined) return `${lowest} of its stage since its last cut`
    if (used === 'best') return lowest
    return validationRows > 0 || asked ? 'the last' : 'the last (there are no validation rows)'
  })()
  return `epoch ${epoch}, ${reason}`
}

/** Times that a training may change the checkpoints under a reader before it gives up. */
const MOST_CHANGES = 100

/** The last network that can be read, or the best until then; of checkpoints that change meanwhile, those of then. */
const newest = (
  folder: string,
  wanted: Use,
  changes: number = 0
): TE.TaskEither<Failure, Pick<ChosenNetwork, 'state' | 'remarks'> & { readonly target?: number | undefined }> =>
  attempt(async get => {
    const before = await get(checkpointEpochs(folder))
    const { found, damaged } = await get(newestIntact(folder))
    const { epoch, progress, stage } = found.clock
    const target = stage?.over ? (await get(readConfig(folder))).targetF1 : undefined
    if (epoch === 0 && damaged[0]) {
      const { where, what } = damaged[0]
      const none = `${what}; no network after any training can be read`
      throw new FailureError(failure('file', where, none, `Train on with sagp resume, or take ${folder}@0 as it began`))
    }
    const remarks = damaged.map(f => `${f.where}: ${f.what}; epoch ${epoch} is the newest that can be read`)
    if (wanted === 'last' || progress.bestEpoch === epoch) return { state: found, remarks, target }
    const best = await readCheckpoint(folder, progress.bestEpoch)()
    if (E.isRight(best)) return { state: best.right, remarks, target }
    const after = await get(checkpointEpochs(folder))
    if (after.join() !== before.join() && changes < MOST_CHANGES) return get(newest(folder, wanted, changes + 1))
    const what = `${best.left.what} (it is that of the best network)`
    throw new FailureError(failure('file', best.left.where, what, 'Take the last one with --use last'))
  })

/** The best network of a stage, or its last. */
const networkOfStage = (folder: string, stage: number, used: Use): TE.TaskEither<Failure, ChosenNetwork> =>
  attempt(async get => {
    const networks = await get(stageNetworks(folder, await get(readConfig(folder)), Infinity))
    const found = networks.find(n => n.stage === stage - 1)
    if (!found) {
      const known = networks.map(n => n.stage + 1)
      const cure = known.length === 0 ? 'It has no stages: leave that out' : `Choose one of ${known.join(', ')}`
      throw new FailureError(failure('usage', `${folder}@stage:${stage}`, 'there is no network of that stage', cure))
    }
    const state = await get(readCheckpoint(folder, used === 'best' ? found.best : found.last))
    return { state, which: `epoch ${state.clock.epoch}, the ${used} of stage ${stage}`, remarks: [] }
  })

/** The network of a run that is meant. If it cannot be read, no other takes its place unsaid. */
export const chooseNetwork = (
  folder: string,
  { split }: Pick<DataCard, 'split'>,
  { epoch, use, stage, environment }: NetworkChoice
): TE.TaskEither<Failure, ChosenNetwork> =>
  attempt(async get => {
    if (epoch !== undefined && use !== undefined) {
      const what = `an epoch is named, and --use ${use} as well`
      throw new FailureError(failure('usage', `${folder}@${epoch}`, what, 'Give one of the two'))
    }
    if (epoch !== undefined) {
      const { state, from } = await get(stateAt(folder, epoch, environment))
      const rebuilt = from === undefined ? '' : `, rebuilt from the checkpoint of epoch ${from}`
      return { state, which: `epoch ${epoch}, as asked${rebuilt}`, remarks: [] }
    }
    const validationRows = split.validation.length
    const used = use ?? usualUse(validationRows)
    if (stage !== undefined) return get(networkOfStage(folder, stage, used))
    const { state, remarks, target } = await get(newest(folder, used))
    const place = state.clock.stage
    const name = place ? (await get(readConfig(folder))).stages[place.index]?.name : undefined
    const why = { asked: use !== undefined, target, stage: name }
    const which = whichNetwork(used, state.clock.epoch, validationRows, why)
    return { state, used, which, remarks }
  })

/** Loads a network of a run; the data are not needed for it. */
export const loadNetwork = (folder: string, choice: NetworkChoice = {}): TE.TaskEither<Failure, RunNetwork> =>
  attempt(async get => {
    const experiment = await get(readConfig(folder))
    const card = await get(readCard(folder))
    const chosen = await get(chooseNetwork(folder, card, choice))
    settle(checkShapes(chosen.state, card, experiment.hyperparameters.steps, folder))
    return { experiment, card, ...chosen }
  })

/**
 * The model of a run's best network, or of its last, or of that of an epoch: `fitClassifier(x, y, { from: model })` goes on
 * from it, `classifierOf(backend, model)` predicts with it.
 */
export const storedModel = (folder: string, choice: NetworkChoice = {}): TE.TaskEither<Failure, StoredModel> =>
  attempt(async get => {
    const { experiment, card, state } = await get(loadNetwork(folder, choice))
    return { state, hyperparameters: experiment.hyperparameters, preparation: card.preparation, task: card.task }
  })
