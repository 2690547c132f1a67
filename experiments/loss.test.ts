/** A run and its loss: what suits the target, and in which units its numbers are learned, at the start and later. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, expect, test } from 'vitest'
import type { Failure } from '../core/port/failure.js'
import { explain } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { plan } from './plan.js'
import type { Choices } from './plan.js'
import { begin, reopen } from './run.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-loss-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const file = join(home, 'prices.csv')
// one price in ten is absurd
writeFileSync(file, ['size,price', ...range(60).map(i => `${i}.5,${i % 10 === 3 ? 1e6 : 2 * i + 0.5}`)].join('\n'))
const right = <A>(made: E.Either<Failure, A>): A => {
  if (E.isLeft(made)) throw new Error(explain(made.left))
  return made.right
}
const planned = (loss: 'huber' | 'squared' | undefined) =>
  plan({ data: file, hyperparameters: { epochs: 2, ...(loss ? { loss } : {}) } })()

test('huber scales numbers by what outliers do not move, and a run that goes on does the same', async () => {
  const chosen = right(await planned('huber'))
  expect(chosen.experiment.hyperparameters.loss).toBe('huber')
  const { offset, factor } = chosen.loaded.dataset.preparation.targets!
  expect([offset[0]! < 100, 1 / factor[0]! < 100]).toEqual([true, true])
  await right(await begin(chosen, join(home, 'run'))()).lock?.release()
  expect(right(await reopen(join(home, 'run'))()).dataset.preparation).toEqual(chosen.loaded.dataset.preparation)
})

test('the usual loss of numbers is squared error, by mean and deviation', async () => {
  const [left, said] = [right(await planned(undefined)), right(await planned('squared'))]
  expect(left.experiment.hyperparameters.loss).toBe('squared')
  expect(left.loaded.dataset.preparation).toEqual(said.loaded.dataset.preparation)
  expect(1 / left.loaded.dataset.preparation.targets!.factor[0]!).toBeGreaterThan(100_000)
})

test.each<readonly [Choices, string]>([
  [
    { data: file, hyperparameters: { loss: 'softmax' } },
    '--loss: softmax does not suit numbers. Leave it out, or say squared or huber.'
  ],
  [
    { data: 'digits', hyperparameters: { loss: 'huber' } },
    '--loss: huber does not suit classes. Leave it out, or say softmax.'
  ],
  [
    { data: file, hyperparameters: { loss: 'hubert' as 'huber' } },
    'hyperparameters: loss must be one of softmax, sigmoid, squared, huber, not "hubert". Did you mean huber.'
  ]
])('%o is refused', async (choices, message) => {
  const made = await plan(choices)()
  expect(E.isLeft(made) && explain(made.left)).toBe(message)
})
