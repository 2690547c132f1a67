/** For tests: the laws of a backend, a test each. */
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, test } from 'vitest'
import type { BackendName } from '../backends/open.js'
import { open } from '../backends/open.js'
import { explain } from '../core/port/failure.js'
import { paperRule } from '../rules/paper.js'
import { alsoWhenStalled } from '../rules/stalled.js'
import { contract, tolerances } from './contract.js'
import { amount } from './fixed-seed.js'
import { populationIsBounded } from './life.js'

const RUNS = amount('LAW_RUNS')
const LIVES = Math.ceil(RUNS / 5) // whole lives cost more

/** Fails unless a law holds in every run. */
export const holds = async (
  law: fc.IAsyncProperty<unknown> | fc.IProperty<unknown>,
  numRuns: number = RUNS
): Promise<void> => {
  await fc.assert(law as fc.IAsyncProperty<unknown>, { numRuns })
}

/** Tests every law of a backend that can be opened here. */
export const testLaws = async (name: BackendName): Promise<void> => {
  const opened = await open(name)()
  if (E.isLeft(opened)) throw new Error(explain(opened.left))
  const b = opened.right
  describe(name, () => {
    for (const { name: what, law, lives } of contract(b, tolerances[name]))
      test(what, () => holds(law, lives ? LIVES : RUNS))
    test('the population is bounded with a rule of another kind too', () =>
      holds(
        populationIsBounded(b, h => alsoWhenStalled(2, paperRule(h))),
        LIVES
      ))
  })
}
