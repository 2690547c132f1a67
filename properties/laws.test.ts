import * as fc from 'fast-check'
import { describe, test } from 'vitest'
import type { Tensor } from '../backends/open.js'
import { reference } from '../backends/reference.js'
import { simd } from '../backends/simd.js'
import { wasm } from '../backends/wasm.js'
import { HyperparametersCodec } from '../codecs/hyperparameters.js'
import type { Backend } from '../core/backend.js'
import { defaults } from '../core/hyperparameters.js'
import { adam } from '../core/optimiser.js'
import { apoptosis, growth, paperRule } from '../rules/paper.js'
import { alsoWhenStalled } from '../rules/stalled.js'
import { agreesWithReference, optimiserIsEntrywise } from './agreement.js'
import { checkpointRoundTrips, codecRoundTrips } from './codecs.js'
import { gradientsAreDerivatives } from './gradients.js'
import { kernelsAreTheirDefinitions } from './kernels.js'
import {
  birthsWait,
  livesAreReplayed,
  nothingIsChanged,
  populationIsBounded,
  releasedIsGone,
  tensorsAreCounted
} from './life.js'
import { competitionIsBounded, hardMasksAreThresholds } from './masks.js'
import { closedIsAbsent, deathsCompose, deathUndoesBirth, orderIsNothing, silentBirth } from './morphosis.js'
import { apoptosisIsThreshold, ruleIsFunction, verdictsAreMonoid } from './rules.js'
import { hyperparameters } from './specimen.js'
import { mlpIsGraphPerceptron } from './theorem.js'

/** How far each backend may be from the truth: MLP == GP, other outputs, one update against the reference. */
const backends = [
  {
    name: 'reference',
    backend: reference() as unknown as Backend<Tensor>,
    theorem: 1e-10,
    outputs: 1e-9,
    update: 1e-9
  },
  { name: 'simd', backend: (await simd()) as unknown as Backend<Tensor>, theorem: 1e-4, outputs: 1e-3, update: 1e-3 },
  { name: 'wasm', backend: (await wasm()) as unknown as Backend<Tensor>, theorem: 1e-4, outputs: 1e-3, update: 1e-3 }
]

/** Runs of a law; mutation tests, which run everything for each mutant, ask for fewer. */
const RUNS = Number(process.env['LAW_RUNS'] ?? 1000)
/** A test is the same each time; LAW_SEED=2 LAW_RUNS=100000 explores further. */
const SEED = Number(process.env['LAW_SEED'] ?? 1)
const LIVES = Math.ceil(RUNS / 5) // whole lives cost more

const holds = (law: fc.IAsyncProperty<unknown> | fc.IProperty<unknown>, numRuns: number = RUNS): Promise<void> =>
  Promise.resolve(fc.assert(law as fc.IAsyncProperty<unknown>, { numRuns, seed: SEED }))

for (const { name, backend: b, theorem, outputs, update } of backends) {
  describe(name, () => {
    test('an MLP is a graph perceptron', () => holds(mlpIsGraphPerceptron(b, theorem)))
    test('hard masks are thresholds of soft ones', () => holds(hardMasksAreThresholds(b)))
    test('competition is bounded, peaks at 1 / (1 + alpha) and has finite gradients', () =>
      holds(competitionIsBounded(b, name === 'reference' ? 1e-6 : 1e-5)))
    test('a closed neuron is absent', () => holds(closedIsAbsent(b, outputs)))
    test('a silent birth changes no output', () => holds(silentBirth(b, outputs)))
    test('death undoes birth', () => holds(deathUndoesBirth(b)))
    test('deaths compose', () => holds(deathsCompose(b)))
    test('the order of neurons is nothing', () => holds(orderIsNothing(b, outputs)))
    test('the population is bounded and wired as allowed', () => holds(populationIsBounded(b), LIVES))
    test('so it is with a rule of another kind', () =>
      holds(
        populationIsBounded(b, h => alsoWhenStalled(2, paperRule(h))),
        LIVES
      ))
    test('births wait', () => holds(birthsWait(b), LIVES))
    test('lives are replayed, split and stored', () => holds(livesAreReplayed(b), LIVES))
    test('nothing is changed', () => holds(nothingIsChanged(b)))
    test('tensors are counted', () => holds(tensorsAreCounted(b), LIVES))
    test('what was released is gone', () => holds(releasedIsGone(b)))
    test('kernels are their definitions', () => holds(kernelsAreTheirDefinitions(b, 1e-5), LIVES))
    test('an update agrees with the reference', () => holds(agreesWithReference(b, update)))
    test('checkpoints hold their states', () => holds(checkpointRoundTrips(b)))
    test('adam treats each entry alone', () => holds(optimiserIsEntrywise(b, adam())))
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
