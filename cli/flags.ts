/** Every hyperparameter as a flag. */
import type { Command } from 'commander'
import { Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { hyperparameterFields } from '../codecs/hyperparameters.js'
import type { Codec } from '../codecs/strict.js'
import { decode } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import type { HyperparameterRow, Hyperparameters } from '../core/network/hyperparameters.js'
import { hyperparameterNames, hyperparameterRows } from '../core/network/hyperparameters.js'
import { meaningOf } from '../core/network/meanings.js'
import type { SomeHyperparameters } from '../experiments/plan.js'

/** The flag of a hyperparameter. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`

/** What is said of a flag that means `meaning`; choices stand here, where the help can break them into lines. */
const helpOf = (name: keyof Hyperparameters, meaning: string): string => {
  const row: HyperparameterRow = hyperparameterRows[name]
  const choices = 'of' in row ? ` (${row.of.slice(0, -1).join(', ')} or ${row.of.at(-1)})` : ''
  return meaning + choices + (row.default === true ? ` (or --no-${flagOf(name).slice(2)})` : '')
}

/** Adds a flag for each hyperparameter, some of other `meanings` here; what they stand at is the preset's business. */
export const addHyperparameters = (
  command: Command,
  meanings: { readonly [K in keyof Hyperparameters]?: string } = {}
): Command => {
  for (const name of hyperparameterNames) {
    const [flag, row] = [flagOf(name), hyperparameterRows[name]]
    const help = helpOf(name, meanings[name] ?? meaningOf(name))
    const group = 'Hyperparameters (where left out, the preset decides):'
    if (typeof row.default === 'boolean') {
      command.addOption(new Option(flag, help).helpGroup(group))
      command.addOption(new Option(`--no-${flag.slice(2)}`, `without it`).hideHelp())
    } else {
      const value = 'of' in row ? 'name' : 'number'
      command.addOption(new Option(`${flag} <${value}>`, help).helpGroup(group))
    }
  }
  return command
}

const valueOf = (name: keyof Hyperparameters, raw: unknown): unknown =>
  typeof hyperparameterRows[name].default === 'number' &&
  typeof raw === 'string' &&
  raw.trim() !== '' &&
  Number.isFinite(Number(raw))
    ? Number(raw)
    : raw

/** The hyperparameters among a command's options; a value that does not fit is named by its flag. */
export const hyperparametersFrom = (
  options: Readonly<Record<string, unknown>>
): E.Either<Failure, SomeHyperparameters> => {
  const chosen: Record<string, unknown> = {}
  for (const name of hyperparameterNames) {
    if (options[name] === undefined) continue
    const made = decode(hyperparameterFields[name] as Codec<unknown>, flagOf(name))(valueOf(name, options[name]))
    if (E.isLeft(made)) return E.left({ ...made.left, kind: 'usage', what: made.left.what.replace(/^it /, '') })
    chosen[name] = made.right
  }
  return E.right(chosen)
}
