/** The program of a run's network, or of one that was imported. Node only. */
import { basename, resolve } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { topologyOf } from '../core/network/topology.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { programOf } from '../exports/make-program.js'
import type { Program } from '../exports/program.js'
import { isImported, readImported } from './imported.js'
import type { NetworkChoice, RunNetwork } from './load-model.js'
import { loadNetwork } from './load-model.js'

/** What of a network was of effect before constants went into biases; nothing is known of one that was imported. */
export interface OfEffect {
  readonly effectiveNeurons?: number
  readonly effectiveSynapses?: number
}

/** A network by its program, standardisation apart, and where it comes from. */
export interface LoadedProgram {
  readonly program: Program
  /** That of its folder. */
  readonly name: string
  /** Its epoch, and why this one; or that it was imported: for people. */
  readonly which: string
  readonly remarks: readonly string[]
  readonly effect: OfEffect
  /** Left out of what was imported. */
  readonly network?: RunNetwork
}

/** What of constants is in biases. */
const folded = { neurons: 'constants are in biases', synapses: 'those of constants are in biases' } as const

/** What is to be said beside a program's neurons or synapses where its network has more of effect.
 * @example foldedInWords('synapses', 2, 3) // => ' (3 of effect, those of constants are in biases)'
 */
export const foldedInWords = (what: keyof typeof folded, left: number, effective: number = left): string =>
  effective === left ? '' : ` (${effective.toLocaleString('en-US')} of effect, ${folded[what]})`

/** What a folder is called. */
export const nameOfFolder = (folder: string): string => basename(resolve(folder))

/** The program of a run's network: its standardisation, which tells inputs' weights apart, stays apart. */
export const programOfRun = ({ state, experiment, card }: RunNetwork): Program =>
  programOf(
    {
      ...{ model: state.model, hyperparameters: experiment.hyperparameters },
      ...{ features: card.features, targets: card.targets, task: card.task, preparation: card.preparation }
    },
    { inputs: false }
  )

/** Loads a network of a run, or an imported one, as a program; data are not needed for it. */
export const loadProgram = (folder: string, choice: NetworkChoice = {}): TE.TaskEither<Failure, LoadedProgram> =>
  attempt(async get => {
    const name = nameOfFolder(folder)
    if (await isImported(folder)) {
      const asked = [choice.epoch, choice.stage, choice.use].some(wish => wish !== undefined)
      if (asked) {
        const what = 'an imported network is one network: it has no epochs, stages or --use'
        throw new FailureError(failure('usage', folder, what, 'Name the folder alone'))
      }
      return { program: await get(readImported(folder)), name, which: 'its document', remarks: [], effect: {} }
    }
    const network = await get(loadNetwork(folder, choice))
    const { which, remarks, state, experiment } = network
    const { effectiveNeurons, effectiveSynapses } = topologyOf(state.model, experiment.hyperparameters)
    const effect = { effectiveNeurons, effectiveSynapses }
    return { program: programOfRun(network), name, which, remarks, network, effect }
  })
