/** Two networks of runs beside each other: two moments of one, a run and its fork, or two that have nothing in common. Node only. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { digest } from '../codecs/checkpoint.js'
import { hyperparameterNames } from '../core/network/hyperparameters.js'
import type { Failure } from '../core/port/failure.js'
import type { ComparedNetwork, Difference } from '../exports/look/difference.js'
import { difference } from '../exports/look/difference.js'
import type { Metrics } from '../estimators/trajectory.js'
import type { Experiment, Fork } from './experiment.js'
import type { NetworkChoice, RunNetwork } from './load-model.js'
import { loadNetwork } from './load-model.js'
import { readSettings, readTrajectory } from './run-folder.js'

/** A setting that two runs have not alike, as plain data. */
export interface SettingChange {
  readonly setting: string
  readonly before: unknown
  readonly after: unknown
}

/** One of the two. */
export interface ComparedRun {
  readonly run: string
  readonly epoch: number
  /** Neurons ever born until then. */
  readonly births: number
  readonly digest: string
  /** On the validation rows after that epoch, as its trajectory has it; none of the first epoch, and where it lacks the line. */
  readonly validation: Metrics
}

/** What differs between two networks of runs. */
export interface RunDifference extends Difference {
  readonly of: readonly [before: ComparedRun, after: ComparedRun]
  /** The last epoch that both have in common, and the neurons ever born until then; left out where there is none. */
  readonly parted?: { readonly epoch: number; readonly births: number }
  /** Whether both were trained on the same rows with the same columns. */
  readonly sameData: boolean
  readonly settings: readonly SettingChange[]
}

/** Which network of which run. */
export interface RunChoice {
  readonly folder: string
  readonly choice?: NetworkChoice
}

interface Loaded extends RunNetwork {
  readonly folder: string
  /** Its moments, newest first: its own, then those that it was forked from. */
  readonly past: readonly Pick<Fork, 'identity' | 'epoch' | 'births'>[]
}

const loaded = ({ folder, choice }: RunChoice): TE.TaskEither<Failure, Loaded> =>
  attempt(async get => {
    const network = await get(loadNetwork(folder, choice))
    const { experiment, identity } = await get(readSettings(folder))
    const { clock, model } = network.state
    const own = {
      identity: experiment.extended?.[0]?.was ?? identity,
      epoch: clock.epoch,
      births: model.facts.births
    }
    return { ...network, folder, past: [own, ...(experiment.forked ?? [])] }
  })

/** The newest moment that two pasts have in common. */
const partedAt = (a: Loaded['past'], b: Loaded['past']): RunDifference['parted'] => {
  for (const mine of a) {
    const theirs = b.find(({ identity }) => identity === mine.identity)
    if (theirs) {
      const { epoch, births } = theirs.epoch < mine.epoch ? theirs : mine
      return { epoch, births }
    }
  }
  return undefined
}

/** Settings by name: hyperparameters by their own, what names a value of the library by what it is, but for the stages. */
const settingsOf = ({
  hyperparameters,
  extended: _,
  forked: __,
  stages: ___,
  ...rest
}: Experiment): ReadonlyMap<string, unknown> =>
  new Map<string, unknown>([
    ...Object.entries(rest),
    ...hyperparameterNames.map(name => [name, hyperparameters[name]] as const)
  ])

const changesBetween = (
  were: ReadonlyMap<string, unknown>,
  are: ReadonlyMap<string, unknown>
): readonly SettingChange[] =>
  [...new Set([...were.keys(), ...are.keys()])].flatMap(setting => {
    const [before, after] = [were.get(setting) ?? null, are.get(setting) ?? null]
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ setting, before, after }]
  })

/** Numbers from 1 on as people count them: `1`, `2 to 5`. */
const spanOf = (places: readonly number[]): string => {
  const [first = 0, last = first] = [places[0], places.at(-1)]
  if (last - first + 1 !== places.length) return places.map(place => place + 1).join(', ')
  return first === last ? String(first + 1) : `${first + 1} to ${last + 1}`
}

/** What differs of stages: setting by setting where both have as many of the same names, alike ones told once; else whole. */
const stageChanges = (a: Experiment['stages'], b: Experiment['stages']): readonly SettingChange[] => {
  const names = (stages: Experiment['stages']): string => stages.map(({ name }) => name).join()
  if (names(a) !== names(b)) return [{ setting: 'stages', before: a, after: b }]
  const flat = ({ with: differing = {}, ...stage }: Experiment['stages'][number]): ReadonlyMap<string, unknown> =>
    new Map(Object.entries({ ...stage, ...differing }))
  const found = new Map<string, { readonly change: SettingChange; readonly places: number[] }>()
  a.forEach((stage, i) => {
    for (const change of changesBetween(flat(stage), flat(b[i] as Experiment['stages'][number]))) {
      const key = JSON.stringify(change)
      const known = found.get(key) ?? { change, places: [] }
      known.places.push(i)
      found.set(key, known)
    }
  })
  return [...found.values()].map(({ change, places }) => ({
    ...change,
    setting: `${change.setting} of stage ${spanOf(places)}`
  }))
}

/** Settings that two runs have not alike, in the order of config.json; then those of stages. */
export const settingChanges = (a: Experiment, b: Experiment): readonly SettingChange[] => [
  ...changesBetween(settingsOf(a), settingsOf(b)),
  ...stageChanges(a.stages, b.stages)
]

const toCompare = ({ state, experiment, card }: Loaded): ComparedNetwork => ({
  model: state.model,
  hyperparameters: experiment.hyperparameters,
  features: card.features,
  outputs: card.task.outputs
})

const comparedRun = ({ folder, state }: Loaded): TE.TaskEither<Failure, ComparedRun> =>
  attempt(async get => {
    const { epoch } = state.clock
    const line = (await get(readTrajectory(folder, epoch))).find(l => l.epoch === epoch)
    const { births } = state.model.facts
    return { run: folder, epoch, births, digest: await digest(state), validation: line?.metrics ?? {} }
  })

/** What differs between two networks of runs; their data are not needed for it, unless an epoch is to be trained anew. */
export const compareRuns = (first: RunChoice, second: RunChoice): TE.TaskEither<Failure, RunDifference> =>
  attempt(async get => {
    const [a, b] = [await get(loaded(first)), await get(loaded(second))]
    const parted = partedAt(a.past, b.past)
    return {
      of: [await get(comparedRun(a)), await get(comparedRun(b))],
      ...(parted ? { parted } : {}),
      sameData: a.card.fingerprint === b.card.fingerprint,
      settings: settingChanges(a.experiment, b.experiment),
      ...difference(toCompare(a), toCompare(b), parted?.births)
    }
  })
