/** The engine of an experiment. Node only. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { OpenOptions, Tensor } from '../backends/open.js'
import { open } from '../backends/open.js'
import type { Engine } from '../core/life/engine.js'
import { engine } from '../core/life/engine.js'
import type { Failure } from '../core/port/failure.js'
import { paperRule } from '../rules/paper.js'
import type { Experiment } from './experiment.js'

/** An engine on an open backend. */
export const openEngine = (
  { backend, hyperparameters }: Pick<Experiment, 'backend' | 'hyperparameters'>,
  options: OpenOptions = {}
): TE.TaskEither<Failure, Engine<Tensor>> =>
  pipe(
    open(backend, options),
    TE.map(b => engine(b, hyperparameters, paperRule(hyperparameters)))
  )
