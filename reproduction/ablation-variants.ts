/** The preset `swift` with one ingredient left out: what it learns with. Pure. */
import type { Experiment } from '../experiments/experiment.js'
import type { AnyStageChoice } from '../models/stages.js'

type Settings = Pick<Experiment, 'hyperparameters' | 'stages'>

/** A variant: what is left out, in words, and how. */
export interface Variant {
  readonly what: string
  readonly of: (settings: Settings) => Settings
}

/** The stages of `swift`: a network without hidden neurons, a life, all that is of effect trained on, then thinnings. */
const parts = (
  stages: readonly AnyStageChoice[]
): { readonly linear: AnyStageChoice; readonly life: AnyStageChoice; readonly settled: AnyStageChoice } => {
  const [linear, life, settled] = stages as readonly [AnyStageChoice, AnyStageChoice, AnyStageChoice]
  return { linear, life, settled }
}

/** A stage that lasts longer by another one, which is left out. */
const longer = (stage: AnyStageChoice, { epochs }: AnyStageChoice): AnyStageChoice => ({
  ...stage,
  epochs: stage.epochs + epochs
})

/** A stage with another dropout, if it has one of its own. */
const withDropout = (stage: AnyStageChoice, dropout: number): AnyStageChoice =>
  stage.with?.dropout === undefined ? stage : { ...stage, with: { ...stage.with, dropout } }

/** Settings with another dropout once the life is over. */
const afterwards = ({ hyperparameters, stages }: Settings, dropout: number): Settings => ({
  hyperparameters,
  stages: stages.map((stage, i) => (i < 2 ? stage : withDropout(stage, dropout)))
})

const withStages =
  (change: (stages: readonly AnyStageChoice[]) => readonly AnyStageChoice[]): Variant['of'] =>
  ({ hyperparameters, stages }) => ({ hyperparameters, stages: change(stages) })

const withHyperparameters =
  (differing: Partial<Experiment['hyperparameters']>): Variant['of'] =>
  ({ hyperparameters, stages }) => ({ hyperparameters: { ...hyperparameters, ...differing }, stages })

/** Names of the variants, the preset first. */
export const variantNames = [
  'preset',
  'no-linear',
  'no-life',
  'no-competition',
  'no-settling',
  'all-dropout',
  'capped-dropout',
  'no-dropout',
  'no-bias',
  'no-batchnorm'
] as const
/** The name of a variant. */
export type VariantName = (typeof variantNames)[number]

/** The variants by name; epochs of what is left out are given to the stage beside it. */
export const variants: Readonly<Record<VariantName, Variant>> = {
  preset: { what: 'the preset swift', of: settings => settings },
  'no-linear': {
    what: 'without a network of inputs alone first',
    of: withStages(stages => {
      const { linear, life } = parts(stages)
      return [longer(life, linear), ...stages.slice(2)]
    })
  },
  'no-life': {
    what: 'without a life: no hidden neuron is ever born',
    of: withStages(stages => {
      const { linear, life, settled } = parts(stages)
      return [linear, longer(settled, life), ...stages.slice(3)]
    })
  },
  'no-competition': { what: 'without competition in the life', of: withHyperparameters({ competition: false }) },
  'no-settling': {
    what: 'thinned at once after the life',
    of: withStages(stages => {
      const { life, settled } = parts(stages)
      return [...stages.slice(0, 1), longer(life, settled), ...stages.slice(3)]
    })
  },
  'all-dropout': {
    what: "with all of the life's dropout once it is over, not half",
    of: settings => afterwards(settings, settings.hyperparameters.dropout)
  },
  'capped-dropout': {
    what: "with the life's dropout once it is over, but .1 at most",
    of: settings => afterwards(settings, Math.min(0.1, settings.hyperparameters.dropout))
  },
  'no-dropout': {
    what: 'without dropout',
    of: ({ hyperparameters, stages }) => ({
      hyperparameters: { ...hyperparameters, dropout: 0 },
      stages: stages.map(stage => withDropout(stage, 0))
    })
  },
  'no-bias': { what: 'without biases of outputs', of: withHyperparameters({ outputBias: false }) },
  'no-batchnorm': { what: 'without BatchNorm', of: withHyperparameters({ batchNorm: false }) }
}

/** Longer than any schedule: no contest ends early, so that every variant shows all of its networks. */
const FOREVER = 1e9

/** An experiment as a variant has it, its contests going on to the end. */
export const varied = (experiment: Experiment, name: VariantName): Experiment => {
  const { hyperparameters, stages } = variants[name].of(experiment)
  return {
    ...experiment,
    hyperparameters,
    stages: stages.map(stage => (stage.name === 'thin' ? { ...stage, patience: FOREVER } : stage))
  }
}
