/** Everything that decides a run: settings as plain data, and their codec. */
import { sha256, utf8 } from '../codecs/bytes.js'
import { HyperparametersCodec } from '../codecs/hyperparameters.js'
import type { Codec } from '../codecs/strict.js'
import { choice, list, optional, record, text, whole } from '../codecs/strict.js'
import type { BackendName } from '../backends/open.js'
import { backendNames } from '../backends/open.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { Reading } from '../data/tabular.js'
import type { PresetName } from '../estimators/presets.js'
import { presetNames } from '../estimators/presets.js'
import type { NamedParts } from './named.js'
import { checkedParts, partFields } from './named.js'

/** Where the data come from: a public data set by name, or a table's file by path, and how that is to be read. */
export interface Source extends Reading {
  readonly data: string
}

/** Codecs of how a table is to be read. */
export const readingFields: { readonly [K in keyof Reading]: Codec<Reading[K]> } = {
  target: list(text(), 10_000),
  task: choice('auto', 'classes', 'labels', 'numbers'),
  split: text(),
  categorical: list(text(), 100_000),
  ignore: list(text(), 100_000)
}

/** More epochs than a run was begun with, or fewer. */
export interface Extension {
  readonly from: number
  readonly to: number
  /** The identity of the settings until then, which older checkpoints carry. */
  readonly was: string
}

/** A run's settings, after defaults. */
export interface Experiment extends Source, NamedParts {
  readonly preset: PresetName
  readonly seed: number
  readonly backend: BackendName
  readonly hyperparameters: Hyperparameters
  /** How its number of epochs has changed since it was begun: no part of what it is. */
  readonly extended?: readonly Extension[] | undefined
}

/** The codec of config.json; its fields stand in the order of the file. */
export const ExperimentCodec: Codec<Experiment> = record<Experiment>(
  'a config',
  {
    data: text(),
    ...readingFields,
    preset: choice(...presetNames),
    seed: whole(0),
    backend: choice(...backendNames),
    ...partFields,
    hyperparameters: HyperparametersCodec,
    extended: optional(list(record<Extension>('an extension', { from: whole(1), to: whole(1), was: text(64) }), 10_000))
  },
  { split: '', categorical: [], ignore: [], ...checkedParts({}) } // runs begun before there was a choice
)

/** A run's settings as it was begun. */
export const begunAs = ({ extended, ...e }: Experiment): Experiment =>
  extended?.[0] ? { ...e, hyperparameters: { ...e.hyperparameters, epochs: extended[0].from } } : e

/** The first 8 hexadecimal digits of the SHA-256 of a config as it was begun. */
export const configHash = async (e: Experiment): Promise<string> =>
  (await sha256(utf8(JSON.stringify(begunAs(e))))).slice(0, 8)

const stem = (data: string): string =>
  (data.split(/[\\/]/).at(-1) ?? data)
    .replace(/\.[a-z]+$/i, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .slice(0, 40)

/** `<data>-<preset>-s<seed>-<hash>`, the name of a run's folder. */
export const runName = async (e: Experiment): Promise<string> =>
  `${stem(e.data)}-${e.preset}-s${e.seed}-${await configHash(e)}`
