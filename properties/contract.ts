/** What a backend must do: every law that takes one, with the tolerances that it is held to. */
import type * as fc from 'fast-check'
import type { BackendName } from '../backends/open.js'
import type { Backend } from '../core/port/backend.js'
import { areDefinitions } from '../core/port/kernels.js'
import { adam } from '../core/learning/adam.js'
import { sgd } from '../core/learning/sgd.js'
import { agreesWithReference, decayOnlyIsUpdates, optimiserIsEntrywise } from './agreement.js'
import { checkpointRoundTrips } from './codecs.js'
import { kernelsAreTheirDefinitions } from './kernels.js'
import {
  birthsWait,
  livesAreReplayed,
  nothingIsChanged,
  populationIsBounded,
  releasedIsGone,
  tensorsAreCounted
} from './life.js'
import { listsAreTheirDefinitions } from './lists.js'
import { operationsAgreeWithReference } from './operations.js'
import { competitionIsBounded, hardMasksAreThresholds } from './masks.js'
import { closedIsAbsent, deathsCompose, deathUndoesBirth, orderIsNothing, silentBirth } from './morphosis.js'
import { programIsNetwork } from './program.js'
import { normsAreNotCut, partsAreTheWhole } from './parts.js'
import {
  budgetIsMet,
  closingChangesNoOutput,
  consolidatingChangesNoMask,
  contestsGoOn,
  stagesCompose
} from './stages.js'
import { mlpIsGraphPerceptron } from './theorem.js'

/** How far a backend may be from the truth. */
export interface Tolerance {
  /** Outputs of an MLP and its graph perceptron. */
  readonly theorem: number
  /** Outputs that should be the same. */
  readonly outputs: number
  /** Parameters after one update, against the Float64 reference, and in parts against all rows at once. */
  readonly update: number
  /** The competition's bounds. */
  readonly competition: number
  /** Operations against the Float64 reference, fused kernels against their definitions. */
  readonly kernels: number
  /** Outputs of a network's program, as a share of the largest. */
  readonly program: number
  /** Whether numbers below 2^-126 stay what they are, or count as 0. */
  readonly subnormal: 'kept' | 'zero'
}

const float32: Tolerance = {
  theorem: 1e-4,
  outputs: 1e-3,
  update: 1e-3,
  competition: 1e-5,
  kernels: 1e-5,
  program: 1e-5,
  subnormal: 'kept'
}

/** The tolerances of all backends, in one table. */
export const tolerances: Readonly<Record<BackendName, Tolerance>> = {
  reference: {
    ...float32,
    theorem: 1e-10,
    outputs: 1e-9,
    update: 1e-9,
    competition: 1e-6
  },
  simd: float32,
  wasm: float32,
  node: { ...float32, subnormal: 'zero' },
  cuda: { ...float32, subnormal: 'zero' },
  // exp and tanh of graphics drivers are good to fewer bits
  webgpu: {
    theorem: 1e-3,
    outputs: 1e-3,
    update: 1e-3,
    competition: 1e-4,
    kernels: 1e-4,
    program: 1e-3,
    subnormal: 'zero'
  }
}

/** A law, and whether it lives whole lives, which cost more than single updates. */
export interface Clause {
  readonly name: string
  readonly law: fc.IAsyncProperty<unknown>
  readonly lives: boolean
}

/** Whether a backend puts a kernel in the place of at least one definition. */
const fuses = <T>(b: Backend<T>): boolean => !areDefinitions(b.kernels)

/** Whether a backend is another one than the judge. */
const judged = <T>(b: Backend<T>): boolean => fuses(b) || b.name !== 'reference'

/** All laws of a backend, but for those that would compare it with itself: run each with fast-check's `assert`. */
export const contract = <T>(b: Backend<T>, t: Tolerance): readonly Clause[] => {
  const clause = (
    name: string,
    law: fc.IAsyncProperty<unknown>,
    { lives = false, when = () => true }: { readonly lives?: boolean; readonly when?: (b: Backend<T>) => boolean } = {}
  ): readonly Clause[] => (when(b) ? [{ name, law, lives }] : [])
  const lives = true
  return [
    clause('an MLP is a graph perceptron', mlpIsGraphPerceptron(b, t.theorem)),
    clause('hard masks are thresholds of soft ones', hardMasksAreThresholds(b, t.subnormal)),
    clause(
      'competition is bounded, peaks at 1 / (1 + alpha) and has finite gradients',
      competitionIsBounded(b, t.competition)
    ),
    clause('a closed neuron is absent', closedIsAbsent(b, t.outputs)),
    clause('a silent birth changes no output', silentBirth(b, t.outputs)),
    clause('death undoes birth', deathUndoesBirth(b)),
    clause('deaths compose', deathsCompose(b)),
    clause('the order of neurons is nothing', orderIsNothing(b, t.outputs)),
    clause('the population is bounded and wired as allowed', populationIsBounded(b), { lives }),
    clause('births wait', birthsWait(b), { lives }),
    clause('lives are replayed, split and stored', livesAreReplayed(b), { lives }),
    clause('a consolidating life changes no mask', consolidatingChangesNoMask(b), { lives }),
    clause('a number of synapses is met', budgetIsMet(b)),
    clause('closing changes no output', closingChangesNoOutput(b, t.outputs)),
    clause('stages compose, and are stored at any epoch', stagesCompose(b), { lives }),
    clause('contests go on over a life, and are stored at any epoch', contestsGoOn(b), { lives }),
    clause('nothing is changed', nothingIsChanged(b)),
    clause('tensors are counted', tensorsAreCounted(b), { lives }),
    clause('what was released is gone', releasedIsGone(b)),
    clause('operations agree with the reference', operationsAgreeWithReference(b, t.kernels), { when: judged }),
    clause('kernels are their definitions', kernelsAreTheirDefinitions(b, t.kernels), { lives, when: fuses }),
    clause('products by lists are their definitions', listsAreTheirDefinitions(b, t.kernels), { when: fuses }),
    clause('an update agrees with the reference', agreesWithReference(b, t.update), { when: judged }),
    clause('parts are the whole', partsAreTheWhole(b, t.update), { lives }),
    clause('what BatchNorm ties together is not cut', normsAreNotCut(b), { lives }),
    clause('a program is its network, whatever is folded', programIsNetwork(b, t.program)),
    clause('checkpoints hold their states', checkpointRoundTrips(b)),
    ...[adam(), sgd()].flatMap(optimiser => [
      clause(`${optimiser.name} treats each entry alone`, optimiserIsEntrywise(b, optimiser)),
      clause(`${optimiser.name}'s decay alone is updates with gradient 0`, decayOnlyIsUpdates(b, optimiser))
    ])
  ].flat(2)
}
