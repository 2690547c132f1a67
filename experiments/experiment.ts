/** Everything that decides a run: settings as plain data, and their codec. */
import { sha256, utf8 } from '../codecs/bytes.js'
import { HyperparametersCodec } from '../codecs/hyperparameters.js'
import type { Codec } from '../codecs/strict.js'
import { boolean, choice, either, list, number, optional, record, text, where, whole } from '../codecs/strict.js'
import type { BackendName } from '../backends/open.js'
import { backendNames } from '../backends/open.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { DateColumn, Reading } from '../data/reading.js'
import { plainReading, scaleNames } from '../data/reading.js'
import type { PresetName } from '../estimators/presets.js'
import { presetNames } from '../estimators/presets.js'
import type { NamedParts } from './named.js'
import { checkedParts, partFields } from './named.js'

/** Where the data come from: a public data set by name, or a table's file by path, and how that is to be read. */
export interface Source extends Reading {
  /** `-` is standard input, whose bytes the run keeps. */
  readonly data: string
  /** Further files of the same columns: their rows follow. */
  readonly files: readonly string[]
}

const name: Codec<string> = text()
const names = list(name, 100_000)

/** Codecs of how a table is to be read. */
export const readingFields: { readonly [K in keyof Reading]: Codec<Reading[K]> } = {
  target: list(name, 10_000),
  task: choice('auto', 'classes', 'labels', 'numbers'),
  split: name,
  categorical: names,
  numeric: names,
  ignore: names,
  delimiter: text(20),
  encoding: text(40),
  decimal: choice('', '.', ','),
  missing: list(name, 1000),
  dates: list(record<DateColumn>('a column of dates', { column: name, format: text(100) }), 10_000),
  scale: choice('', ...scaleNames),
  dropBadTargets: boolean,
  weights: name,
  splitSeed: either<number, null>(
    whole(0),
    where('nothing', (u): u is null => u === null)
  ),
  time: name,
  group: name,
  folds: whole(0, 1000),
  fold: whole(0, 999)
}

/** A weight for the rows of a class. */
export interface ClassWeight {
  readonly class: string
  readonly weight: number
}

/** Weights by class: none, all classes alike on the training rows, or those that are named. */
export type ClassWeights = 'none' | 'balanced' | readonly ClassWeight[]

/** The codec of weights by class. */
export const ClassWeightsCodec: Codec<ClassWeights> = either<'none' | 'balanced', readonly ClassWeight[]>(
  choice('none', 'balanced'),
  list(record<ClassWeight>('a weight', { class: name, weight: number(0, 1e9) }), 10_000)
)

/** More epochs than a run was begun with, or fewer. */
export interface Extension {
  readonly from: number
  readonly to: number
  /** The identity of the settings until then, which older checkpoints carry. */
  readonly was: string
  /** The epoch that it had come to; older versions of sagp did not note it. */
  readonly at?: number | undefined
}

/** A moment of another run, from which one goes on. */
export interface Fork {
  /** The folder of that run, as it was named. */
  readonly run: string
  /** The identity of its settings as it was begun. */
  readonly identity: string
  readonly epoch: number
  /** Neurons ever born until then: those of a lower birth number are the same in both runs. */
  readonly births: number
  /** SHA-256 of the canonical bytes of the state at that moment. */
  readonly digest: string
}

/** A run's settings, after defaults. */
export interface Experiment extends Source, NamedParts {
  readonly preset: PresetName
  readonly seed: number
  readonly backend: BackendName
  /** Weights of the training rows by class. */
  readonly classWeights: ClassWeights
  /** Weighs the validation rows alike: a reading, the paper weighs nothing. */
  readonly weighValidation: boolean
  /** The run whose network this one starts from, as RUN or RUN@EPOCH; none starts from nothing. */
  readonly from: string
  /** SHA-256 of the bytes that came by standard input; nothing otherwise. */
  readonly input: string
  /** F1-micro on the validation rows that the smallest network of its stages is to keep; left out, nobody watches. */
  readonly targetF1?: number | undefined
  /** The moment that it was forked from, then the one that that run was forked from, and so on; left out of runs of their own. */
  readonly forked?: readonly Fork[] | undefined
  readonly hyperparameters: Hyperparameters
  /** How its number of epochs has changed since it was begun: no part of what it is. */
  readonly extended?: readonly Extension[] | undefined
}

/** The codec of config.json; its fields stand in the order of the file. */
export const ExperimentCodec: Codec<Experiment> = record<Experiment>(
  'a config',
  {
    data: name,
    files: list(name, 10_000),
    ...readingFields,
    preset: choice(...presetNames),
    seed: whole(0),
    backend: choice(...backendNames),
    ...partFields,
    classWeights: ClassWeightsCodec,
    weighValidation: boolean,
    from: name,
    input: text(64),
    targetF1: optional(number(0, 1)),
    forked: optional(
      list(
        record<Fork>('a fork', {
          run: name,
          identity: text(64),
          epoch: whole(0),
          births: whole(0),
          digest: text(64)
        }),
        10_000
      )
    ),
    hyperparameters: HyperparametersCodec,
    extended: optional(
      list(
        record<Extension>('an extension', { from: whole(1), to: whole(1), was: text(64), at: optional(whole(0)) }),
        10_000
      )
    )
  },
  // runs begun before there was a choice
  { files: [], ...plainReading, classWeights: 'none', weighValidation: false, from: '', input: '', ...checkedParts({}) }
)

/** A run's settings as it was begun. */
export const begunAs = ({ extended, ...e }: Experiment): Experiment =>
  extended?.[0] ? { ...e, hyperparameters: { ...e.hyperparameters, epochs: extended[0].from } } : e

/** The first 8 hexadecimal digits of the SHA-256 of a config as it was begun. */
export const configHash = async (e: Experiment): Promise<string> =>
  (await sha256(utf8(JSON.stringify(begunAs(e))))).slice(0, 8)

const stem = (data: string): string =>
  data === '-'
    ? 'stdin'
    : (data.split(/[\\/]/).at(-1) ?? data)
        .replace(/\.[a-z]+$/i, '')
        .replace(/[^A-Za-z0-9_-]+/g, '-')
        .slice(0, 40)

/** `<data>-<preset>-s<seed>-<hash>`, the name of a run's folder. */
export const runName = async (e: Experiment): Promise<string> =>
  `${stem(e.data)}-${e.preset}-s${e.seed}-${await configHash(e)}`
