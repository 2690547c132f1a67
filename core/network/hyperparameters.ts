/**
 * Every choice that a life depends on: one row each, of plain data. Types, defaults, the checks at the doors, codec, flags,
 * report, the laws' generators and docs/hyperparameters.md read the rows; what each means stands in meanings.ts, which no
 * bundle loads. To add one: a row here and a line there.
 */
import type { Activation } from '../port/activation.js'
import { activations } from '../port/activation.js'
import type { FlagKind, NumberKind, WholeKind, WordKind } from '../port/checks.js'
import type { Loss } from '../port/objective.js'
import { losses } from '../port/objective.js'

/** What may stand in a row beside its kind and its default. */
interface Remarks {
  /** What the paper calls it. */
  readonly symbol?: string
  /** The paper is silent: the default is our reading of it. */
  readonly reading?: true
}

/** A hyperparameter as data: its range, choices, or neither for true or false, and what it is if left out. */
export type HyperparameterRow = Remarks &
  (
    | (NumberKind & { readonly default: number })
    | (WholeKind & { readonly default: number })
    | (WordKind & { readonly default: string })
    | FlagKind
  )

/** The table, by what the hyperparameters are about. Defaults are the paper's Table 2 and, for the rest, the readings. */
export const hyperparameterGroups = {
  /** The network and its forward pass. */
  network: {
    steps: { default: 3, whole: [1, 64], symbol: 'L' },
    activation: { default: 'swish', of: Object.keys(activations) as readonly Activation[] },
    clampedInputs: { default: true, reading: true },
    outputEnhancement: { default: false },
    outputBias: { default: false },
    hiddenLoops: { default: false, reading: true },
    batchNorm: { default: false }
  },
  /** Masks and their competition. */
  masks: {
    alpha: { default: 0.2, number: [0, 100], open: 'min', symbol: 'alpha' },
    gamma1: { default: 0.05, number: [0, 1e6], symbol: 'gamma1' },
    gamma2: { default: 0.001, number: [0, 1e6], symbol: 'gamma2' },
    tau: { default: 1, number: [0, 1e6], open: 'min', symbol: 'tau', reading: true },
    initialLogit: { default: 0, number: [-1e6, 1e6], reading: true },
    trainingMasks: { default: 'sampled', of: ['sampled', 'noiseless'] },
    evaluationMasks: { default: 'noiseless', of: ['noiseless', 'sampled'], reading: true }
  },
  /** Birth and death. */
  life: {
    beta: { default: 0.5, number: [0, 1e6], symbol: 'beta' },
    growthPatience: { default: 10, whole: [1], symbol: 'N' },
    maxHidden: { default: 128, whole: [0, 65536], symbol: 'Hmax' },
    initialHidden: { default: 0, whole: [0, 65536] },
    newborn: { default: 'fresh', of: ['fresh', 'gestated'] },
    newbornScale: { default: 1, number: [0, 1e6], open: 'min' },
    newbornMean: { default: 0, number: [-1e6, 1e6], reading: true },
    newbornVariance: { default: 1, number: [0, 1e6], reading: true },
    synapseBound: { default: 0, number: [0, 0.5], open: 'max' },
    apoptosisNoise: { default: false, reading: true },
    birthResetsQuiet: { default: true, reading: true }
  },
  /** The task and how it is learned. */
  training: {
    loss: { default: 'softmax', of: Object.keys(losses) as readonly Loss[] },
    dropout: { default: 0, number: [0, 1], open: 'max' },
    inputDropout: { default: 'pass', of: ['pass', 'step'], reading: true },
    hiddenDropout: { default: 'step', of: ['pass', 'step'], reading: true },
    learningRate: { default: 0.01, number: [0, 1e3], open: 'min' },
    weightDecay: { default: 0, number: [0, 1e3] },
    decayMasks: { default: false, reading: true },
    biasCorrection: { default: 'global', of: ['global', 'own'], reading: true },
    clipNorm: { default: 0, number: [0, 1e12] },
    schedule: { default: 'constant', of: ['constant', 'cosine'] },
    batchSize: { default: 0, whole: [0] },
    epochs: { default: 50_000, whole: [1, 1e9] },
    stopPatience: { default: 0, whole: [0] },
    stopStable: { default: 0, whole: [0] }
  },
  /** What may be taken away (supplement 4.5). */
  ablations: {
    growth: { default: true },
    competition: { default: true },
    apoptosis: { default: true }
  }
} as const

type Groups = typeof hyperparameterGroups

/** What a row's hyperparameter may be. */
type Value<Row> = Row extends { readonly of: readonly (infer Word)[] }
  ? Word
  : Row extends { readonly default: boolean }
    ? boolean
    : number

type Settings<Rows> = { readonly [Name in keyof Rows]: Value<Rows[Name]> }

/** What the forward pass is made of. */
export type NetworkSettings = Settings<Groups['network']>
/** Masks and their competition. */
export type MaskSettings = Settings<Groups['masks']>
/** Birth and death. */
export type LifeSettings = Settings<Groups['life']>
/** The task and how it is learned. */
export type TrainingSettings = Settings<Groups['training']>
/** What may be taken away. */
export type Ablations = Settings<Groups['ablations']>

/** Hyperparameters of a SAGP. */
export interface Hyperparameters extends NetworkSettings, MaskSettings, LifeSettings, TrainingSettings, Ablations {}

/** The rows of all groups, by name. */
export const hyperparameterRows: Readonly<Record<keyof Hyperparameters, HyperparameterRow>> = {
  ...hyperparameterGroups.network,
  ...hyperparameterGroups.masks,
  ...hyperparameterGroups.life,
  ...hyperparameterGroups.training,
  ...hyperparameterGroups.ablations
}

/** Names of the hyperparameters, in the order of the table. */
export const hyperparameterNames: readonly (keyof Hyperparameters)[] = Object.keys(
  hyperparameterRows
) as (keyof Hyperparameters)[]

/** The paper's Table 2 and, for the rest, the readings. */
export const defaults: Hyperparameters = Object.fromEntries(
  hyperparameterNames.map(name => [name, hyperparameterRows[name].default])
) as unknown as Hyperparameters
