/** Cases whose gradients and updates PyTorch has computed: see values.py. */
import { engine } from '../../core/life/engine.js'
import { receiverNumbers, senderNumbers } from '../../core/network/anatomy.js'
import { reference } from '../../backends/reference.js'
import type { Hyperparameters } from '../../core/network/hyperparameters.js'
import { defaults } from '../../core/network/hyperparameters.js'
import type { NdArray } from '../../core/port/ndarray.js'
import { range } from '../../core/port/ndarray.js'
import { address, dropoutFactors, logistic, Purpose } from '../../core/port/random.js'
import type { State } from '../../core/learning/state.js'
import { entries, snapshot } from '../../core/learning/state.js'
import { paperRule } from '../../rules/paper.js'
import type { NetworkCase } from '../network-case.js'
import { buildCase, dataOf } from '../network-case.js'

const networkCase = (seed: number, hidden: number, h: Partial<Hyperparameters>): NetworkCase => ({
  hyperparameters: {
    ...defaults,
    initialHidden: hidden,
    maxHidden: 6,
    gamma1: 0.3,
    gamma2: 0.1,
    weightDecay: 0.01,
    ...h
  },
  inputs: 4,
  outputs: 3,
  rows: 6,
  seed,
  life: range(5).map(() => ({ _tag: 'step' }))
})

/** The network cases. */
export const networkCases: readonly NetworkCase[] = [
  networkCase(1, 4, {}),
  networkCase(2, 4, { batchNorm: true, clampedInputs: false, steps: 2 }),
  networkCase(3, 3, { outputEnhancement: true, loss: 'sigmoid', outputBias: true, activation: 'sigmoid' }),
  networkCase(4, 4, { steps: 4, activation: 'tanh', loss: 'squared', hiddenLoops: true, tau: 2, alpha: 0.5 }),
  networkCase(5, 5, { batchNorm: true, activation: 'gelu', dropout: 0.3, clipNorm: 0.05, steps: 4 }),
  networkCase(6, 0, { dropout: 0.3 }),
  networkCase(7, 4, {
    activation: 'relu',
    decayMasks: true,
    outputEnhancement: true,
    clampedInputs: false,
    hiddenDropout: 'pass',
    inputDropout: 'step',
    dropout: 0.2
  }),
  networkCase(8, 4, { loss: 'huber', outputBias: true, initialLogit: 2, newborn: 'gestated', tau: 0.5 })
]

/** A case in plain numbers: the state, the batch and the noise that PyTorch is given. */
export interface Case {
  readonly hyperparameters: Hyperparameters
  readonly updates: number
  readonly hidden: number
  readonly arrays: Readonly<Record<string, readonly (readonly number[])[]>>
  readonly inputFactors: readonly (readonly (readonly number[])[])[]
  readonly hiddenFactors: readonly (readonly (readonly number[])[])[]
}

const rows = ({ shape, data }: NdArray): readonly (readonly number[])[] =>
  range(shape[0]).map(i => Array.from(data.subarray(i * shape[1], (i + 1) * shape[1])))

/** What PyTorch is given of a network case, and the state it is of. */
export const caseOf = async (s: NetworkCase): Promise<{ readonly given: Case; readonly state: State<NdArray> }> => {
  const b = reference()
  const h = s.hyperparameters
  const living = await buildCase(b, s)
  const state = await snapshot(b, living.state)
  const data = dataOf(engine(b, h, paperRule(h)).backend, s)
  const { facts: anatomy } = state.model
  const { seed, epoch, updates } = state.clock
  const at = (purpose: number, step: number = 0): ReturnType<typeof address> =>
    address(seed, epoch, purpose, updates, step)
  const sum = data.weights.reduce((p, q) => p + q, 0)
  const matrix = (shape: readonly [number, number], values: Float32Array): readonly (readonly number[])[] =>
    rows({ shape, data: values })
  const [from, to] = [senderNumbers(anatomy), receiverNumbers(anatomy)]
  const batch = range(s.rows)
  const factors = (purpose: number, per: 'pass' | 'step', columns: readonly number[]): Case['inputFactors'] =>
    range(h.steps).map(step =>
      h.dropout === 0
        ? batch.map(() => columns.map(() => 1))
        : matrix(
            [s.rows, columns.length],
            dropoutFactors({ key: at(purpose, per === 'pass' ? 0 : step), rows: batch, columns, rate: h.dropout })
          )
    )
  const given: Case = {
    hyperparameters: h,
    updates,
    hidden: anatomy.hidden.length,
    arrays: {
      ...Object.fromEntries(entries(state).map(([path, array]) => [path, rows(array)])),
      x: rows(await b.download(data.x)),
      y: rows(await b.download(data.y)),
      w: data.weights.map(w => [w / sum]),
      synapseNoise: matrix([from.length, to.length], logistic(at(Purpose.synapse), from, to)),
      neuronNoise: matrix([1, anatomy.hidden.length], logistic(at(Purpose.neuron), [0], anatomy.hidden))
    },
    inputFactors: factors(Purpose.inputDropout, h.inputDropout, range(s.inputs)),
    hiddenFactors: factors(Purpose.hiddenDropout, h.hiddenDropout, anatomy.hidden)
  }
  return { given, state }
}
