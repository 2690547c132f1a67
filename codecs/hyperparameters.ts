/** Hyperparameters from the outside: every range, every choice, by the rows of their table. */
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults, hyperparameterNames, hyperparameterRows } from '../core/network/hyperparameters.js'
import type { Codec } from './strict.js'
import { kindCodec, record } from './strict.js'

/** The codec of each hyperparameter. */
export const hyperparameterFields: { readonly [K in keyof Hyperparameters]: Codec<Hyperparameters[K]> } =
  Object.fromEntries(hyperparameterNames.map(name => [name, kindCodec(hyperparameterRows[name])])) as unknown as {
    readonly [K in keyof Hyperparameters]: Codec<Hyperparameters[K]>
  }

/** All hyperparameters; those left out take their defaults. */
export const HyperparametersCodec: Codec<Hyperparameters> = record('hyperparameters', hyperparameterFields, defaults)
