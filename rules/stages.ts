/**
 * The stages that ship, by name: of these a schedule is composed, as plain data. To add one: an entry here; codec, flags
 * and help follow. What each leaves out of `hyperparameters` is the life's own.
 */
import { close, keepSynapses } from '../core/life/closing.js'
import { cubic, prune, pruneRoughly } from '../core/life/pruning.js'
import type { Stage, StageHyperparameters } from '../core/life/stage.js'
import { stageHyperparameterNames } from '../core/life/stage.js'
import { shown } from '../core/port/checks.js'
import { refuse } from '../core/port/failure.js'
import { filled } from '../core/port/ndarray.js'
import { hint } from '../core/port/nearest.js'
import type { ChoiceOf, Recipes, SomeChoiceOf } from '../core/port/recipes.js'
import { checkedChoice, madeOf, mustBeNamed } from '../core/port/recipes.js'
import { none } from './rule.js'

const lengthAlone = { epochs: { default: 500, whole: [1, 1e9] } } as const

const pruneSettings = {
  epochs: { default: 500, whole: [1, 1e9] },
  synapses: { default: 1000, whole: [1, 1e9] },
  over: { default: 0, whole: [0, 1e9] },
  every: { default: 10, whole: [1, 1e9] },
  slope: { default: 0, number: [0, 1] }
} as const

const shrinkSettings = {
  epochs: { default: 250, whole: [1, 1e9] },
  share: { default: 0.8, number: [0, 1], open: 'min' },
  slope: { default: 0, number: [0, 1] }
} as const

const thinSettings = {
  epochs: { default: 100, whole: [1, 1e9] },
  share: { default: 0.7, number: [0, 1], open: 'min' },
  patience: { default: 400, whole: [1, 1e9] },
  size: { default: 0, whole: [0, 1e9] }
} as const

const meanSettings = {
  epochs: { default: 1, whole: [1, 1e9] },
  above: { default: 0.3, number: [0, 1e6] }
} as const

/** How a stage is made of settings. */
export interface StageRecipe<S> {
  readonly settings: S
  readonly make: (settings: { readonly [K in keyof S]: number }) => Stage
}

/** Masks as they stand and weights trained on under a cosine: no noise, no competition, nobody born. */
export const trainedOn = (
  stage: Pick<Stage, 'epochs' | 'rewire' | 'contest' | 'busy'>,
  differing: StageHyperparameters = { dropout: 0.2 }
): Stage => ({
  ...stage,
  rule: () => none,
  hyperparameters: {
    trainingMasks: 'noiseless',
    competition: false,
    schedule: 'cosine',
    learningRate: 0.003,
    ...differing
  }
})

/** The table. */
export const stages: {
  readonly life: StageRecipe<typeof lengthAlone>
  readonly consolidate: StageRecipe<typeof lengthAlone>
  readonly prune: StageRecipe<typeof pruneSettings>
  readonly shrink: StageRecipe<typeof shrinkSettings>
  readonly thin: StageRecipe<typeof thinSettings>
  readonly mean: StageRecipe<typeof meanSettings>
} = {
  /** Growth, competition, apoptosis: a life as the hyperparameters have it. */
  life: { settings: lengthAlone, make: ({ epochs }) => ({ epochs }) },
  /** What is closed dies, and what is of no effect; the weights of the others are trained on. */
  consolidate: {
    settings: lengthAlone,
    make: ({ epochs }) =>
      trainedOn({
        epochs,
        rewire: async (life, trained, { stageEpoch }) => (stageEpoch === 0 ? close(life, trained) : trained)
      })
  },
  /**
   * Pruned to exactly `synapses` effective ones: at once where `over` is 0, else over so many of its epochs, the last at the
   * latest, along a cubic (Zhu and Gupta 2018), in cuts every `every` epochs; trained on meanwhile and afterwards.
   */
  prune: {
    settings: pruneSettings,
    make: ({ epochs, synapses, over, every, slope }) => {
      const end = Math.min(over, epochs - 1)
      return trainedOn({
        epochs,
        busy: end + 1,
        rewire: async (life, trained, { stageEpoch: epoch, synapsesAtEntry: from }) => {
          if (epoch === end) return prune(life, trained, synapses, slope)
          if (epoch === 0) return close(life, trained)
          return epoch > end || epoch % every !== 0
            ? trained
            : pruneRoughly(life, trained, cubic(from, synapses, epoch / end), { least: synapses, slope })
        }
      })
    }
  },
  /** Pruned at once to a share of the effective synapses that it begins with, rounded down but not to none; then trained on. */
  shrink: {
    settings: shrinkSettings,
    make: ({ epochs, share, slope }) =>
      trainedOn({
        epochs,
        rewire: async (life, trained, { stageEpoch, synapsesAtEntry: from }) =>
          stageEpoch === 0 ? prune(life, trained, Math.max(1, Math.floor(share * from)), slope) : trained
      })
  },
  /**
   * A share of the effective synapses stays, those of the largest weights, and is trained on. Several in a row look for the
   * network whose size pays: `patience` epochs without a better one end the schedule; one of `size` synapses must have half
   * of the loss of one of none (0: a perceptron of 100 hidden neurons).
   */
  thin: {
    settings: thinSettings,
    make: ({ epochs, share, patience, size }) =>
      trainedOn(
        {
          epochs,
          contest: { size },
          rewire: async (life, trained, { stageEpoch, synapsesAtEntry }) => {
            if (stageEpoch !== 0) return trained
            return share === 1
              ? close(life, trained)
              : pruneRoughly(life, trained, Math.max(1, Math.round(share * synapsesAtEntry)))
          }
        },
        { stopPatience: patience }
      )
  },
  /**
   * No synapse stays and every bias is 0, which answers numbers by their mean; nothing is learned. At the end of a schedule it
   * is a rival of the networks before it, where the best of them has a loss above `above`.
   */
  mean: {
    settings: meanSettings,
    make: ({ epochs, above }) => ({
      ...trainedOn({
        epochs,
        contest: { size: 0 },
        rewire: ({ backend: b }, trained, { stageEpoch }) => {
          if (stageEpoch !== 0) return Promise.resolve(trained)
          const bare = keepSynapses(b, trained, [])
          const { parameters } = bare.model
          const biases = b.constant(filled(b.shape(parameters.biases)))
          if (parameters.biases !== trained.model.parameters.biases) b.release([parameters.biases])
          return Promise.resolve({ ...bare, model: { ...bare.model, parameters: { ...parameters, biases } } })
        }
      }),
      above,
      correct: (_, before, after) => ({ ...before, clock: after.clock })
    })
  }
}

/** Hyperparameters that differ from what a stage of its name makes of them. */
interface Differing {
  readonly with?: StageHyperparameters | undefined
}
/** A stage of a table by name with all of its settings. */
export type StageChoiceOf<T extends Recipes<Stage>> = ChoiceOf<T> & Differing
/** A stage of a table by name; settings left out stand at their defaults. */
export type SomeStageChoiceOf<T extends Recipes<Stage>> = SomeChoiceOf<T> & Differing
/** A stage by name with all of its settings. */
export type StageChoice = StageChoiceOf<typeof stages>
/** A stage by name; settings left out stand at their defaults. */
export type SomeStageChoice = SomeStageChoiceOf<typeof stages>

const isRecord = (u: unknown): boolean => typeof u === 'object' && u !== null && !Array.isArray(u)

/** A stage of a table with all of its settings.
 * @throws FailureError as `stageOf` does
 */
export const checkedStageOf = <T extends Recipes<Stage>>(table: T, given: SomeStageChoiceOf<T>): StageChoiceOf<T> => {
  mustBeNamed('stage', table, given)
  const { with: differing, ...choice } = given
  if (differing !== undefined && !isRecord(differing))
    refuse('stage', `with must be a record, not ${shown(differing)}`, 'Write it as in { with: { gamma2: 0.05 } }')
  const checked = checkedChoice('stage', table, choice as unknown as SomeChoiceOf<T>)
  const names: readonly string[] = stageHyperparameterNames
  const strange = Object.keys(differing ?? {}).find(name => !names.includes(name))
  if (strange !== undefined) refuse('stage', `${strange} is nothing that a stage changes`, hint(strange, names))
  if (differing === undefined) return checked
  // in one order, as a codec gives them: equal stages are equal text, by which runs are known
  const ordered = stageHyperparameterNames.flatMap(name =>
    differing[name] === undefined ? [] : [[name, differing[name]] as const]
  )
  return { ...checked, with: Object.fromEntries(ordered) }
}

/** The stage of a table that has a name.
 * @throws FailureError if name or settings are wrong, or a hyperparameter is none that a stage may change
 */
export const stageOf = <T extends Recipes<Stage>>(table: T, given: SomeStageChoiceOf<T>): Stage => {
  const { with: differing, ...choice } = checkedStageOf(table, given)
  const stage: Stage = madeOf('stage', table, choice as unknown as SomeChoiceOf<T>)
  return { ...stage, hyperparameters: { ...stage.hyperparameters, ...differing } }
}

/** A stage with all of its settings.
 * @throws FailureError as `stageNamed` does
 * @example checkedStage({ name: 'consolidate' }) // => { name: 'consolidate', epochs: 500 }
 */
export const checkedStage = (choice: SomeStageChoice): StageChoice => checkedStageOf(stages, choice)

/** The stage of a name.
 * @throws FailureError if name or settings are wrong, or a hyperparameter is none that a stage may change
 * @example stageNamed({ name: 'life', epochs: 700, with: { gamma2: 0.05 } }).hyperparameters // => { gamma2: 0.05 }
 */
export const stageNamed = (choice: SomeStageChoice): Stage => stageOf(stages, choice)
