/**
 * Effects written from top to bottom: the first failure ends the steps, and comes out as the Left of the whole. At their
 * doors rooms give Either and TaskEither; inside, plain lines read better than long chains and pipes within pipes.
 */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../core/port/failure.js'
import { FailureError } from '../core/port/failure.js'

/** The Right of an Either.
 * @throws FailureError if it is a Left: inside `attempt`, or for those who prefer exceptions
 */
export const settle = <A>(either: E.Either<Failure, A>): A => {
  if (E.isLeft(either)) throw new FailureError(either.left)
  return either.right
}

/** Runs an effect and gives its Right; a Left ends the attempt. */
export type Get = <A>(effect: TE.TaskEither<Failure, A>) => Promise<A>

const get: Get = async effect => settle(await effect())

/**
 * Steps as one effect: `get` runs another effect, `settle` opens an Either, a FailureError is a failure of one's own. Any
 * other error is a bug, and stays one: it is not caught.
 * @example (await attempt(async get => (await get(attempt(async () => 2))) + 1)()).right // => 3
 */
export const attempt =
  <A>(steps: (get: Get) => Promise<A>): TE.TaskEither<Failure, A> =>
  async () => {
    try {
      return E.right(await steps(get))
    } catch (error) {
      if (error instanceof FailureError) return E.left(error.failure)
      throw error
    }
  }
