/** The engine of an experiment. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { OpenOptions, Tensor } from '../backends/open.js'
import { open } from '../backends/open.js'
import { attempt } from '../codecs/attempt.js'
import type { Optimiser } from '../core/learning/optimiser.js'
import { optimiserNamed } from '../core/learning/optimisers.js'
import type { State } from '../core/learning/state.js'
import type { Engine } from '../core/life/engine.js'
import { valuesOf } from '../core/network/model.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { modelNamed } from '../models/rivals.js'
import { anyStage } from '../models/stages.js'
import { ruleNamed } from '../rules/named.js'
import type { Experiment } from './experiment.js'

/** An engine on an open backend: the model, under the rule and the optimiser that the experiment names. */
export const openEngine = (
  {
    backend,
    hyperparameters: h,
    ...named
  }: Pick<Experiment, 'backend' | 'hyperparameters' | 'model' | 'rule' | 'optimiser' | 'stages'>,
  { threads = 1 }: OpenOptions = {}
): TE.TaskEither<Failure, Engine<Tensor, unknown>> =>
  attempt(async get => {
    const [model, rule] = [modelNamed(named.model), ruleNamed(named.rule)(h)]
    const optimiser = optimiserNamed(named.optimiser)
    const stages = named.stages.map(anyStage)
    return model.open(await get(open(backend, { threads })), h, rule, { optimiser, stages })
  })

/** Refuses a state whose memory is not that of the optimiser: as many matrices a parameter as it keeps. */
export const checkMoments = (
  state: State<NdArray>,
  { name, memory }: Optimiser,
  where: string
): E.Either<Failure, State<NdArray>> => {
  const odd = valuesOf<readonly NdArray[]>(state.moments).find(({ length }) => length !== memory)
  if (odd === undefined) return E.right(state)
  const what = `the state has ${odd.length} of an optimiser's matrices a parameter, ${name} keeps ${memory}`
  return E.left(failure('file', where, what, 'Go on with the optimiser that the run was begun with'))
}
