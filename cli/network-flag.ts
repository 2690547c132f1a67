/** Which of a run's networks a command means: `RUN`, `RUN@1200`, `RUN@stage:3` or `RUN --use last`. */
import * as E from 'fp-ts/lib/Either.js'
import { choice } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import type { NetworkChoice } from '../experiments/load-model.js'
import type { RunName } from '../experiments/run-name.js'
import { flagValue } from './flag-value.js'

/** Options of the commands that take one of a run's networks. */
export interface NetworkOptions {
  readonly use?: string
}

/** The network that a name and the flag --use mean. */
export const networkChoice = ({ epoch, stage }: RunName, { use }: NetworkOptions): E.Either<Failure, NetworkChoice> =>
  use === undefined
    ? E.right({ epoch, stage })
    : E.map((used: 'best' | 'last'): NetworkChoice => ({ epoch, stage, use: used }))(
        flagValue('--use', choice('best', 'last'), use)
      )
