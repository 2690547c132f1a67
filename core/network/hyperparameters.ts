/** Every choice that a life depends on. Plain data; the codec that checks ranges is in codecs/hyperparameters.ts. */
import type { Activation } from '../port/activation.js'
import type { Loss } from '../port/objective.js'

/** Hyperparameters of a SAGP. Symbols in brackets are the paper's; "reading" marks where the paper is silent. */
export interface Hyperparameters {
  /** Message-passing steps [L]. */
  readonly steps: number
  /** Exponent of the competition loss [alpha]; smaller is fiercer. */
  readonly alpha: number
  /** Weight of the neurons' competition [gamma1]. */
  readonly gamma1: number
  /** Weight of the synapses' competition [gamma2]. */
  readonly gamma2: number
  /** A neuron dies below beta times the mean soft mask [beta]. */
  readonly beta: number
  /** Quiet epochs before a birth [N]. */
  readonly growthPatience: number
  /** Most neurons ever born [Hmax]. */
  readonly maxHidden: number
  /** Neurons present at the start. */
  readonly initialHidden: number
  /** Temperature of the masks [tau]. Reading: 1. */
  readonly tau: number
  /** Mask logits at birth. Reading: 0. */
  readonly initialLogit: number
  /** `fresh`: Glorot times `newbornScale`; `gestated`: as if in the optimiser, decaying, since epoch 0. */
  readonly newborn: 'fresh' | 'gestated'
  readonly newbornScale: number
  readonly activation: Activation
  /** x_i^l = input in every step (M 8), or x_i^(l+1) = act(x_i^l) (S 3). Reading: clamped. */
  readonly clampedInputs: boolean
  /** Identity self-loops on the outputs (S 11). */
  readonly outputEnhancement: boolean
  readonly outputBias: boolean
  /** Self-loops of hidden neurons may exist. Reading: no. */
  readonly hiddenLoops: boolean
  /** Masks in evaluation: the sign of the logit, or sampled. Reading: noiseless. */
  readonly evaluationMasks: 'noiseless' | 'sampled'
  /** The apoptosis rule sees the soft mask with noise. Reading: no. */
  readonly apoptosisNoise: boolean
  /** A birth sets the count of quiet epochs to 0, as a death does. Reading: yes. */
  readonly birthResetsQuiet: boolean
  readonly loss: Loss
  readonly batchNorm: boolean
  /** Running mean and variance of a newborn. Reading: 0 and 1. */
  readonly newbornMean: number
  readonly newbornVariance: number
  /** Probability that a message's source is dropped in training. */
  readonly dropout: number
  /** One dropout sample of the inputs per forward pass or per step. Reading: pass. */
  readonly inputDropout: 'pass' | 'step'
  /** The same for hidden values. Reading: step. */
  readonly hiddenDropout: 'pass' | 'step'
  readonly learningRate: number
  /** L2 added to the gradient of weights, biases and norm parameters. */
  readonly weightDecay: number
  /** Mask logits decay too. Reading: no. */
  readonly decayMasks: boolean
  /** Adam's bias correction by all updates made, or by those each synapse has lived. Reading: global. */
  readonly biasCorrection: 'global' | 'own'
  /** Largest global norm of the gradient; 0 is off. */
  readonly clipNorm: number
  readonly schedule: 'constant' | 'cosine'
  /** Rows in a mini-batch; 0 is the full batch. */
  readonly batchSize: number
  readonly epochs: number
  /** Stop when the monitored loss has not improved for so many epochs; 0 is off. */
  readonly stopPatience: number
  /** Stop when births, deaths and open masks have stood still for so many epochs; 0 is off. */
  readonly stopStable: number
  /** Ablations (supplement 4.5). */
  readonly growth: boolean
  readonly competition: boolean
  readonly apoptosis: boolean
}

/** The paper's Table 2 and, for the rest, the readings. */
export const defaults: Hyperparameters = {
  steps: 3,
  alpha: 0.2,
  gamma1: 0.05,
  gamma2: 0.001,
  beta: 0.5,
  growthPatience: 10,
  maxHidden: 128,
  initialHidden: 0,
  tau: 1,
  initialLogit: 0,
  newborn: 'fresh',
  newbornScale: 1,
  activation: 'swish',
  clampedInputs: true,
  outputEnhancement: false,
  outputBias: false,
  hiddenLoops: false,
  evaluationMasks: 'noiseless',
  apoptosisNoise: false,
  birthResetsQuiet: true,
  loss: 'softmax',
  batchNorm: false,
  newbornMean: 0,
  newbornVariance: 1,
  dropout: 0,
  inputDropout: 'pass',
  hiddenDropout: 'step',
  learningRate: 0.01,
  weightDecay: 0,
  decayMasks: false,
  biasCorrection: 'global',
  clipNorm: 0,
  schedule: 'constant',
  batchSize: 0,
  epochs: 50000,
  stopPatience: 0,
  stopStable: 0,
  growth: true,
  competition: true,
  apoptosis: true
}

/** What a forward pass needs to know. */
export type NetworkSettings = Pick<Hyperparameters, 'steps' | 'activation' | 'clampedInputs' | 'outputEnhancement'>
/** What a training needs to know, whatever it trains. */
export type TrainingSettings = Pick<
  Hyperparameters,
  | 'loss'
  | 'learningRate'
  | 'weightDecay'
  | 'clipNorm'
  | 'schedule'
  | 'batchSize'
  | 'epochs'
  | 'stopPatience'
  | 'stopStable'
>
