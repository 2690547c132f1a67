import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, test } from 'vitest'
import type { BackendName } from '../backends/open.js'
import { open } from '../backends/open.js'
import { reference } from '../backends/reference.js'
import { HyperparametersCodec } from '../codecs/hyperparameters.js'
import { explain } from '../core/port/failure.js'
import { defaults } from '../core/network/hyperparameters.js'
import { apoptosis, growth, paperRule } from '../rules/paper.js'
import { alsoWhenStalled } from '../rules/stalled.js'
import { codecRoundTrips } from './codecs.js'
import { contract, tolerances } from './contract.js'
import { gradientsAreDerivatives } from './gradients.js'
import { populationIsBounded } from './life.js'
import { apoptosisIsThreshold, ruleIsFunction, verdictsAreMonoid } from './rules.js'
import { hyperparameters } from './network-case.js'

/** Those that are always there; `npm run contract -- NAME` asks for another. */
const names = (process.env['CONTRACT']?.split(',') ?? ['reference', 'simd', 'wasm']) as readonly BackendName[]

/** Runs of a law; mutation tests, which run everything for each mutant, ask for fewer. */
const RUNS = Number(process.env['LAW_RUNS'] ?? 1000)
/** A test is the same each time; LAW_SEED=2 LAW_RUNS=100000 explores further. */
const SEED = Number(process.env['LAW_SEED'] ?? 1)
const LIVES = Math.ceil(RUNS / 5) // whole lives cost more

const holds = (law: fc.IAsyncProperty<unknown> | fc.IProperty<unknown>, numRuns: number = RUNS): Promise<void> =>
  Promise.resolve(fc.assert(law as fc.IAsyncProperty<unknown>, { numRuns, seed: SEED }))

for (const name of names) {
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

test('gradients are derivatives', () => holds(gradientsAreDerivatives(reference())))
test('verdicts are a monoid', () => holds(verdictsAreMonoid()))
test('rules are functions', async () => {
  await holds(ruleIsFunction(apoptosis(0.5)))
  await holds(ruleIsFunction(growth(3, 20)))
  await holds(ruleIsFunction(alsoWhenStalled(5, growth(3, 20))))
})
test('apoptosis is a threshold', () => holds(apoptosisIsThreshold(apoptosis)))
test('a rule of ours is a rule like any other', () => holds(ruleIsFunction(paperRule({ ...defaults, beta: 0.9 }))))
test('hyperparameters round-trip', () => holds(codecRoundTrips(HyperparametersCodec, hyperparameters)))
