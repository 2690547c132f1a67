/** From what somebody chose to a whole experiment: defaults, preset, config file and flags, the later winning. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { BackendName } from '../backends/open.js'
import { backendNames } from '../backends/open.js'
import { attempt, settle } from '../codecs/attempt.js'
import { sha256 } from '../codecs/bytes.js'
import { hyperparameterFields, HyperparametersCodec } from '../codecs/hyperparameters.js'
import type { Codec } from '../codecs/strict.js'
import { boolean, choice, decode, list, number, optional, record, text, whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import type { State } from '../core/learning/state.js'
import { checkedEpochs, checkEnough } from '../core/life/stage-values.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Task } from '../data/dataset.js'
import { suited } from '../data/dataset.js'
import type { Reading } from '../data/reading.js'
import { plainReading } from '../data/reading.js'
import { machineMemory } from '../storage/environment.js'
import { candidates, fastest } from './backend-speed.js'
import { checkClassWeights, checkEnds, checkLength, checkTarget } from './check-choices.js'
import type { ClassWeights, Experiment } from './experiment.js'
import { demandedOf, modelled, scheduleOf } from './modelled.js'
import type { NamedParts, SomeNamedParts } from './named.js'
import { checkedParts, partFields } from './named.js'
import { ClassWeightsCodec, readingFields } from './experiment.js'
import type { Loaded } from './load.js'
import { load } from './load.js'
import type { RunEnvironment } from './environment.js'
import type { SparseName } from '../models/schedules.js'
import { sparseNames } from '../models/schedules.js'
import type { PresetName } from '../estimators/presets.js'
import { checkShapes } from '../estimators/on-backend.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'
import { checkMemory, memoryRemarks } from '../estimators/memory-estimate.js'
import type { RunNetwork } from './load-model.js'
import { loadNetwork } from './load-model.js'
import type { RunName } from './run-name.js'
import { isFolder, meaningsOf } from './run-name.js'
import { presetNames, presets } from '../estimators/presets.js'
import { stepsToScore, wayDown } from '../estimators/way-down.js'

/** Some of the hyperparameters. */
export type SomeHyperparameters = { readonly [K in keyof Hyperparameters]?: Hyperparameters[K] | undefined }

/** Some of how a table is to be read. */
export type SomeReading = { readonly [K in keyof Reading]?: Reading[K] | undefined }

/** What somebody chose; the rest is left to the preset and the defaults. */
export interface Choices extends SomeReading, SomeNamedParts {
  readonly data?: string | undefined
  readonly files?: readonly string[] | undefined
  readonly preset?: PresetName | undefined
  readonly seed?: number | undefined
  /** `auto` is the fastest here for the problem. */
  readonly backend?: BackendName | 'auto' | undefined
  readonly classWeights?: ClassWeights | undefined
  readonly weighValidation?: boolean | undefined
  readonly from?: string | undefined
  /** How a rival that begins dense gets sparse. */
  readonly sparse?: SparseName | undefined
  /** Effective synapses in the end, by the preset's stages or those of the model. */
  readonly targetSynapses?: number | undefined
  /** Steps from the end of the stages down to few synapses: a number of effective ones, or below 1 a share of those left. */
  readonly down?: readonly number[] | undefined
  /** F1-micro on the validation rows that the smallest network of its stages is to keep; by default in steps of a fifth. */
  readonly targetF1?: number | undefined
  readonly hyperparameters?: SomeHyperparameters | undefined
}

const some = <A extends object>(fields: object): { readonly [K in keyof A]-?: Codec<A[K]> } =>
  Object.fromEntries(
    Object.entries(fields).map(([name, codec]) => [name, optional(codec as Codec<unknown>)])
  ) as unknown as { readonly [K in keyof A]-?: Codec<A[K]> }

/** The codec of a config file, which may hold part of an experiment. */
export const ChoicesCodec: Codec<Choices> = record<Choices>('a config', {
  data: optional(text()),
  files: optional(list(text(), 10_000)),
  ...some<SomeReading>(readingFields),
  ...some<SomeNamedParts>(partFields),
  preset: optional(choice(...presetNames)),
  seed: optional(whole(0)),
  backend: optional(choice('auto', ...backendNames)),
  classWeights: optional(ClassWeightsCodec),
  weighValidation: optional(boolean),
  from: optional(text()),
  sparse: optional(choice(...sparseNames)),
  targetSynapses: optional(whole(1, 1e9)),
  down: optional(list(number(0, 1e9, 'min'), 1000)),
  targetF1: optional(number(0, 1)),
  hyperparameters: optional(
    record<SomeHyperparameters>('hyperparameters', some<SomeHyperparameters>(hyperparameterFields))
  )
})

/** What a fork has of the run that it goes on from. */
export interface Inheritance {
  readonly state: State<NdArray>
  /** The best until then. */
  readonly best: State<NdArray>
  /** Of the stages that were over, the best and the last. */
  readonly kept: readonly State<NdArray>[]
  /** Its trajectory until then. */
  readonly past: readonly TrajectoryLine[]
  /** What came by standard input, if its data did. */
  readonly input?: Uint8Array | undefined
}

/** An experiment with its data. */
export interface Plan {
  readonly experiment: Experiment
  readonly loaded: Loaded
  /** The network that it starts from, if not from nothing. */
  readonly start?: State<NdArray>
  /** What it goes on with, if it is a fork. */
  readonly fork?: Inheritance
}

/** A record without the fields that are undefined. */
type Present<A> = { readonly [K in keyof A]?: Exclude<A[K], undefined> }

const present = <A extends object>(a: A): Present<A> =>
  Object.fromEntries(Object.entries(a).filter(([, v]) => v !== undefined)) as Present<A>

/** `second` wins over `first`. */
export const override = (first: Choices, second: Choices): Choices => ({
  ...present(first),
  ...present(second),
  hyperparameters: { ...present(first.hyperparameters ?? {}), ...present(second.hyperparameters ?? {}) }
})

/** Choices that contradict each other or the task. */
const consistent = (h: Hyperparameters, { kind }: Task): E.Either<Failure, Hyperparameters> => {
  const wrong = (flag: string, what: string, cure: string): E.Either<Failure, never> =>
    E.left(failure('usage', flag, what, cure))
  if (h.initialHidden > h.maxHidden) {
    return wrong(
      '--initial-hidden',
      `${h.initialHidden} is more than the ${h.maxHidden} that may ever be born`,
      'Lower it, or raise --max-hidden'
    )
  }
  return E.map(() => h)(suited(kind, h.loss, '--loss'))
}

/** Where none is ever born, all neurons are there from the start (supplement 4.5), unless their number is given. */
const ablated = (h: Hyperparameters, { name }: NamedParts['rule'], chosen: SomeHyperparameters): Hyperparameters =>
  (h.growth && name !== 'none') || chosen.initialHidden !== undefined ? h : { ...h, initialHidden: h.maxHidden }

/** The fastest backend here for a data set. */
export const fastestFor = async (
  { training, features, task }: Loaded['dataset'],
  h: Hyperparameters
): Promise<BackendName> => {
  const rows = h.batchSize === 0 ? training.rows.length : Math.min(h.batchSize, training.rows.length)
  return fastest(await candidates({ rows, inputs: features.length, outputs: task.outputs.length, hyperparameters: h }))
}

/** The network that a run is to start from, if it is to start from one. */
const startOf = (from: string, environment: RunEnvironment): TE.TaskEither<Failure, RunNetwork | undefined> =>
  attempt(async get => {
    if (from === '') return undefined
    const meanings = meaningsOf(from)
    let meant = meanings.at(-1) as RunName
    for (const meaning of [...meanings].reverse()) if (await isFolder(meaning.folder)) meant = meaning
    return get(loadNetwork(meant.folder, { epoch: meant.epoch, stage: meant.stage, environment }))
  })

/** Loads the data, then settles every setting. */
export const plan = (c: Choices, environment: RunEnvironment = {}): TE.TaskEither<Failure, Plan> =>
  attempt(async get => {
    const {
      data = 'digits',
      files = [],
      seed = 1,
      backend = 'simd',
      from = '',
      classWeights = 'none',
      weighValidation = false,
      sparse,
      targetSynapses,
      targetF1,
      down = targetF1 === undefined ? undefined : stepsToScore,
      ...others
    } = c
    const { hyperparameters: wanted = {}, preset: presetNamed, model, rule, optimiser, stages, ...chosen } = others
    const reading = { ...plainReading, ...present(chosen) }
    checkEnds(c)
    const start = await get(startOf(from, environment))
    const preset = presetNamed ?? start?.experiment.preset ?? 'swift'
    const known = start && presetNamed === undefined ? start.experiment.hyperparameters : undefined
    const loss = wanted.loss ?? known?.loss
    const loaded = await get(load({ data, files, ...reading }, seed, environment, { loss, known: start?.card, from }))
    const { dataset } = loaded
    const small = targetSynapses !== undefined || down !== undefined
    const named = modelled({ model, rule, optimiser }, start?.experiment)
    const own = stages === undefined && named.model.name === 'sagp'
    const base = known ?? presets[preset](dataset, { ...(own ? wanted : {}), small })
    const demanded = demandedOf(named.model, wanted)
    const asked = settle(decode(HyperparametersCodec, 'hyperparameters')({ ...base, ...present(wanted), ...demanded }))
    if (targetF1 !== undefined) checkTarget(dataset)
    const wish = {
      epochs: asked.epochs,
      synapses: targetSynapses,
      sparse,
      weighed: weighValidation,
      hyperparameters: asked
    }
    const goesOn = start !== undefined && targetSynapses === undefined && sparse === undefined
    const life = stages ?? (down || goesOn ? [] : scheduleOf(named.model, preset, dataset, wish))
    const schedule = down ? wayDown(life, down, asked) : life
    if (stages && stages.length > 0 && wanted.epochs !== undefined) checkLength(stages)
    const parts = checkedParts({ ...named, stages: schedule })
    if (targetSynapses !== undefined) checkEnough('--epochs', asked.epochs, parts.stages)
    const decoded =
      parts.stages.length > 0
        ? { ...asked, epochs: checkedEpochs(stages ? '--stages' : '--epochs', parts.stages) }
        : asked
    const hyperparameters = settle(consistent(ablated(decoded, parts.rule, wanted), dataset.task))
    checkClassWeights(classWeights, dataset.task)
    if (start) settle(checkShapes(start.state, dataset, hyperparameters.steps, `--from ${from}`))
    const hidden = start?.state.model.facts.hidden.length ?? 0
    if (hidden > hyperparameters.maxHidden) {
      const what = `the network of ${from} has ${hidden} hidden neurons, more than ${hyperparameters.maxHidden}`
      throw new FailureError(failure('usage', '--max-hidden', what, 'Raise it, or leave it out'))
    }
    settle(checkMemory(hyperparameters, dataset, machineMemory()))
    const remarks = [...loaded.remarks, ...memoryRemarks(hyperparameters, dataset)]
    const experiment: Experiment = {
      data: loaded.name,
      files,
      ...reading,
      preset,
      seed,
      backend: backend === 'auto' ? await fastestFor(dataset, hyperparameters) : backend,
      ...parts,
      classWeights,
      weighValidation,
      from,
      input: data === '-' && environment.input ? await sha256(environment.input) : '',
      ...(targetF1 === undefined ? {} : { targetF1 }),
      hyperparameters
    }
    return { loaded: { ...loaded, remarks }, experiment, ...(start ? { start: start.state } : {}) }
  })
