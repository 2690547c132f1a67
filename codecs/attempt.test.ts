import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { failure, FailureError } from '../core/port/failure.js'
import { attempt, settle } from './attempt.js'

const broken = failure('file', 'a.csv', 'it is empty', 'Give rows')

describe('an attempt', () => {
  test('gives what its steps give, each of them run once and in order', async () => {
    const log: string[] = []
    const step = (name: string): TE.TaskEither<never, string> =>
      TE.fromIO(() => {
        log.push(name)
        return name
      })
    const steps = attempt(async get => [await get(step('first')), settle(E.right('pure')), await get(step('last'))])
    expect(log).toEqual([])
    expect(await steps()).toEqual(E.right(['first', 'pure', 'last']))
    expect(log).toEqual(['first', 'last'])
  })
  test('ends at the first failure, whether of an effect, of an Either or of its own', async () => {
    const log: string[] = []
    const past = (value: string): void => void log.push(value)
    const left: E.Either<typeof broken, string> = E.left(broken)
    const failing = [
      attempt(async get => past(await get(TE.fromEither(left)))),
      attempt(async get => past(settle(left) + (await get(TE.right('late'))))),
      attempt(() => Promise.reject(new FailureError(broken))),
      attempt(async get => past(await get(attempt<string>(() => Promise.reject(new FailureError(broken))))))
    ]
    for (const steps of failing) expect(await steps()).toEqual(left)
    expect(log).toEqual([])
  })
  test('leaves a bug a bug', async () => {
    await expect(attempt(() => Promise.reject(new TypeError('a bug')))()).rejects.toThrow(TypeError)
  })
})

test('settling a Left throws its failure, explained', () => {
  expect(() => settle(E.left(broken))).toThrow('a.csv: it is empty. Give rows.')
})
