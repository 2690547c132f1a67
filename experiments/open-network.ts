/** A run's network, or an imported one, open to be looked into: its inputs and outputs by the names that people know. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { explain, failure, FailureError } from '../core/port/failure.js'
import { hint } from '../core/port/nearest.js'
import type { Dataset } from '../data/dataset.js'
import type { InputGroup } from '../estimators/input-groups.js'
import { inputGroups } from '../estimators/input-groups.js'
import type { ProgramCard } from '../estimators/program.js'
import { cardOfProgram } from '../estimators/program.js'
import type { RunEnvironment } from './environment.js'
import type { NetworkChoice } from './load-model.js'
import type { LoadedProgram } from './load-program.js'
import { loadProgram } from './load-program.js'
import { sameData } from './same-data.js'

/** A network with its inputs as people know them. */
export interface OpenNetwork extends LoadedProgram {
  readonly folder: string
  readonly card: ProgramCard
  /** By column, by pixel, or by feature. */
  readonly groups: readonly InputGroup[]
}

/** Opens a network to be looked into; its data are not needed for it. */
export const openNetwork = (folder: string, choice: NetworkChoice = {}): TE.TaskEither<Failure, OpenNetwork> =>
  attempt(async get => {
    const loaded = await get(loadProgram(folder, choice))
    const { image, ...card } = loaded.network?.card ?? { ...cardOfProgram(loaded.program), image: undefined }
    return { ...loaded, folder, card, groups: inputGroups({ ...card, ...(image ? { image } : {}) }) }
  })

/** The data that a network learned from, or, for people, why they are not to be had. */
export const dataOfNetwork = async (
  { folder, network }: OpenNetwork,
  environment: RunEnvironment
): Promise<E.Either<string, Dataset>> => {
  if (!network) return E.left('an imported network comes without them')
  const loaded = await sameData(folder, network.experiment, environment)()
  return E.isLeft(loaded) ? E.left(explain(loaded.left)) : E.right(loaded.right.dataset)
}

const unknown = (flag: string, what: string, name: string, names: readonly string[]): never => {
  const known = names.length > 20 ? 'sagp inspect shows what it has' : hint(name, names)
  throw new FailureError(failure('usage', flag, `the network has no ${what} ${name}`, known))
}

/** The inputs that a name means, by number: all of a column's, or one by its own name. @throws FailureError if none is called so */
export const inputsNamed = ({ program, groups }: OpenNetwork, flag: string, name: string): readonly number[] => {
  const group = groups.find(g => g.name === name)
  if (group) return group.columns
  const features = program.inputs.map(input => input.name)
  const own = features.indexOf(name)
  return own < 0 ? unknown(flag, 'input', name, [...new Set([...groups.map(g => g.name), ...features])]) : [own]
}

/** The number of an output, 0 the first. @throws FailureError if none is called so */
export const outputNamed = ({ program: { outputs } }: OpenNetwork, flag: string, name: string): number => {
  const names = outputs.map(output => output.name)
  return names.includes(name) ? names.indexOf(name) : unknown(flag, 'output', name, names)
}
