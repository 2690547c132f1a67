/** What a fork may have otherwise than the run that it goes on from: what learns and from what stays. Node only. */
import { settle } from '../codecs/attempt.js'
import { HyperparametersCodec } from '../codecs/hyperparameters.js'
import { decode } from '../codecs/strict.js'
import type { Clock } from '../core/learning/state.js'
import type { StageHyperparameters } from '../core/life/stage.js'
import { stageHyperparameterNames } from '../core/life/stage.js'
import { checkedEpochs } from '../core/life/stage-values.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { hyperparameterGroups } from '../core/network/hyperparameters.js'
import { shown } from '../core/port/checks.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { SomeAnyStageChoice } from '../models/stages.js'
import { checkLength } from './check-choices.js'
import type { Experiment } from './experiment.js'
import { readingFields } from './experiment.js'
import { demandedOf, modelled } from './modelled.js'
import type { NamedParts } from './named.js'
import { checkedParts, endOf } from './named.js'
import type { Choices } from './plan.js'

/** Hyperparameters that a fork has of its run: what the network computes and learns, and how it began. */
export const fixedHyperparameters: readonly (keyof Hyperparameters)[] = [
  ...(Object.keys(hyperparameterGroups.network) as (keyof typeof hyperparameterGroups.network)[]),
  'evaluationMasks',
  'initialHidden',
  'loss'
]

/** What else it has of it, by the names of its choices. */
export const fixedChoices: readonly (keyof Choices & keyof Experiment)[] = [
  'data',
  'files',
  ...(Object.keys(readingFields) as (keyof typeof readingFields)[]),
  'preset',
  'seed',
  'model',
  'from',
  'weighValidation',
  'targetF1'
]

const flagOf = (name: string): string =>
  name === 'dates' ? '--date' : `--${name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`

const refuse = (where: string, what: string, cure: string): never => {
  throw new FailureError(failure('usage', where, what, cure))
}

/**
 * Refuses what cannot be otherwise than it was, whatever the moment.
 * @throws FailureError
 */
export const checkFixed = (parent: Experiment, choices: Choices): void => {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  const fixed = (name: string, was: unknown, wanted: unknown): void => {
    if (wanted === undefined || same(was, wanted)) return
    const empty = was === undefined || was === null || was === '' || (Array.isArray(was) && was.length === 0)
    const what = `a fork keeps what its run has${empty ? ' (none)' : `, ${shown(was)}`}, and cannot have ${shown(wanted)}`
    refuse(flagOf(name), what, 'Leave it out, or train a new run')
  }
  for (const name of fixedHyperparameters) fixed(name, parent.hyperparameters[name], choices.hyperparameters?.[name])
  for (const name of fixedChoices) fixed(name, parent[name], choices[name])
  if (choices.hyperparameters?.epochs !== undefined && choices.stages === undefined && parent.stages.length > 0)
    refuse('--epochs', 'a run with stages ends with its stages', "Say what is to follow: --stages 'life 300'")
  const smaller = (['targetSynapses', 'sparse', 'down'] as const).find(name => choices[name] !== undefined)
  if (smaller !== undefined)
    refuse(flagOf(smaller), 'it plans a whole run, a fork goes on', "Say it with --stages 'prune 500 synapses=900'")
}

/** Refuses other weights of rows where they decide which network is the best: that of the run was found by the old ones. */
const checkWeights = (parent: Experiment, { classWeights: wanted }: Choices, validationRows: number): void => {
  if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(parent.classWeights)) return
  if (parent.weighValidation || validationRows === 0)
    refuse('--class-weights', 'by the old ones the best network until now was found', 'Leave it out')
}

/** Settings of a fork, and its clock. */
export interface ForkSettings {
  readonly experiment: Experiment
  readonly clock: Clock
}

/** The stages of a run whose past ends here, before others; and the clock that says so. */
const replaced = (
  stages: Experiment['stages'],
  following: readonly SomeAnyStageChoice[],
  clock: Clock
): { readonly stages: readonly SomeAnyStageChoice[]; readonly clock: Clock } => {
  if (clock.epoch === 0) return { stages: following, clock }
  if (stages.length === 0 || clock.stage === null) {
    const past = { name: 'life', epochs: clock.epoch } as const
    return { stages: [past, ...following], clock: { ...clock, stage: { index: 0, epoch: clock.epoch, synapses: 0 } } }
  }
  const { over: _, ...place } = clock.stage
  const cut = stages.slice(0, place.index + 1).map((stage, i) =>
    // patience would end not this stage alone, but the contest that it may belong to, and the schedule with it
    i < place.index ? stage : { ...stage, epochs: place.epoch, with: { ...stage.with, stopPatience: 0 } }
  )
  return { stages: [...cut, ...following], clock: { ...clock, stage: place } }
}

/** Stages from a moment on with some hyperparameters otherwise, whatever each has made of them. */
const changed = (
  stages: Experiment['stages'],
  wanted: Partial<Hyperparameters>,
  { stage }: Clock
): Experiment['stages'] => {
  const differing: StageHyperparameters = Object.fromEntries(
    stageHyperparameterNames.flatMap(name => (wanted[name] === undefined ? [] : [[name, wanted[name]]]))
  )
  if (Object.keys(differing).length === 0) return stages
  return stages.map((s, i) => (i < (stage?.index ?? 0) ? s : { ...s, with: { ...s.with, ...differing } }))
}

/** Refuses a fork that would have nothing to train. */
const checkLeft = (experiment: Experiment, clock: Clock): void => {
  const end = endOf(experiment, clock)
  if (end === undefined) return
  const cures = {
    epochs: experiment.stages.length > 0 ? 'Say what is to follow with --stages' : 'Give more with --epochs',
    patience: 'Raise --stop-patience, or name an earlier epoch',
    stable: 'Raise --stop-stable, or name an earlier epoch',
    target: 'Say what is to follow with --stages'
  }
  refuse(`epoch ${clock.epoch}`, `nothing is left to train after it (it ends by ${end})`, cures[end])
}

/**
 * The settings of a run that goes on from a moment of another: those of `parent` but for what is chosen. `births` is the
 * number of neurons ever born until then. Stages that are chosen replace all that would follow.
 * @throws FailureError if something is chosen that a fork cannot have otherwise, or nothing is left to train
 */
export const forkSettings = (
  parent: Experiment,
  choices: Choices,
  at: { readonly clock: Clock; readonly births: number; readonly validationRows: number }
): ForkSettings => {
  checkFixed(parent, choices)
  checkWeights(parent, choices, at.validationRows)
  const { hyperparameters: wanted = {}, stages: following, rule, optimiser, classWeights, backend } = choices
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
  const parts: Omit<NamedParts, 'stages'> = modelled(
    { model: parent.model, rule: rule ?? parent.rule, optimiser: optimiser ?? parent.optimiser },
    undefined
  )
  if (parts.optimiser.name !== parent.optimiser.name) {
    const what = `what it remembers of each weight is of ${parent.optimiser.name}, not of ${parts.optimiser.name}`
    refuse('--optimiser', what, 'Leave it out, or begin another run with train --from')
  }
  if (wanted.epochs !== undefined && following) checkLength(following)
  const after = following
    ? replaced(parent.stages, following, at.clock)
    : { stages: changed(parent.stages, given, at.clock), clock: at.clock }
  const { stages } = checkedParts({ ...parts, stages: after.stages })
  const epochs = stages.length > 0 ? { epochs: checkedEpochs('--stages', stages) } : {}
  const asked = { ...parent.hyperparameters, ...given, ...demandedOf(parent.model, wanted), ...epochs }
  const hyperparameters = settle(decode(HyperparametersCodec, 'hyperparameters')(asked))
  if (hyperparameters.maxHidden < at.births)
    refuse('--max-hidden', `${at.births} neurons have been born already`, 'Raise it, or leave it out')
  const { extended: _, targetF1, ...kept } = parent
  const experiment: Experiment = {
    ...kept,
    ...parts,
    stages,
    backend: backend === undefined || backend === 'auto' ? parent.backend : backend,
    classWeights: classWeights ?? parent.classWeights,
    ...(following || targetF1 === undefined ? {} : { targetF1 }),
    hyperparameters
  }
  checkLeft(experiment, after.clock)
  return { experiment, clock: after.clock }
}
