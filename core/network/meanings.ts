/** What each hyperparameter means, for help, reports and documentation. No bundle for browsers loads this file. */
import type { Hyperparameters } from './hyperparameters.js'
import { hyperparameterRows } from './hyperparameters.js'

/** The meaning of each hyperparameter, as it stands in the help. */
export const meanings: Readonly<Record<keyof Hyperparameters, string>> = {
  steps: 'message-passing steps',
  activation: 'activation of hidden neurons; gelu is its tanh form',
  clampedInputs: 'inputs keep their value in every step (M 8); without, they are activated from step to step (S 3)',
  outputEnhancement: 'identity self-loops on outputs (S 11)',
  outputBias: 'bias on outputs',
  hiddenLoops: 'self-loops of hidden neurons may exist',
  batchNorm: 'channel-wise BatchNorm of hidden neurons',
  alpha: 'exponent of the competition loss; smaller is fiercer',
  gamma1: "weight of the neurons' competition",
  gamma2: "weight of the synapses' competition",
  tau: 'temperature of the masks',
  initialLogit: 'mask logits at birth',
  trainingMasks: 'masks in training: sampled, or fixed by the sign of the logit, which then keeps still',
  evaluationMasks: 'masks in evaluation: by the sign of the logit, or sampled',
  beta: 'a neuron dies below beta times the mean soft mask',
  growthPatience: 'quiet epochs before a birth',
  maxHidden: 'most neurons ever born',
  initialHidden: 'neurons present at the start',
  newborn: 'weights of newborns: fresh (Glorot times the scale), or gestated (as if decaying in Adam since epoch 0)',
  newbornScale: "factor of the first weights, and of a fresh newborn's",
  newbornMean: "a newborn's running mean",
  newbornVariance: "a newborn's running variance",
  synapseBound: 'a synapse dies whose soft mask without noise is not above it; 0 is off',
  apoptosisNoise: 'the apoptosis rule sees soft masks with noise',
  birthResetsQuiet: 'a birth restarts the count of quiet epochs, as a death does',
  loss: 'task loss; where left out, the usual one for the target; huber bears outliers among numbers',
  dropout: "probability that a message's source is dropped in training",
  inputDropout: 'one sample of dropped inputs per forward pass or per step',
  hiddenDropout: 'one sample of dropped hidden values per forward pass or per step',
  learningRate: 'learning rate of the optimiser',
  weightDecay: 'L2 added to the gradient of weights, biases and norm parameters',
  decayMasks: 'L2 of mask logits too',
  biasCorrection: "Adam's bias correction by all updates made, or by those that each entry has lived",
  clipNorm: 'largest global norm of the gradient; 0 is off',
  schedule: 'course of the learning rate',
  batchSize: 'rows in a mini-batch; 0 is all of them',
  epochs: 'epochs to train',
  stopPatience: 'stop after so many epochs without a lower monitored loss; 0 is off',
  stopStable: 'stop after so many epochs without a birth, a death or a change of open masks; 0 is off',
  growth: 'the growth rule',
  competition: 'the auxiliary loss',
  apoptosis: 'the apoptosis rule'
}

/** A hyperparameter's meaning with the paper's symbol, if it has one.
 * @example meaningOf('steps') // => 'message-passing steps [L]'
 */
export const meaningOf = (name: keyof Hyperparameters): string => {
  const { symbol } = hyperparameterRows[name]
  return symbol === undefined ? meanings[name] : `${meanings[name]} [${symbol}]`
}
