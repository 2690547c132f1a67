/** Which of a run's networks a command means: `RUN`, `RUN@1200`, `RUN@stage:3` or `RUN --use last`. */
import * as E from 'fp-ts/lib/Either.js'
import { choice } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import type { NetworkChoice } from '../experiments/load-model.js'
import type { RunName } from '../experiments/run-name.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { flagValue } from './flag-value.js'

/** Options of the commands that take one of a run's networks; the data are needed where an epoch is trained anew. */
export interface NetworkOptions extends DataOptions {
  readonly use?: string
}

/** The network that a name and the flag --use mean. */
export const networkChoice = ({ epoch, stage }: RunName, options: NetworkOptions): E.Either<Failure, NetworkChoice> => {
  const environment = environmentOf(options)
  return options.use === undefined
    ? E.right({ epoch, stage, environment })
    : E.map((use: 'best' | 'last'): NetworkChoice => ({ epoch, stage, use, environment }))(
        flagValue('--use', choice('best', 'last'), options.use)
      )
}
