/** A look inside a run's network, or an imported one: which inputs matter, its neurons, its strongest paths. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { importanceOf } from '../estimators/importance.js'
import type { Inspection } from '../estimators/inspection.js'
import { inspectionOf } from '../estimators/inspection.js'
import { neuronsOf } from '../exports/graphs/neurons.js'
import type { Path } from '../exports/look/strongest-paths.js'
import { strongestPaths } from '../exports/look/strongest-paths.js'
import { openEngine } from './engine.js'
import type { RunEnvironment } from './environment.js'
import type { OfEffect } from './load-program.js'
import type { OpenNetwork } from './open-network.js'
import { dataOfNetwork, inputsNamed, outputNamed } from './open-network.js'

/** What a look inside shows, and what is missing in it. */
export interface Inspected extends Inspection, OfEffect {
  readonly remarks: readonly string[]
}

/** Inputs, outputs and neurons of a network; inputs are permuted where the run's data are to be had, with its seed's noise. */
export const inspectNetwork = (
  opened: OpenNetwork,
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, Inspected> =>
  attempt(async get => {
    const { program, groups, network, effect } = opened
    const data = await dataOfNetwork(opened, environment)
    if (E.isLeft(data) || !network) {
      const why = E.isLeft(data) ? `: ${data.left}` : ''
      return { ...inspectionOf(program, groups), ...effect, remarks: [`ranked by paths alone, without the data${why}`] }
    }
    const engine = await get(openEngine(network.experiment, environment))
    const { onProgress } = environment
    const permuted = await importanceOf(engine, network.state, data.right, {
      seed: network.experiment.seed,
      onInput: onProgress && ((done, total) => onProgress({ what: 'which inputs matter', done, total }))
    })
    return { ...inspectionOf(program, groups, permuted), ...effect, remarks: [] }
  })

/** A path by the names of its neurons. */
export interface NamedPath extends Omit<Path, 'neurons'> {
  readonly neurons: readonly string[]
}

/** Between what paths are wanted, by name, and how many at most; from any input, or to any output, if left out. */
export interface PathsWanted {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly most: number
}

/** The strongest paths of a network; a column stands for all of its inputs. @throws FailureError if it has no such input or output */
export const pathsOfNetwork = (opened: OpenNetwork, { from, to, most }: PathsWanted): readonly NamedPath[] => {
  const { program } = opened
  const neurons = neuronsOf(program)
  const paths = strongestPaths(program, {
    from: from === undefined ? range(program.inputs.length) : inputsNamed(opened, '--from', from),
    to: to === undefined ? range(program.outputs.length) : [outputNamed(opened, '--to', to)],
    most
  })
  return paths.map(path => ({ ...path, neurons: path.neurons.map(n => neurons[n]?.name ?? '') }))
}
