/**
 * A life has stages: what differs while each lasts, and what it makes of the synapses. A schedule of stages is a list; the
 * clock says where in it a training is, so that it can be resumed at any epoch of any stage, and stages that follow each
 * other in one schedule are stages that follow each other by save and load.
 */
import type { Batch } from '../learning/batches.js'
import type { Gradients } from '../learning/gradients.js'
import type { Clock, State } from '../learning/state.js'
import { tensors } from '../learning/state.js'
import type { Ending, Trainable } from '../learning/trainable.js'
import { endingOf } from '../learning/trainable.js'
import type { Hyperparameters } from '../network/hyperparameters.js'
import type { EpochId, UpdateId } from '../network/layer.js'
import type { GraphPerceptron, Perceptron } from '../network/parameters.js'
import type { NdArray } from '../port/ndarray.js'
import type { TrainedPerceptron } from './birth-and-death.js'
import { trainedTensors } from './birth-and-death.js'
import { losses } from '../port/objective.js'
import type { Rule } from './census.js'
import { effectiveCount } from './closing.js'
import type { Life } from './life.js'
import { pricedLoss, sizeOfPerceptron, temperatures } from './price.js'

/** What a stage may change of a life; what the network computes, its task and its data stay. */
export const stageHyperparameterNames = [
  'alpha',
  'gamma1',
  'gamma2',
  'tau',
  'trainingMasks',
  'beta',
  'growthPatience',
  'synapseBound',
  'dropout',
  'learningRate',
  'weightDecay',
  'clipNorm',
  'schedule',
  'stopPatience',
  'stopStable',
  'growth',
  'competition',
  'apoptosis'
] as const
/** The same as a record. */
export type StageHyperparameters = Partial<Pick<Hyperparameters, (typeof stageHyperparameterNames)[number]>>

/** The moment at which a stage looks at the synapses: the beginning of an epoch of it. */
export interface StageMoment extends EpochId {
  /** Completed epochs of the stage; 0 when it is entered. */
  readonly stageEpoch: number
  /** Effective synapses when it was entered. */
  readonly synapsesAtEntry: number
}

/** A life as a stage sees it: with what its layer would learn of a batch, and how it begins. */
export interface StageLife<T> extends Life<T> {
  readonly gradients: (model: GraphPerceptron<T>, at: UpdateId, batch: Batch<T>) => Gradients<T, Perceptron>
  readonly initial: (seed: number, inputs: number, outputs: number) => GraphPerceptron<NdArray>
}

/**
 * What a stage makes of a network at the beginning of each of its epochs: the very one, or one whose tensors are new or
 * shared with it. `batch` is that of the epoch's first update; call it within a scope, which frees what it made.
 */
export type Rewire = <T>(
  life: StageLife<T>,
  trained: TrainedPerceptron<T>,
  at: StageMoment,
  batch: () => Batch<T>
) => Promise<TrainedPerceptron<T>>

/**
 * What a stage makes of a state after an update of the one before: pure, of operations on the backend alone, within a scope
 * that frees what is no part of the result.
 */
export type Correct = <T>(life: Life<T>, before: State<T>, after: State<T>) => State<T>

/** A stage as a value. */
export interface Stage {
  /** How long it lasts; `stopPatience` may end it earlier. */
  readonly epochs: number
  /** What differs while it lasts; its learning rate's course is over its own epochs. */
  readonly hyperparameters?: StageHyperparameters
  /** The rule of life while it lasts; the life's own if left out. */
  readonly rule?: (h: Hyperparameters) => Rule
  readonly rewire?: Rewire
  /** Such as a proximal step; the update stands as it is if left out. */
  readonly correct?: Correct
  /**
   * All stages of a schedule with this look for one network, that of the lowest `pricedLoss` among those at the end of each,
   * which have settled. What lives between them is no candidate. Where one ends for want of a better network, the
   * schedule ends, but not before it and those of the kind that it follows have lasted as long as its patience. `size` is
   * that of `pricedLoss`, or 0 for a perceptron of 100 hidden neurons.
   */
  readonly contest?: { readonly size: number }
  /** Epochs of it before which neither patience nor stability ends it: it has not done yet what it is for. */
  readonly busy?: number
  /**
   * Of the last stage of a schedule: it is entered only where the least loss of the contest before it is above this, but then
   * also when the contest has ended for want of a better network.
   */
  readonly above?: number
}

/** The hyperparameters while a stage lasts. */
export const stageHyperparameters = (h: Hyperparameters, { epochs, hyperparameters }: Stage): Hyperparameters => ({
  ...h,
  ...hyperparameters,
  epochs
})

type Where = Pick<Clock, 'epoch' | 'progress' | 'stage'>

/** Epochs since the last stage that is no contest: who came into one only now has shown nothing yet. */
const contestEpochs = (stages: readonly Stage[], { index, epoch }: NonNullable<Clock['stage']>): number => {
  const before = stages.slice(0, index)
  const began = before.findLastIndex(({ contest }) => !contest) + 1
  return scheduleEpochs(before.slice(began)) + epoch
}

/** Why the stage that a training is in ends at a moment, if it does. */
const stageEnding = (h: Hyperparameters, stages: readonly Stage[], clock: Where): Ending | undefined => {
  const place = clock.stage
  const stage = place ? stages[place.index] : undefined
  if (!place || !stage) return undefined
  const own = stageHyperparameters(h, stage)
  if (place.epoch < (stage.busy ?? 0)) return endingOf({ ...own, stopPatience: 0, stopStable: 0 }, clock)
  const patient = stage.contest && contestEpochs(stages, place) < own.stopPatience
  return endingOf(patient ? { ...own, stopPatience: 0 } : own, clock)
}

/** The place of the stage that follows on one that ended; undefined if none does. */
const following = (
  stages: readonly Stage[],
  { stage: place, progress }: Where,
  ending: Ending | undefined
): number | undefined => {
  if (place === null) return 0
  const givenUp = stages[place.index]?.contest && ending === 'patience'
  const index = givenUp ? Math.max(place.index + 1, stages.length - 1) : place.index + 1
  const stage = stages[index]
  const bound = index === stages.length - 1 ? stage?.above : undefined
  if (bound === undefined) return stage === undefined || givenUp ? undefined : index
  return progress.bestLoss > bound ? index : undefined
}

/** Why a training of a schedule ends at a moment, if it does: only its last stage ends it, or a contest that is over. */
export const scheduleEnding = (h: Hyperparameters, stages: readonly Stage[], clock: Where): Ending | undefined => {
  if (stages.length === 0) return endingOf(h, clock)
  const place = clock.stage
  if (place?.over) return 'target'
  if (place === null) return undefined
  if (place.index >= stages.length) return 'epochs'
  const ending = stageEnding(h, stages, clock)
  return following(stages, clock, ending) === undefined ? ending : undefined
}

/** Whether the stage that a training is in is over: what follows is the next one, or the end. */
export const stageOver = (h: Hyperparameters, stages: readonly Stage[], clock: Where): boolean =>
  stageEnding(h, stages, clock) !== undefined

/** All epochs of a schedule, none of its stages ending early. */
export const scheduleEpochs = (stages: readonly Pick<Stage, 'epochs'>[]): number =>
  stages.reduce((sum, { epochs }) => sum + epochs, 0)

/** A clock at a network that none before it rivals: the best is yet to come. */
const rivalless = (clock: Clock): Clock => ({
  ...clock,
  progress: { ...clock.progress, bestEpoch: clock.epoch, bestLoss: Infinity }
})

/** A stage with the life that it makes of a life, as something that learns. */
export interface OpenStage<T> {
  readonly stage: Stage
  readonly life: StageLife<T>
  readonly trainable: Trainable<T, Perceptron>
}

/** Whether a stage belongs to a contest: it is one, or lies between two. */
const contested = (stages: readonly Stage[], index: number): boolean => {
  const isContest = ({ contest }: Stage): boolean => contest !== undefined
  return stages.slice(0, index + 1).some(isContest) && stages.slice(index).some(isContest)
}

/** The clock at the entry of the next stage. */
const entered = (h: Hyperparameters, stages: readonly Stage[], clock: Clock, synapses: number): Clock => {
  const place = clock.stage
  const index = following(stages, clock, stageEnding(h, stages, clock)) ?? stages.length
  // what is best is best within a stage or a contest: a network of another size or under noise is no rival
  const goesOn = place !== null && [place.index, index].every(i => contested(stages, i))
  const { progress } = goesOn ? clock : rivalless(clock)
  return { ...clock, stage: { index, epoch: 0, synapses }, progress: { ...progress, stable: 0 } }
}

/** A schedule as one thing that learns; `whole` answers where no stage matters. */
export const staged = <T>(
  whole: Trainable<T, Perceptron>,
  stages: readonly OpenStage<T>[]
): Trainable<T, Perceptron> => {
  const { backend: b, hyperparameters: h } = whole
  const plans = stages.map(({ stage }) => stage)
  /** The contest that a stage enters its network for, at its end. */
  const entersFor = ({ stage: place }: Clock): Stage['contest'] => {
    const stage = place ? plans[place.index] : undefined
    return place?.epoch === (stage?.epochs ?? 0) - 1 ? stage?.contest : undefined
  }
  const current = ({ clock }: State<T>): OpenStage<T> => stages[clock.stage?.index ?? 0] as OpenStage<T>
  return {
    ...whole,
    ending: clock => scheduleEnding(h, plans, clock),
    step: (s, batch) => {
      const { stage, life, trainable } = current(s)
      const { correct } = stage
      if (!correct) return trainable.step(s, batch)
      return b.scope(
        () => {
          const made = trainable.step(s, batch)
          return { ...made, state: correct(life, s, made.state) }
        },
        ({ state, losses }) => [...tensors(state), losses.task, losses.auxiliary]
      )
    },
    temperatures: clock => (entersFor(clock) && losses[h.loss].suits !== 'numbers' ? temperatures : []),
    monitored: (clock, { facts }, loss, synapses) => {
      const contest = entersFor(clock)
      if (contest) return pricedLoss(loss, synapses, contest.size || sizeOfPerceptron(facts))
      return clock.stage && contested(plans, clock.stage.index) ? Infinity : loss
    },
    evaluation: s => current(s).trainable.evaluation(s),
    assemble: async (s, batch) => {
      const moving = s.clock.stage === null || stageOver(h, plans, s.clock)
      const clock = moving ? entered(h, plans, s.clock, await effectiveCount(whole, s.model)) : s.clock
      const here = { ...s, clock }
      const { stage, life, trainable } = current(here)
      const place = clock.stage
      if (!stage.rewire || place === null) return trainable.assemble(here, batch)
      const at = { ...clock, ...clock.progress, stageEpoch: place.epoch, synapsesAtEntry: place.synapses }
      const rewired = await stage.rewire(life, s, at, batch)
      // a stage that prunes step by step ends with its smallest network, not with the best of the larger ones
      const after = rewired === s || contested(plans, place.index) ? clock : rivalless(clock)
      const assembled = await trainable.assemble({ ...rewired, clock: after }, batch)
      const kept = new Set([...tensors(s), ...tensors(assembled)])
      b.release(trainedTensors(rewired).filter(t => !kept.has(t)))
      return assembled
    }
  }
}
