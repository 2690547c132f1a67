/** Every hyperparameter as a flag. */
import type { Command } from 'commander'
import { Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { hyperparameterFields } from '../codecs/hyperparameters.js'
import type { Codec } from '../codecs/strict.js'
import { decode } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { SomeHyperparameters } from '../experiments/plan.js'

const helps: Readonly<Record<keyof typeof hyperparameterFields, string>> = {
  steps: 'message-passing steps [L]',
  alpha: 'exponent of the competition loss; smaller is fiercer',
  gamma1: "weight of the neurons' competition",
  gamma2: "weight of the synapses' competition",
  beta: 'a neuron dies below beta times the mean soft mask',
  growthPatience: 'quiet epochs before a birth [N]',
  maxHidden: 'most neurons ever born [Hmax]',
  initialHidden: 'neurons present at the start',
  tau: 'temperature of the masks',
  initialLogit: 'mask logits at birth',
  newborn: 'weights of newborns: fresh, or gestated (as if decaying since epoch 0)',
  newbornScale: "factor of a fresh newborn's weights",
  activation: 'activation of hidden neurons',
  clampedInputs: 'inputs keep their value in every step',
  outputEnhancement: 'identity self-loops on outputs',
  outputBias: 'bias on outputs',
  hiddenLoops: 'self-loops on hidden neurons',
  evaluationMasks: 'masks in evaluation',
  apoptosisNoise: 'the apoptosis rule sees masks with noise',
  birthResetsQuiet: 'a birth restarts the count of quiet epochs',
  loss: 'task loss; suits the target by itself',
  batchNorm: 'channel-wise BatchNorm of hidden neurons',
  newbornMean: "a newborn's running mean",
  newbornVariance: "a newborn's running variance",
  dropout: 'probability that a source is dropped in training',
  inputDropout: 'one sample of dropped inputs per pass or per step',
  hiddenDropout: 'one sample of dropped hidden values per pass or per step',
  learningRate: 'learning rate of Adam',
  weightDecay: 'L2 of weights, biases and norm parameters',
  decayMasks: 'L2 of mask logits too',
  biasCorrection: "Adam's bias correction by all updates, or by each entry's own",
  clipNorm: 'largest global norm of the gradient; 0 is off',
  schedule: 'course of the learning rate',
  batchSize: 'rows in a mini-batch; 0 is all of them',
  epochs: 'epochs to train',
  stopPatience: 'stop after so many epochs without a lower validation loss; 0 is off',
  stopStable: 'stop after so many epochs of an unchanged topology; 0 is off',
  growth: 'the growth rule',
  competition: 'the auxiliary loss',
  apoptosis: 'the apoptosis rule'
}

type Name = keyof typeof hyperparameterFields
const names = Object.keys(hyperparameterFields) as Name[]

/** The flag of a hyperparameter. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`

/** Adds a flag for each hyperparameter; what they stand at is the preset's business. */
export const addHyperparameters = (command: Command): Command => {
  for (const name of names) {
    const flag = flagOf(name)
    const group = 'Hyperparameters (where left out, the preset decides):'
    if (typeof defaults[name] === 'boolean') {
      command.addOption(new Option(flag, helps[name]).helpGroup(group))
      command.addOption(new Option(`--no-${flag.slice(2)}`, `without it`).hideHelp())
    } else {
      const kind = hyperparameterFields[name].name.replace(/^one of /, '').replaceAll(', ', '|')
      const value = typeof defaults[name] === 'number' ? 'number' : kind
      command.addOption(new Option(`${flag} <${value}>`, helps[name]).helpGroup(group))
    }
  }
  return command
}

const valueOf = (name: Name, raw: unknown): unknown =>
  typeof defaults[name] === 'number' && typeof raw === 'string' && raw.trim() !== '' && Number.isFinite(Number(raw))
    ? Number(raw)
    : raw

/** The hyperparameters among a command's options; a value that does not fit is named by its flag. */
export const hyperparametersFrom = (
  options: Readonly<Record<string, unknown>>
): E.Either<Failure, SomeHyperparameters> => {
  const chosen: Record<string, unknown> = {}
  for (const name of names) {
    if (options[name] === undefined) continue
    const made = decode(hyperparameterFields[name] as Codec<unknown>, flagOf(name))(valueOf(name, options[name]))
    if (E.isLeft(made)) return E.left({ ...made.left, kind: 'usage', what: made.left.what.replace(/^it /, '') })
    chosen[name] = made.right
  }
  return E.right(chosen)
}
