/** From a trained network to its program: what is of no effect left out, what can be folded into weights folded. */
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import type { GraphPerceptron } from '../core/network/parameters.js'
import { normAt } from '../core/network/running-norm.js'
import { effectsOf } from '../core/network/topology.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { address, uniform } from '../core/port/random.js'
import type { Task } from '../data/dataset.js'
import type { Preparation } from '../data/preparation.js'
import { compute } from './compute.js'
import type { Plain } from './folds.js'
import { foldedConstants, foldedInputs, foldedNorms } from './folds.js'
import type { Program, ProgramInput } from './program.js'
import { inOrder } from './program.js'

/** A network in use, with what stands before and after it. */
export interface TrainedNetwork {
  readonly model: GraphPerceptron<NdArray>
  readonly hyperparameters: Hyperparameters
  /** Names of the inputs. */
  readonly features: readonly string[]
  readonly task: Task
  /** The column of the classes, or those of labels or numbers. */
  readonly targets: readonly string[]
  readonly preparation: Preparation
  /** Probability from which a label, or the second of two classes, counts as given. */
  readonly threshold?: number | undefined
}

/** What is folded where that changes outputs by less than Float32's rounding does. */
export interface Folding {
  /** Standardisation into weights and biases: inputs are then given in their own units. */
  readonly inputs: boolean
  /** Neurons whose messages never change into biases of outputs. */
  readonly constants: boolean
  /** BatchNorm into weights and biases. */
  readonly norms: boolean
}

/** The program as it stands in the network: nothing is folded. */
const plainProgram = (net: TrainedNetwork): Plain => {
  const { model, hyperparameters: h, preparation, task, features, targets, threshold } = net
  const { inputs, outputs, hidden } = model.facts
  const { synapses, sent, needed } = effectsOf(model, h)
  const ends = synapses.flatMap(({ from, to }) => [from - inputs, to - outputs])
  const kept = [...new Set(ends.filter(j => j >= 0))].sort((a, b) => a - b)
  const place = new Map(kept.map((j, k) => [j, inputs + k]))
  const bias = (receiver: number): number => model.parameters.biases.data[receiver] as number
  const to = (receiver: number): number =>
    receiver < outputs ? inputs + kept.length + receiver : (place.get(receiver - outputs) as number)
  const { targets: scaled, encoding, missing = [] } = preparation
  return {
    program: {
      steps: h.steps,
      activation: h.activation,
      clampedInputs: h.clampedInputs,
      outputLoops: h.outputEnhancement,
      kind: task.kind,
      targets,
      ...(threshold === undefined ? {} : { threshold }),
      inputs: features.map((name, i) => ({
        name,
        offset: preparation.features.offset[i] as number,
        factor: preparation.features.factor[i] as number
      })),
      hidden: kept.map(j => ({
        id: hidden[j] as number,
        bias: bias(outputs + j),
        ...(h.batchNorm && h.steps > 1 ? { norms: range(h.steps - 1).map(step => normAt(model, step, j)) } : {})
      })),
      outputs: task.outputs.map((name, j) => ({
        name,
        bias: bias(j),
        offset: scaled?.offset[j] ?? 0,
        factor: scaled?.factor[j] ?? 1
      })),
      synapses: inOrder(
        synapses.map(e => ({
          from: e.from < inputs ? e.from : (place.get(e.from - inputs) as number),
          to: to(e.to),
          weight: e.weight
        }))
      ),
      ...(encoding ? { table: { encoding, missing } } : {})
    },
    sent: sent.map(step => kept.map(j => step[j])),
    needed: needed.map(step => kept.map(j => step[j] === true))
  }
}

/** Weights and biases as exports hold them. */
const rounded = (p: Program): Program => ({
  ...p,
  hidden: p.hidden.map(neuron => ({ ...neuron, bias: Math.fround(neuron.bias) })),
  outputs: p.outputs.map(output => ({ ...output, bias: Math.fround(output.bias) })),
  synapses: p.synapses.map(s => ({ ...s, weight: Math.fround(s.weight) }))
})

/** How many rows are generated, how far from the mean in deviations, and by what randomness of its own. */
const [ROWS, FAR, PURPOSE] = [64, 3, 30] as const

/** Rows as a network might be given: each number up to some deviations from its mean. */
export const generatedRows = (inputs: readonly ProgramInput[], rows: number = ROWS): NdArray => {
  const at = uniform(address(1, 0, PURPOSE), range(rows), range(inputs.length), FAR)
  const data = Float64Array.from(at, (x, k) => {
    const { offset, factor } = inputs[k % inputs.length] as ProgramInput
    return factor === 0 ? offset : offset + x / factor
  })
  return { shape: [rows, inputs.length], data }
}

/** Largest difference of outputs that a fold may make, as a share of the largest output. */
const CLOSE = 1e-6

const isClose = (z: NdArray, to: NdArray): boolean => {
  const size = Array.from(to.data).reduce((most, v) => Math.max(most, Math.abs(v)), 0)
  return z.data.every((v: number, i: number) => Math.abs(v - (to.data[i] as number)) <= CLOSE * size)
}

/** A program, after a fold if that keeps to the outputs of rows that are generated anew. */
const folded = (before: Plain, fold: (plain: Plain) => Plain, rows: NdArray, truth: NdArray): Plain => {
  const after = fold(before)
  return isClose(compute(rounded(after.program), rows), truth) ? after : before
}

/**
 * The same program with its standardisation folded into weights and biases, so that it takes numbers in their own units, if
 * its outputs stay as close as `programOf` has it; else as it was.
 */
export const withFoldedInputs = (program: Program): Program => {
  const rows = generatedRows(program.inputs)
  const truth = compute(program, rows)
  return rounded(folded({ program, sent: [], needed: [] }, foldedInputs, rows, truth).program)
}

const everything: Folding = { inputs: true, constants: true, norms: true }

/**
 * The program of a trained network. What `folding` names is folded wherever the outputs of generated rows, with weights
 * rounded to Float32, stay within 1e-6 of the largest output, and kept apart elsewhere.
 * @throws FailureError if its answers are drawn anew each time (`evaluationMasks: 'sampled'`)
 */
export const programOf = (net: TrainedNetwork, folding: Partial<Folding> = {}): Program => {
  if (net.hyperparameters.evaluationMasks === 'sampled') {
    const what = 'its masks are sampled anew for each answer: there is no one network in it'
    throw new FailureError(failure('input', 'evaluationMasks', what, 'Train it with evaluationMasks noiseless'))
  }
  const wanted = { ...everything, ...folding }
  const plain = plainProgram(net)
  const rows = generatedRows(plain.program.inputs)
  const truth = compute(plain.program, rows)
  const folds = [
    ...(wanted.constants ? [foldedConstants] : []),
    ...(wanted.norms ? [foldedNorms] : []),
    ...(wanted.inputs ? [foldedInputs] : [])
  ]
  return rounded(folds.reduce((before, fold) => folded(before, fold, rows, truth), plain).program)
}
