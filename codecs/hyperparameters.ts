/** Hyperparameters from the outside: every range, every choice. */
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import { losses } from '../core/port/objective.js'
import { activations } from '../core/port/activation.js'
import type { Codec } from './strict.js'
import { boolean, choice, number, record, whole } from './strict.js'

/** The codec of each hyperparameter. */
export const hyperparameterFields: { readonly [K in keyof Hyperparameters]: Codec<Hyperparameters[K]> } = {
  steps: whole(1, 64),
  alpha: number(0, 100, 'min'),
  gamma1: number(0, 1e6),
  gamma2: number(0, 1e6),
  beta: number(0, 1e6),
  growthPatience: whole(1),
  maxHidden: whole(0, 65536),
  initialHidden: whole(0, 65536),
  tau: number(0, 1e6, 'min'),
  initialLogit: number(-1e6, 1e6),
  newborn: choice('fresh', 'gestated'),
  newbornScale: number(0, 1e6, 'min'),
  activation: choice(...activations),
  clampedInputs: boolean,
  outputEnhancement: boolean,
  outputBias: boolean,
  hiddenLoops: boolean,
  evaluationMasks: choice('noiseless', 'sampled'),
  apoptosisNoise: boolean,
  birthResetsQuiet: boolean,
  loss: choice(...losses),
  batchNorm: boolean,
  newbornMean: number(-1e6, 1e6),
  newbornVariance: number(0, 1e6),
  dropout: number(0, 1, 'max'),
  inputDropout: choice('pass', 'step'),
  hiddenDropout: choice('pass', 'step'),
  learningRate: number(0, 1e3, 'min'),
  weightDecay: number(0, 1e3),
  decayMasks: boolean,
  biasCorrection: choice('global', 'own'),
  clipNorm: number(0, 1e12),
  schedule: choice('constant', 'cosine'),
  batchSize: whole(0),
  epochs: whole(1, 1e9),
  stopPatience: whole(0),
  stopStable: whole(0),
  growth: boolean,
  competition: boolean,
  apoptosis: boolean
}

/** All hyperparameters; those left out take their defaults. */
export const HyperparametersCodec: Codec<Hyperparameters> = record('hyperparameters', hyperparameterFields, defaults)
