/** What may stand beside the hyperparameters of a fit: a row each, with what it must be. All doors of the estimators read them. */
import type { Tensor } from '../backends/open.js'
import type { Rule } from '../core/life/census.js'
import type { Stage } from '../core/life/stage.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import type { Kind } from '../core/port/checks.js'
import { fitsKind, kindCure, kindName, shown } from '../core/port/checks.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { SomeStageChoice } from '../rules/stages.js'
import type { Use } from './evaluation.js'
import type { StoredModel } from './predictor.js'
import type { PresetName } from './presets.js'
import { presetNames } from './presets.js'
import type { TrajectoryLine } from './trajectory.js'

/** An epoch in plain numbers. */
export interface EpochReport extends Omit<TrajectoryLine, 'ms'> {
  /** Wall time of the epoch. */
  readonly seconds: number
}

/** How to fit; any hyperparameter may stand beside these, and what is `undefined` counts as left out. */
export interface FitOptions<T = Tensor> extends Partial<{
  readonly [K in keyof Hyperparameters]: Hyperparameters[K] | undefined
}> {
  readonly preset?: PresetName | undefined
  /** A whole number from 0 to 2^53 - 1; 1 if left out. */
  readonly seed?: number | undefined
  /** An open backend, which stays open; if left out, simd is opened, and closed with the model. */
  readonly backend?: Backend<T> | undefined
  /** The rule of birth and death; the paper's if left out. */
  readonly rule?: ((h: Hyperparameters) => Rule) | undefined
  /** Stages one after the other, by name or as values, in place of the preset's; their epochs are those of the fit. */
  readonly stages?: readonly (SomeStageChoice | Stage)[] | undefined
  /** Effective synapses that the network is to have at its end, for the preset's stages; as few as it has otherwise. */
  readonly targetSynapses?: number | undefined
  /**
   * F1-micro on the rows that are watched, from 0 to 1: the stages go down in steps of a fifth of the synapses, until five
   * in a row miss it, for at most 8 times `epochs`; the network is the smallest that keeps it, or the best of the way if none does, which
   * `stored.target` says.
   */
  readonly targetF1?: number | undefined
  /** Share of the rows that is watched, not learned from: 0 to 0.5; 0.2 if left out. */
  readonly validationShare?: number | undefined
  /** Weight of each row, from 0. */
  readonly sampleWeights?: readonly number[] | undefined
  /**
   * Weighs the rows that are watched as those that are learned from, so that the best network is the best by weight: a
   * reading, the paper weighs nothing. False if left out.
   */
  readonly weighValidation?: boolean | undefined
  /** A model to go on from, for `epochs` more epochs; its preparation and its classes stay. */
  readonly from?: StoredModel | undefined
  /** Which network to give: that of the lowest validation loss, by default wherever rows are watched, or the last. */
  readonly use?: Use | undefined
  /** Ends the fit when it is aborted; what has been learned comes back. */
  readonly signal?: AbortSignal | undefined
  /** Is told every epoch. */
  readonly onEpoch?: ((epoch: EpochReport) => void) | undefined
}

/** Refuses what a caller gave. */
export const refuse = (where: string, what: string, cure: string): never => {
  throw new FailureError(failure('usage', where, what, cure))
}

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> => typeof u === 'object' && u !== null
const isFunction = (u: unknown): boolean => typeof u === 'function'

/** Whether there is a list: an array or a typed one. */
export const isList = (u: unknown): u is ArrayLike<unknown> =>
  Array.isArray(u) || (ArrayBuffer.isView(u) && 'length' in u)

/** What a caller gave, in a word: values in full, what is large or may be cyclic by its kind. */
export const named = (u: unknown): string => {
  if (!isRecord(u)) return shown(u)
  return isFunction(u['then']) ? 'a promise' : isList(u) ? 'a list' : 'a record'
}

/** Records without which a stored model is none. */
const storedParts = [
  ...['state.clock', 'state.model.facts', 'state.model.parameters', 'state.model.buffers', 'state.moments'],
  ...['hyperparameters', 'preparation.features', 'task.outputs']
].map(path => path.split('.'))

const isStored = (u: unknown): boolean =>
  storedParts.every(path => isRecord(path.reduce<unknown>((v, key) => (isRecord(v) ? v[key] : undefined), u)))

/** What is no kind of plain values: what it must be, whether it is, and what to do if it is not. */
interface Door {
  readonly must: string
  readonly fits: (u: unknown) => boolean
  readonly cure: string
}

type Own = Exclude<keyof FitOptions, keyof Hyperparameters> | 'threshold' | 'classWeights' | 'validation' | 'stored'

const doors: Readonly<Record<Own, Kind | Door>> = {
  preset: { of: presetNames },
  seed: { whole: [0] },
  stages: {
    must: 'a list of stages',
    fits: isList,
    cure: "Write it as in { stages: [{ name: 'life', epochs: 500 }] }"
  },
  targetSynapses: { whole: [1, 1e9] },
  targetF1: { number: [0, 1] },
  validationShare: { number: [0, 0.5] },
  threshold: { number: [0, 1] },
  use: { of: ['best', 'last'] },
  backend: {
    must: 'an open backend',
    fits: u => isRecord(u) && isRecord(u['kernels']) && isFunction(u['scope']),
    cure: 'Await one, as in { backend: await simd() }, or leave it out'
  },
  rule: {
    must: 'a function of the hyperparameters that gives a rule',
    fits: isFunction,
    cure: 'Write it as in { rule: h => paperRule(h) }'
  },
  sampleWeights: { must: 'a list of numbers', fits: isList, cure: 'Give one number from 0 on for each row' },
  weighValidation: { default: false },
  classWeights: {
    must: "'balanced' or a record",
    fits: u => u === 'balanced' || (isRecord(u) && !isList(u)),
    cure: 'Give one of them'
  },
  validation: {
    must: 'a record of x and y',
    fits: u => isRecord(u) && u['x'] !== undefined && u['y'] !== undefined,
    cure: 'Give { x, y }, or a validationShare'
  },
  from: { must: 'a stored model', fits: isStored, cure: 'Give the model.stored of a fit' },
  stored: { must: 'a stored model', fits: isStored, cure: 'Give a model as a fit gave it' },
  signal: {
    must: 'an AbortSignal',
    fits: u => isRecord(u) && typeof u['aborted'] === 'boolean',
    cure: 'Give the signal of an AbortController'
  },
  onEpoch: { must: 'a function', fits: isFunction, cure: 'Write it as in { onEpoch: epoch => console.log(epoch) }' }
}

/** Refuses an option that is not what its row says.
 * @throws FailureError
 */
export const checkOption = (name: Own, u: unknown): void => {
  const door = doors[name]
  const [must, fits, cure] =
    'must' in door ? [door.must, door.fits(u), door.cure] : [kindName(door), fitsKind(door, u), kindCure(door, u)]
  if (!fits) refuse(name, `it must be ${must}, not ${named(u)}`, cure)
}

/** The very options, if those that are given and no hyperparameters are what their rows say.
 * @throws FailureError
 */
export const checkedOptions = <O extends object>(options: O): O => {
  if (!isRecord(options) || isList(options))
    refuse('options', `they must be a record, not ${named(options)}`, 'Give one, or leave it out')
  const given = options as Readonly<Record<string, unknown>>
  for (const name of Object.keys(doors) as readonly Own[]) if (given[name] !== undefined) checkOption(name, given[name])
  if (given['validation'] !== undefined && given['validationShare'] !== undefined)
    refuse('validationShare', 'rows to watch are given by validation already', 'Leave one of the two out')
  return options
}
